"""An archive file without some of its records; all others byte for byte as they were.

The copy has a name of its own, so that no name ever stands for two contents. The record that opens
the file is kept too, and goes on naming the file that it was written for.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive.errors import disk_refuses
from newscrawl.archive.layout import SUFFIX
from newscrawl.archive.members import Member, members
from newscrawl.archive.stored import RecordHead, StoredRecord, verified
from newscrawl.durable import sync

UNFINISHED = ".rewriting"
"""Added to the name of a copy while it is written."""

Unwanted = Callable[[StoredRecord], bool]
"""Whether a record is to go; asked of a response before its request."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of the records of a file."""

    moved: Mapping[str, int]
    """By record id, where each that is kept begins in the copy."""
    dropped: tuple[RecordHead, ...]


def fresh_name(path: str) -> str:
    """A name for a copy of the file `path`, of the same folder and time."""
    start = path[: -len(SUFFIX)].rpartition("-")[0]
    return f"{start}-{secrets.token_hex(4)}{SUFFIX}"


def dropped_members(path: Path, unwanted: Unwanted) -> Iterator[tuple[RecordHead, bytes]]:
    """The records that a copy would lack, with their bytes as they are stored, each a gzip member.

    Raise DamagedArchive.
    """
    with path.open("rb") as file:
        for member, record, goes in _judged(path, unwanted):
            if goes:
                yield record.head, _stored(file.fileno(), member)


def rewrite(path: Path, fresh: Path, unwanted: Unwanted) -> Rewritten:
    """Write the copy, durably, under the name `fresh`; the file itself stays as it is.

    What an interrupted call has left is written over. Raise DamagedArchive where the file is not
    sound, ArchiveError where the disk refuses.
    """
    unfinished = fresh.with_name(fresh.name + UNFINISHED)
    moved: dict[str, int] = {}
    dropped: list[RecordHead] = []
    try:
        with path.open("rb") as source, unfinished.open("wb") as copy:
            for member, record, goes in _judged(path, unwanted):
                if goes:
                    dropped.append(record.head)
                else:
                    moved[record.record_id] = copy.tell()
                    copy.write(_stored(source.fileno(), member))
        sync(unfinished)
        unfinished.rename(fresh)
        sync(fresh.parent)
    except OSError as error:
        raise disk_refuses(fresh, error) from error
    return Rewritten(moved, tuple(dropped))


def discard(path: Path) -> None:
    """Remove a file and what was begun of it, durably; nothing where there is none."""
    for each in (path, path.with_name(path.name + UNFINISHED)):
        each.unlink(missing_ok=True)
    sync(path.parent)


def _judged(path: Path, unwanted: Unwanted) -> Iterator[tuple[Member, StoredRecord, bool]]:
    """Every record, and whether it goes: with a response its request, wherever that stands."""
    gone: set[str] = set()
    for member in members(path):
        record = verified(member)
        goes = record.concurrent_to in gone if record.concurrent_to else unwanted(record)
        if goes:
            gone.add(record.record_id)
        yield member, record, goes


def _stored(descriptor: int, member: Member) -> bytes:
    return os.pread(descriptor, member.length, member.offset)
