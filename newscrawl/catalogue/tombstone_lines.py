"""The lines of the file of tombstones: what each says, and the checksum with which it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any, TypeAlias

from newscrawl.catalogue.withdrawn import Tombstone

CHANGED = "not as it was written: its checksum is not right"
_SUM = re.compile(rb'(.+), "sha256": "([0-9a-f]{64})"\}')
"""How a line ends: with the hash of what stands before."""


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


def summed(line: bytes) -> bytes:
    """A line, its break where it has one, with the checksum that it may lack."""
    text = line.removesuffix(b"\n")
    return _with_sum(text[:-1]) + line[len(text) :] if is_old(text) else line


def is_written(line: bytes) -> bool:
    """Whether a line has a checksum, and that is right."""
    found = _SUM.fullmatch(line)
    return found is not None and _sum(found[1]) == found[2].decode()


def is_old(line: bytes) -> bool:
    """Whether it is one of before there were checksums; a changed checksum makes no such line."""
    try:
        known = read(line)
        values = json.loads(line)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    names = {"line", *(each.name for each in fields(known))}
    return values.keys() == names and json.dumps(values, ensure_ascii=False).encode() == line


def written(line: Line) -> bytes:
    """A line without its break."""
    text = json.dumps({"line": _NAMES[type(line)], **asdict(line)}, ensure_ascii=False)
    return _with_sum(text[:-1].encode())


def _with_sum(said: bytes) -> bytes:
    return b'%s, "sha256": "%s"}' % (said, _sum(said).encode())


def _sum(said: bytes) -> str:
    return sha256(said).hexdigest()


def read(text: bytes) -> Line:
    """What a line says. Raises ValueError, TypeError, KeyError, AttributeError for what is none."""
    if _SUM.fullmatch(text) and not is_written(text):
        raise ValueError(CHANGED)
    values: dict[str, Any] = json.loads(text)
    kind = _KINDS[values.pop("line")]
    known = {each.name for each in fields(kind)}
    given = {name: _frozen(value) for name, value in values.items() if name in known}
    if kind is Raised:
        given["tombstone"] = Tombstone(**values["tombstone"])
    return kind(**given)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
