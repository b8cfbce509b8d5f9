"""What can be written: each format by its name and the end of its files' names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from newscrawl.archive.copying import Copying
from newscrawl.archive.wacz import write_wacz
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.outgoing import Outgoing
from newscrawl.errors import UsageError
from newscrawl.export.pages import pages
from newscrawl.export.parquet import require_parquet, write_parquet
from newscrawl.export.policing import Allowed
from newscrawl.export.rows import row
from newscrawl.export.tables import write_csv, write_json


@dataclass(frozen=True, slots=True)
class Job:
    """What a format needs beside the versions."""

    catalogue: Catalogue
    upto: int
    """The number of the newest capture that is of the state that is exported."""
    archive: Path
    """The archive's root."""
    room: Path
    """A directory for what does not fit into memory."""
    allowed: Allowed
    about: Mapping[str, Any]
    """title, description and what was asked for: stands in the file where it has a place."""
    name: str
    """Of the file."""
    bom: bool = True


Goods: TypeAlias = Iterable[Outgoing]
Write: TypeAlias = Callable[[BinaryIO, Goods, Job], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A way of writing versions."""

    name: str
    ends: tuple[str, ...]
    """How the names of such files end."""
    write: Write
    whole_pages: bool = False
    """It carries the pages as they were captured, and so needs the policy `full`."""
    require: Callable[[], None] = lambda: None
    """Raises NewscrawlError where something is missing that it needs."""


def _jsonl(file: BinaryIO, goods: Goods, job: Job) -> None:
    write_json(file, (row(each, job.allowed) for each in goods))


def _csv(file: BinaryIO, goods: Goods, job: Job) -> None:
    write_csv(file, (row(each, job.allowed) for each in goods), bom=job.bom)


def _parquet(file: BinaryIO, goods: Goods, job: Job) -> None:
    write_parquet(file, (row(each, job.allowed) for each in goods), job.about)


def _warc(file: BinaryIO, goods: Goods, job: Job) -> None:
    copying = Copying(job.archive, file, job.name, job.about["description"])
    for page in pages(job.catalogue, goods, job.upto):
        for _copied in copying.add(page.places):
            pass


def _wacz(file: BinaryIO, goods: Goods, job: Job) -> None:
    write_wacz(file, job.archive, pages(job.catalogue, goods, job.upto), job.room, job.about)


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("wacz", (".wacz",), _wacz, whole_pages=True),
        Format("warc", (".warc.gz",), _warc, whole_pages=True),
        Format("jsonl", (".jsonl", ".ndjson"), _jsonl),
        Format("parquet", (".parquet",), _parquet, require=require_parquet),
        Format("csv", (".csv",), _csv),
    )
}


def format_of(name: str | None, path: Path) -> Format:
    """The format of a name, or of a file without one. Raises UsageError."""
    if name is not None:
        if name in FORMATS:
            return FORMATS[name]
        raise UsageError(f"--format {name}: must be one of {', '.join(FORMATS)}")
    for each in FORMATS.values():
        if path.name.lower().endswith(each.ends):
            return each
    ends = " ".join(end for each in FORMATS.values() for end in each.ends)
    raise UsageError(f"{path}: its name tells no format: end it in one of {ends}, or use --format")
