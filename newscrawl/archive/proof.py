"""A proof that a record was sealed: one file of text, which a stranger checks without newscrawl.

docs/proof.md says how, and what each line means.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from newscrawl.archive.manifest import NONE
from newscrawl.archive.manifest_lines import RecordLine
from newscrawl.archive.merkle import Step

WIDTH = 57
"""Bytes in a line of base64, which makes 76 characters of them."""


class Later(NamedTuple):
    """A day after that of the record, as far as the chain goes on."""

    day: str
    root: str


class Stamp(NamedTuple):
    """What a third party said of the newest head."""

    kind: str
    """`tsr` or `ots`, as the file's suffix."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """A record, and what leads from it to the newest head."""

    line: RecordLine
    path: Sequence[Step]
    root: str
    day: str
    before: str | None
    """The head of the manifest before that of the day."""
    head: str
    later: Sequence[Later]
    newest: str
    """The head of the last of these days; that of the day where there is none."""
    stamp: Stamp | None
    member: bytes
    """The record as it is stored."""

    @property
    def text(self) -> str:
        body = "".join(f"{row}\n" for row in self._rows())
        return f"{body}end {sha256(body.encode()).hexdigest()}\n"

    def _rows(self) -> Iterator[str]:
        yield "newscrawl proof 1"
        yield f"line {self.line.text}"
        yield from (f"{step.side} {step.hash}" for step in self.path)
        yield f"root {self.root}"
        yield f"day {self.day}"
        yield f"before {self.before or NONE}"
        yield f"head {self.head}"
        yield from (f"later {each.day} {each.root}" for each in self.later)
        yield f"newest {self.newest}"
        if self.stamp:
            yield from _encoded(self.stamp.kind, self.stamp.content)
        yield from _encoded("member", self.member)


def _encoded(name: str, content: bytes) -> Iterator[str]:
    for start in range(0, len(content), WIDTH):
        yield f"{name} {b64encode(content[start : start + WIDTH]).decode()}"
