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
_TRAILER = 8
"""Bytes: checksum and size."""
_UNIX = 3


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


def oddity(stored: bytes) -> str | None:
    """What of a whole member is not as our writer has it, though unpacking does not mind; None
    where nothing is: the time and the flags of its header, the bits behind its last code.
    """
    *start, system = stored[:10]
    if bytes(start) != b"\x1f\x8b\x08" + bytes(6) or system not in (_UNIX, _system()):
        return "the header of its gzip member was changed"
    last = len(stored) - _TRAILER - 1
    highest = stored[last].bit_length() - 1
    if highest >= 0:  # a bit that says something cannot be cleared
        without = stored[last] & ~(1 << highest)
        try:
            zlib.decompress(
                stored[:last] + bytes([without]) + stored[last + 1 :], zlib.MAX_WBITS | 16
            )
        except zlib.error:
            return None
        return "the last byte of its gzip member was changed"
    return None


def _system() -> int:
    """What zlib writes here for the operating system."""
    return zlib.compress(b"", wbits=zlib.MAX_WBITS | 16)[9]


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
