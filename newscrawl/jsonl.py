"""Files of JSON lines, to which some are only ever added, each synced before it counts.

Behind the last line break stands nothing, or what a crash has left. Whether that is a line that was
written to its end, and lacks nothing but its break, only who knows the lines can tell: a checksum
or a signature in it is right. A last line with zeros in it was not written to its end either,
though its break was: JSON has none, and the parts of a line reach the disk in any order.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import NamedTuple

from newscrawl.durable import sync

IsWhole = Callable[[bytes], bool]
"""Whether a line, without its break, is as it was written."""
_BLOCK = 65536
_ZERO = b"\0"


class Ended(NamedTuple):
    """What was done about the end of a file."""

    cut: int
    """Bytes of a line that was never written to its end."""
    broken: bool
    """Whether a whole line got its break."""


def parted(path: Path, is_whole: IsWhole, begin: int = 0) -> tuple[list[bytes], bytes]:
    """The lines of a file, without their breaks, and what stands behind the last break; where that
    begins with a whole line, that is the last of the lines. `begin`: the byte behind a line, from
    which on it is read. Raises OSError.
    """
    *whole, rest = _read(path, begin).removeprefix(b"\n" if begin else b"").split(b"\n")
    if not rest and whole and _ZERO in whole[-1]:
        rest = whole.pop() + b"\n"
    line = unbroken(rest, is_whole)
    return ([*whole, line] if line else whole), rest


def _read(path: Path, begin: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(begin)
            return file.read()
    except FileNotFoundError:
        return b""


def unbroken(rest: bytes, is_whole: IsWhole) -> bytes:
    """The whole line that stands behind the last break; empty where none does."""
    text = rest.decode(errors="surrogateescape")  # the break may have become any byte
    try:
        _value, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return b""
    line = text[:end].encode(errors="surrogateescape")
    return line if is_whole(line) else b""


def append(path: Path, line: bytes, is_whole: IsWhole) -> None:
    """Add a line, durably, behind the last that is whole. Raises OSError."""
    fresh = not path.exists()
    with locked(path) as file:
        _end(file, is_whole)
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        sync(path.parent)


def end(path: Path, is_whole: IsWhole) -> Ended:
    """Cut off what was never written to its end, or give a line its break. Raises OSError."""
    with locked(path) as file:
        done = _end(file, is_whole)
        file.flush()
        os.fsync(file.fileno())
    return done


@contextmanager
def locked(path: Path) -> Iterator[BufferedRandom]:
    """The file, made where there is none, for nobody else. Raises OSError."""
    while True:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_there(path, file):  # else it was replaced while it was waited for
                yield file
                return


def _end(file: BufferedRandom, is_whole: IsWhole) -> Ended:
    begin, rest = _rest(file)
    line = unbroken(rest, is_whole)
    file.truncate(begin + len(line))
    file.seek(begin + len(line))
    file.write(b"\n" if line else b"")
    return Ended(0 if line else len(rest), bool(line))


def _rest(file: BufferedRandom) -> tuple[int, bytes]:
    """What stands behind the last line that was written to its end, and where that begins."""
    begin, rest = _behind_break(file, file.seek(0, os.SEEK_END))
    if begin and not rest:
        before, line = _behind_break(file, begin - 1)
        if _ZERO in line:
            return before, line + b"\n"
    return begin, rest


def _behind_break(file: BufferedRandom, end: int) -> tuple[int, bytes]:
    """What stands between the last line break before `end` and there, and where that begins."""
    begin, rest = end, b""
    while begin and b"\n" not in rest:
        block = min(_BLOCK, begin)
        begin = file.seek(begin - block)
        rest = file.read(block) + rest
    at = rest.rfind(b"\n") + 1
    return begin + at, rest[at:]


def _is_there(path: Path, file: BufferedRandom) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
