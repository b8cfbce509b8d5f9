"""Reading the archive: a snapshot at its place, or every record of a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

from newscrawl.archive.errors import DamagedArchive, Problem
from newscrawl.archive.layout import FILE, archive_files, unfinished
from newscrawl.archive.members import members
from newscrawl.archive.stored import RecordHead, StoredRecord, verified
from newscrawl.items import Snapshot

__all__ = [
    "RecordHead",
    "StoredRecord",
    "archive_files",
    "capture_end",
    "iterate",
    "locate",
    "read_record",
    "read_snapshot",
]


def iterate(path: Path) -> Iterator[StoredRecord]:
    """Every record of the file, its digests checked, at most 33 MiB in memory at a time.

    Raise DamagedArchive at the first record that is not whole.
    """
    return map(verified, members(path))


def read_record(root: Path, path: str, offset: int) -> StoredRecord:
    """The record at `offset` of the file `path` below `root`, finished or not.

    Raise DamagedArchive where there is none, or it is not whole.
    """
    return _read(root, path, offset, 1)[0]


def read_snapshot(root: Path, path: str, offset: int) -> Snapshot:
    """The snapshot whose response record lies there, with the request that led to it.

    The archive knows one address of an answer: `requested_url` is `url` here, the catalogue
    has the other. Raise DamagedArchive where there is no whole response record.
    """
    response, *following = _read(root, path, offset, 2)
    if response.status is None:
        what = f"a {response.type} record where a response should be"
        raise DamagedArchive(Problem(root / path, offset, response.record_id, what))
    request = next((each for each in following if each.concurrent_to == response.record_id), None)
    return Snapshot(
        record_id=response.record_id,
        requested_url=response.url,
        url=response.url,
        captured_at=response.date,
        status=response.status,
        headers=response.headers,
        body=response.payload,
        method=request.first_line.split()[0] if request else "GET",
        request_headers=request.headers if request else (),
    )


def capture_end(root: Path, path: str, offset: int) -> int:
    """Where the capture that begins there ends, its request included.

    What follows it may be half written. Raise DamagedArchive where there is no whole record.
    """
    with closing(members(locate(root, path, offset), offset)) as found:
        records = map(verified, found)
        first = _next(records, root / path, offset)
        with suppress(DamagedArchive):
            for following in islice(records, 1):
                if following.concurrent_to == first.record_id:
                    return following.offset + following.length
        return first.offset + first.length


def _next(records: Iterator[StoredRecord], path: Path, offset: int) -> StoredRecord:
    for record in records:
        return record
    raise DamagedArchive(Problem(path, offset, None, "the file ends before"))


def _read(root: Path, path: str, offset: int, count: int) -> list[StoredRecord]:
    """At least one and at most `count` records from `offset` on."""
    with closing(members(locate(root, path, offset), offset)) as found:
        records = map(verified, found)
        return [_next(records, root / path, offset), *islice(records, count - 1)]


def locate(root: Path, path: str, offset: int = 0) -> Path:
    """The file `path` below `root`, finished or not. Raise DamagedArchive where there is none."""
    final = root / path
    # Looked for twice under its final name: it may be renamed between the first two looks.
    candidates = (final, unfinished(final), final) if FILE.fullmatch(path) else ()
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise DamagedArchive(Problem(final, offset, None, "there is no such archive file"))
