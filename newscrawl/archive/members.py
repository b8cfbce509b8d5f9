"""The gzip members of a file, each whole: its checksum right, its end there.

warcio reads past a cut-off member as if it were the end of the file, so it is not used for this.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newscrawl.archive.errors import DamagedArchive, Problem
from newscrawl.archive.records import MAX_RECORD

CHUNK = 1 << 14


@dataclass(frozen=True, slots=True)
class Member:
    path: Path
    offset: int
    length: int
    """Bytes as stored."""
    data: bytes
    """Unpacked."""

    def damage(self, what: str, record_id: str | None = None) -> DamagedArchive:
        """The error to raise for `what` is wrong with it."""
        return DamagedArchive(Problem(self.path, self.offset, record_id, what))


def members(path: Path, offset: int = 0) -> Generator[Member, None, None]:
    """Every member from `offset` on; raise DamagedArchive at the first that is not whole."""
    with path.open("rb") as file:
        file.seek(offset)
        ahead = b""
        while ahead := ahead or file.read(CHUNK):
            try:
                data, length, ahead = _unpack(file, ahead)
            except (EOFError, zlib.error) as error:
                problem = Problem(path, offset, None, f"no whole gzip member ({error})")
                raise DamagedArchive(problem) from error
            yield Member(path, offset, length, data)
            offset += length


def _unpack(file: BinaryIO, ahead: bytes) -> tuple[bytes, int, bytes]:
    """Return the data, the bytes it took, and the bytes read beyond it."""
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    room, taken = MAX_RECORD, 0
    while not stream.eof:
        if not ahead:
            raise EOFError("cut off")
        parts.append(stream.decompress(ahead, room + 1))
        room -= len(parts[-1])
        if room < 0:
            raise EOFError(f"longer than {MAX_RECORD} bytes")
        taken += len(ahead) - len(stream.unused_data)
        ahead = stream.unused_data if stream.eof else file.read(CHUNK)
    return b"".join(parts), taken, ahead
