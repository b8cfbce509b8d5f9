"""Whether the files of an index are what was committed: each ends with its own checksum."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from newscrawl.index.checked import Checked
from newscrawl.index.damage import IndexDamaged, hindered, reading
from newscrawl.index.tantivy_engine import state
from newscrawl.index.tantivy_engine.schema import opened

META = "meta.json"
"""Tantivy's own list of segments."""
MANAGED = ".managed.json"
"""Its list of files, those included that are still to be removed."""
CHUNK_BYTES = 1 << 20
_MAGIC = 1337
_NUMBER_BYTES = 4
_KINDS = ("fast", "fieldnorm", "idx", "pos", "store", "term")


def damaged(directory: Path, checked: Checked) -> Iterator[str]:
    """Names of missing and changed files, in no order."""
    try:
        state.read(directory)
    except IndexDamaged:
        yield state.NAME
    try:
        yield from _changed(directory, checked) or _unopened(directory)
    except IndexDamaged:
        yield META


def _changed(directory: Path, checked: Checked) -> list[str]:
    """Files that are not what was written; a writer may remove some meanwhile."""
    names = _named(directory)
    while found := [name for name in names if not _passes(directory / name, checked)]:
        before, names = names, _named(directory)
        if names == before:
            break
    return found


def _unopened(directory: Path) -> list[str]:
    """META, or what else has no checksum, where the index cannot be opened."""
    if not (directory / MANAGED).exists():
        return [MANAGED]
    try:
        opened(directory).searcher()
    except BaseException as error:  # a panic of Tantivy's is no Exception
        if hindered(error) or isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        return [MANAGED if MANAGED in str(error) else META]
    return []


def _named(directory: Path) -> list[str]:
    """The files of the committed segments. Raises IndexDamaged."""
    names = []
    with reading(directory / META):
        for segment in json.loads((directory / META).read_text(encoding="utf-8"))["segments"]:
            stem = segment["segment_id"].replace("-", "")
            names += [f"{stem}.{kind}" for kind in _KINDS]
            if deletes := segment["deletes"]:
                names.append(f"{stem}.{deletes['opstamp']}.del")
    return names


def _passes(path: Path, checked: Checked) -> bool:
    if checked.knows(path):
        return True
    sound = _sound(path)
    if sound:
        checked.add(path)
    return sound


def _sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            length, noted = _footer(file)
            return noted == _checksum(file, length)
    except (OSError, ValueError, TypeError, KeyError) as error:
        if hindered(error):
            raise
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
