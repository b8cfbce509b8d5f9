"""Whether the files of an index are what was committed: each ends with its own checksum."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from newscrawl.index.tantivy_engine import state

META = "meta.json"
"""Tantivy's own list of segments."""
CHUNK_BYTES = 1 << 20
_MAGIC = 1337
_NUMBER_BYTES = 4
_KINDS = ("fast", "fieldnorm", "idx", "pos", "store", "term")


def damaged(directory: Path) -> Iterator[str]:
    """Names of missing and changed files, in no order."""
    try:
        state.read(directory)
    except (OSError, ValueError, TypeError, KeyError):
        yield state.NAME
    try:
        names = _named(directory)
    except (OSError, ValueError, TypeError, KeyError):
        yield META
        return
    for name in names:
        if not _sound(directory / name):
            yield name


def _named(directory: Path) -> list[str]:
    """The files of the committed segments."""
    segments = json.loads((directory / META).read_text(encoding="utf-8"))["segments"]
    names = []
    for segment in segments:
        stem = segment["segment_id"].replace("-", "")
        names += [f"{stem}.{kind}" for kind in _KINDS]
        if deletes := segment["deletes"]:
            names.append(f"{stem}.{deletes['opstamp']}.del")
    return names


def _sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            length, noted = _footer(file)
            return noted == _checksum(file, length)
    except (OSError, ValueError, TypeError, KeyError):
        return False


def _footer(file: BinaryIO) -> tuple[int, object]:
    """How many bytes stand before the footer, and their checksum as noted in it.

    Where the footer is damaged that may be anything that JSON can say.
    """
    ends = file.seek(-2 * _NUMBER_BYTES, 2)
    size, magic = (int.from_bytes(file.read(_NUMBER_BYTES), "little") for _number in range(2))
    if magic != _MAGIC or size > ends:
        raise ValueError(f"{file.name}: no footer")
    begins = file.seek(ends - size)
    return begins, json.loads(file.read(size))["crc"]


def _checksum(file: BinaryIO, length: int) -> int:
    file.seek(0)
    checksum = 0
    while length and (chunk := file.read(min(CHUNK_BYTES, length))):
        checksum = zlib.crc32(chunk, checksum)
        length -= len(chunk)
    return checksum
