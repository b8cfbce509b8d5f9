"""Whether two texts are the same report: reprinted, cut, edited, or given another frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from newscrawl.text.shingles import marks, plain

LENGTH = 8
"""Characters of the shingles that are compared."""


@dataclass(frozen=True)
class Body:
    """An article's body, ready to be compared."""

    text: str
    """As `plain` leaves it."""

    @classmethod
    def of(cls, body: str) -> Body:
        """From the paragraphs, a line each."""
        return cls(plain(body))

    @cached_property
    def marks(self) -> list[int]:
        """By which those are found that may be a reprint."""
        return marks(self.text)

    @cached_property
    def shingles(self) -> frozenset[str]:
        """Every run of LENGTH characters."""
        text = self.text
        return frozenset(text[at : at + LENGTH] for at in range(max(1, len(text) - LENGTH + 1)))


SHARE = 0.6
"""Of the shorter text's shingles in a reprint."""


def is_reprint(one: Body, other: Body) -> bool:
    """Whether one of the two is a reprint of the other; the order does not matter."""
    if one.text == other.text:
        return bool(one.text)
    common = len(one.shingles & other.shingles)
    return common >= SHARE * min(len(one.shingles), len(other.shingles))
