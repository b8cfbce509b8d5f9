"""Tombstones beside the catalogue, so that an older copy of it brings nothing back.

`tombstones.jsonl` has a line for each that was put up or lifted: ids, hashes and the operator's own
words. It is written before the catalogue, and whatever a catalogue lacks of it is done again when
it is opened.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from newscrawl.catalogue import tombstones
from newscrawl.catalogue.alert_schema import marks
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import articles
from newscrawl.catalogue.withdrawn import RETENTION, Tombstone
from newscrawl.durable import sync
from newscrawl.errors import NewscrawlError

NAME = "tombstones.jsonl"
_SUM = re.compile(rb'(.+), "sha256": "([0-9a-f]{64})"\}')
"""How a line ends: with the hash of what stands before."""
_CHANGED = "not as it was written: its checksum is not right"
_KNOWN = "tombstones"
"""The mark that says how many bytes of the file the catalogue knows."""


class TombstonesUnreadable(NewscrawlError):
    """What was taken down is not known: nothing may be shown."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A tombstone that was put up."""

    tombstone: Tombstone
    marks: tuple[str, ...]
    articles: tuple[str, ...]
    """The ids of what was held."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A tombstone that was taken away."""

    id: str
    at: str
    why: str


Line: TypeAlias = Raised | Lifted
_KINDS: dict[str, type[Line]] = {"raised": Raised, "lifted": Lifted}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class BadLine(NamedTuple):
    """What is not as it was written."""

    number: int
    """From 1 on."""
    what: str
    cut: bool = False
    """Whether it is the end of a line that was not written to its end."""


def beside(catalogue: Path) -> Path:
    """The file of a catalogue."""
    return catalogue.with_name(NAME)


def append(catalogue: Path, line: Line) -> None:
    """Write one, durably, behind whatever is there. Raises OSError."""
    path = beside(catalogue)
    fresh = not path.exists()
    text = _text(line)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        held = file.read()
        file.seek(held.rfind(b"\n") + 1)  # what a crash has left half written was never done
        file.truncate()
        file.write(text.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        sync(path.parent)


def names(catalogue: Path) -> set[str]:
    """The ids of those that whole lines say were put up. Raises TombstonesUnreadable, OSError."""
    path = beside(catalogue)
    lines = _lines(path, path.read_bytes() if path.exists() else b"")
    return {line.tombstone.id for line in lines if isinstance(line, Raised)}


def faults(catalogue: Path) -> Iterator[BadLine]:
    """Lines that are not as they were written. Raises OSError."""
    path = beside(catalogue)
    *whole, rest = path.read_bytes().split(b"\n") if path.exists() else [b""]
    for number, each in enumerate(whole, start=1):
        if not _SUM.fullmatch(each) or not _is_right(each):
            yield BadLine(number, _CHANGED)
    if rest:
        yield BadLine(len(whole) + 1, "the line is cut off, or its end was changed", cut=True)


def is_known(connection: Connection, catalogue: Path) -> bool:
    """Whether the catalogue has all of the file. Raises OSError."""
    known: int | None = connection.scalar(_KNOWN_SIZE, {"name": _KNOWN})
    return (known or 0) == _size(beside(catalogue))


def follow(connection: Connection, catalogue: Path) -> None:
    """Do whatever the catalogue lacks of the file, and write down what the file lacks.

    Raises TombstonesUnreadable and OSError.
    """
    path = beside(catalogue)
    content = path.read_bytes() if path.exists() else b""
    held, seen, known = tombstones.ids(connection), set[str](), len(content)
    for line in _lines(path, content):
        if isinstance(line, Raised):
            seen.add(line.tombstone.id)
            do(connection, line, again=line.tombstone.id not in held)
        else:
            do(connection, line)
    for each in tombstones.listed(connection):
        if each.id not in seen:  # the file was lost, or is an older one
            _write_again(connection, catalogue, each)
            known = 0  # how far that is known is for the next look
    connection.execute(_NOTE, {"name": _KNOWN, "seq": known})


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
        held += tombstones.held_under(connection, line.tombstone.target)
    elif len(held) < len(line.articles) or not line.articles:
        # A copy that is older than the article may know it by another id.
        held += tombstones.held_at(connection, frozenset(line.marks))
    twins = [] if line.tombstone.category == RETENTION else tombstones.twins(connection, held)
    return list(dict.fromkeys([*held, *twins]))


def _lines(path: Path, content: bytes) -> Iterator[Line]:
    *whole, _rest = content.split(b"\n")
    for number, each in enumerate(whole, start=1):
        try:
            yield _line(each)
        except (ValueError, TypeError, KeyError) as error:
            raise TombstonesUnreadable(
                f"{path}: line {number} cannot be read ({error}): bring the file back from a "
                "backup; until then nothing may be shown"
            ) from error


def _text(line: Line) -> str:
    text = json.dumps({"line": _NAMES[type(line)], **asdict(line)}, ensure_ascii=False)
    return f'{text[:-1]}, "sha256": "{_sum(text[:-1].encode())}"}}'


def _is_right(line: bytes) -> bool:
    """Whether a line is what its checksum is of; one of before there were checksums has none."""
    found = _SUM.fullmatch(line)
    return found is None or _sum(found[1]) == found[2].decode()


def _sum(said: bytes) -> str:
    return sha256(said).hexdigest()


def _line(text: bytes) -> Line:
    if not _is_right(text):
        raise ValueError(_CHANGED)
    values: dict[str, Any] = json.loads(text)
    kind = _KINDS[values.pop("line")]
    known = {each.name for each in fields(kind)}
    given = {name: _frozen(value) for name, value in values.items() if name in known}
    if kind is Raised:
        given["tombstone"] = Tombstone(**values["tombstone"])
    return kind(**given)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


_KNOWN_SIZE = select(marks.c.seq).where(marks.c.name == bindparam("name"))
_UPSERT = insert(marks)
_NOTE = _UPSERT.on_conflict_do_update(index_elements=["name"], set_={"seq": _UPSERT.excluded.seq})
_HELD = select(articles.c.id).where(articles.c.id.in_(bindparam("ids", expanding=True)))
