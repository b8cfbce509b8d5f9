"""Tombstones beside the catalogue, so that an older copy of it brings nothing back.

`tombstones.jsonl` has a line for each that was put up or lifted: ids, hashes and the operator's own
words. It is written before the catalogue, and whatever a catalogue lacks of it is done again when
it is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from newscrawl import jsonl
from newscrawl.catalogue import targets, tombstones
from newscrawl.catalogue.alert_schema import marks
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import articles
from newscrawl.catalogue.tombstone_lines import (
    CHANGED,
    Lifted,
    Line,
    Raised,
    is_old,
    is_written,
    read,
    summed,
    written,
)
from newscrawl.catalogue.withdrawn import RETENTION, Tombstone
from newscrawl.durable import replace as replace_file
from newscrawl.errors import NewscrawlError

NAME = "tombstones.jsonl"
_KNOWN = "tombstones summed"
"""The mark that says how many bytes of the file the catalogue knows. One by an older name is of a
file that may have lines without checksums."""
_WHOSE = "tombstones hashed"
"""The mark that tells those bytes from others: the beginning of their hash, as a number."""
_BLOCK = 1 << 20


class TombstonesUnreadable(NewscrawlError):
    """What was taken down is not known: nothing may be shown."""


class TombstonesUnwritten(NewscrawlError):
    """Whatever is not written down here is not done."""


class BadLine(NamedTuple):
    """What is not as it was written."""

    number: int
    """From 1 on."""
    what: str
    cut: bool = False
    """Whether it is the end of a line that was not written to its end, or lacks but its break."""


def beside(catalogue: Path) -> Path:
    """The file of a catalogue."""
    return catalogue.with_name(NAME)


def append(catalogue: Path, line: Line) -> None:
    """Write one, durably, behind whatever is there. Raises TombstonesUnwritten."""
    path = beside(catalogue)
    try:
        jsonl.append(path, written(line), is_written)
    except OSError as error:
        raise TombstonesUnwritten(
            f"{path}: cannot be written ({error.strerror}), so nothing is taken down or lifted: "
            "make room or correct the permissions there, then do it again"
        ) from error


def names(catalogue: Path) -> set[str]:
    """The ids of those that whole lines say were put up. Raises TombstonesUnreadable, OSError."""
    path = beside(catalogue)
    lines = _lines(path, _whole(path))
    return {line.tombstone.id for line in lines if isinstance(line, Raised)}


def faults(catalogue: Path) -> Iterator[BadLine]:
    """Lines that are not as they were written. Raises OSError."""
    whole, rest = jsonl.parted(beside(catalogue), is_written)
    for number, each in enumerate(whole, start=1):
        if not is_written(each) and not is_old(each):
            yield BadLine(number, CHANGED)
    if rest:
        number, what = len(whole) + 1, "the line is cut off, or its end was changed"
        if whole and rest.startswith(whole[-1]):
            number, what = len(whole), "the line break behind it is missing, or was changed"
        yield BadLine(number, what, cut=True)


def is_known(connection: Connection, catalogue: Path) -> bool:
    """Whether the catalogue has all of the file. Raises OSError."""
    known: int | None = connection.scalar(_MARK, {"name": _KNOWN})
    return (known or 0) == _size(beside(catalogue))


def follow(connection: Connection, catalogue: Path) -> None:
    """Do whatever the catalogue lacks of the file, and write down what the file lacks.

    Raises TombstonesUnreadable and OSError.
    """
    path = beside(catalogue)
    begin = _known(connection, path)
    if not begin:
        add_sums(path)
    known = _size(path)
    whole, _rest = jsonl.parted(path, is_written, begin)
    held, seen = tombstones.ids(connection), set[str]()
    for line in _lines(path, whole, begin):
        if isinstance(line, Raised):
            seen.add(line.tombstone.id)
            do(connection, line, again=line.tombstone.id not in held)
        else:
            do(connection, line)
    for each in tombstones.listed(connection) if not begin else ():
        if each.id not in seen:  # the file was lost, or is an older one
            _write_again(connection, catalogue, each)
            known = 0  # how far that is known is for the next look
    connection.execute(_NOTE, {"name": _KNOWN, "seq": known})
    connection.execute(_NOTE, {"name": _WHOSE, "seq": _hash(path, known)})


def _known(connection: Connection, path: Path) -> int:
    """How many bytes at the beginning of the file are those that the catalogue has followed; 0
    where they are others, or that cannot be told: another file may have taken its place.
    """
    known: int = connection.scalar(_MARK, {"name": _KNOWN}) or 0
    whose: int | None = connection.scalar(_MARK, {"name": _WHOSE})
    if not 0 < known <= _size(path) or not _ends_line(path, known):
        return 0
    return known if _hash(path, known) == whose else 0


def _ends_line(path: Path, place: int) -> bool:
    """Whether a line ends there: a crash may have left less, and another line is in its place."""
    with path.open("rb") as file:
        file.seek(place - 1)
        return b"\n" in file.read(2)


def _hash(path: Path, upto: int) -> int:
    """Of the file's beginning, in 60 bits; it takes a fraction of what reading the lines does."""
    found = sha256()
    with path.open("rb") if upto else BytesIO() as file:
        while block := file.read(min(_BLOCK, upto)):
            found.update(block)
            upto -= len(block)
    return int(found.hexdigest()[:15], 16)


def _write_again(connection: Connection, catalogue: Path, tombstone: Tombstone) -> None:
    marks_of_it = tuple(tombstones.marks_at(connection, tombstone.id))
    covers = tuple(tombstones.taken_by(connection, tombstone.id))
    if tombstone.scope == "erase":  # an older catalogue is to be erased again
        tombstone = replace(tombstone, state="told")
    append(catalogue, Raised(tombstone, marks_of_it, covers))


def do(connection: Connection, line: Line, *, again: bool = True) -> None:
    """What a line says; `again`: where it may not have been done yet."""
    match line:
        case Raised() if again:
            tombstones.add(connection, line.tombstone, line.marks)
            if line.tombstone.state != "lifted":
                tombstones.take(connection, line.tombstone, covered(connection, line))
        case Lifted():
            tombstones.lift(connection, line.id, line.at, line.why)
        case Raised():
            pass


def covered(connection: Connection, line: Raised) -> list[str]:
    """The articles that are held and that a tombstone covers."""
    held = [
        article_id
        for part in in_parts(line.articles)
        for article_id in connection.scalars(_HELD, tombstones.part_of(part))
    ]
    if line.tombstone.kind == "prefix":
        held += targets.held_under(connection, line.tombstone.target)
    elif len(held) < len(line.articles) or not line.articles:
        # A copy that is older than the article may know it by another id.
        held += targets.held_by_marks(connection, frozenset(line.marks))
    twins = [] if line.tombstone.category == RETENTION else targets.same_texts(connection, held)
    return list(dict.fromkeys([*held, *twins]))


def add_sums(path: Path) -> None:
    """Give the lines of before there were checksums theirs, once. Raises OSError."""
    if not any(map(is_old, _whole(path))):
        return
    with jsonl.locked(path) as file:
        replace_file(path, b"".join(map(summed, file.read().splitlines(keepends=True))))
        path.chmod(0o600)


def _whole(path: Path) -> list[bytes]:
    return jsonl.parted(path, is_written)[0]


def _lines(path: Path, whole: Sequence[bytes], begin: int = 0) -> Iterator[Line]:
    for place, each in enumerate(whole, start=1):
        try:
            yield read(each)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            number = place + path.read_bytes()[:begin].count(b"\n")
            raise TombstonesUnreadable(
                f"{path}: line {number} cannot be read ({error}): bring the file back from a "
                "backup; until then nothing may be shown"
            ) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


_MARK = select(marks.c.seq).where(marks.c.name == bindparam("name"))
_UPSERT = insert(marks)
_NOTE = _UPSERT.on_conflict_do_update(index_elements=["name"], set_={"seq": _UPSERT.excluded.seq})
_HELD = select(articles.c.id).where(articles.c.id.in_(bindparam("ids", expanding=True)))
