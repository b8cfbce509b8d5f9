"""Captures copied out of the archive, byte for byte: what an export carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from newscrawl.archive.errors import ArchiveError, DamagedArchive, Problem
from newscrawl.archive.members import Member, members
from newscrawl.archive.reader import locate
from newscrawl.archive.records import encode_warcinfo
from newscrawl.archive.stored import StoredRecord, verified

PART_OF = "an export of newscrawl"


class Sink(Protocol):
    """What is written from its beginning to its end."""

    def write(self, data: bytes, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Page:
    """A page that goes out, with what it needs."""

    id: str
    url: str
    """As its own record has it."""
    captured_at: str
    """ISO 8601, UTC."""
    title: str
    text: str
    places: tuple[tuple[str, int], ...]
    """Where its captures lie: path below the archive's root and offset, its own first."""


class Copied(NamedTuple):
    """A record in its new place."""

    record: StoredRecord
    offset: int
    """Bytes from the start of the new file."""


class Copying:
    """A new WARC file that is written from the beginning, its own warcinfo record first."""

    def __init__(self, root: Path, file: Sink, name: str, description: str) -> None:
        """`root`: the archive's. `name`: what the new file is called."""
        self._root, self._file = root, file
        self._file.write(info := encode_warcinfo(PART_OF, name, description))
        self.size = len(info)
        self.records = 0

    def add(self, places: Iterable[tuple[str, int]]) -> Iterator[Copied]:
        """Append the captures that lie there, each with its request.

        Raise DamagedArchive where one is not whole, ArchiveError where it cannot be read.
        """
        for path, offset in places:
            for record, stored in _capture(self._root, path, offset):
                self._file.write(stored)
                yield Copied(record, self.size)
                self.size += len(stored)
                self.records += 1


def _capture(root: Path, path: str, offset: int) -> Iterator[tuple[StoredRecord, bytes]]:
    """An answer and its request, or another record by itself, with the bytes they are stored as.

    No further than that is looked: of a file in progress the next may be half written.
    """
    source = locate(root, path, offset)
    try:
        with source.open("rb") as file, closing(members(source, offset)) as found:
            main: StoredRecord | None = None
            for member in found:
                record = verified(member)
                if main is not None and record.concurrent_to != main.record_id:
                    break
                main = main or record
                yield record, _stored(file, member)
                if record.status is None:
                    break
    except OSError as error:
        raise ArchiveError(
            f"{source}: cannot be read: {error.strerror}: check its owner and mode"
        ) from error
    if main is None:
        raise DamagedArchive(Problem(source, offset, None, "the file ends before"))


def _stored(file: BinaryIO, member: Member) -> bytes:
    file.seek(member.offset)
    return file.read(member.length)
