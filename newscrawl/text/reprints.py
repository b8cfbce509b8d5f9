"""Whether two texts are the same report: reprinted, cut, edited, or given another frame.

What counts is how much of the shorter text stands in the longer one, in runs long enough to be
copied. Forms of a series (weather, draws, notices) share their frame, so a short text must be
there almost whole, and figures that stand in the same frame must be the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from newscrawl.text.shingles import marks, plain

MOST = 20_000
"""Characters of a body that are looked at: beyond every report, and bounded."""
LENGTH = 8
"""Characters of the shingles that are compared: one wrong character breaks so many."""
LEAST = 20
"""Characters of a text that says enough to be the same as another."""
SHORT = 80
"""Characters below which no figure may differ; in longer texts less than a quarter of them."""
SHORT_SHARE = 0.8
"""Of a text's shingles, so many must be common where it has at most SHORT characters …"""
LONG, LONG_SHARE = 300, 0.65
"""… and so many from LONG characters on; evenly less in between."""
PART = 2
"""A text so many times as long as another may contain it among others, as a digest does, unless
it begins with it."""
LEAD = 120
"""Characters with which a text begins, and a fifth of whose shingles are then common."""


@dataclass(frozen=True)
class Body:
    """An article's body, ready to be compared."""

    text: str
    """As `plain` leaves it."""

    @classmethod
    def of(cls, body: str) -> Body:
        """From the paragraphs, a line each."""
        return cls(plain(body[:MOST]))

    @cached_property
    def marks(self) -> list[int]:
        """By which those are found that may be a reprint; none of a text that says too little."""
        return marks(self.text) if len(self.text) >= LEAST else []

    @cached_property
    def shingles(self) -> frozenset[str]:
        """Every run of LENGTH characters."""
        return frozenset(_runs(self.text))

    @cached_property
    def figures(self) -> Mapping[tuple[str, str], set[str]]:
        """The numbers by what stands before and after them, other numbers in it left open."""
        found = defaultdict(set)
        numbers, frame = _NUMBER.findall(self.text), _NUMBER.sub("#", self.text)
        places = (at for at, character in enumerate(frame) if character == "#")
        for number, at in zip(numbers, places, strict=True):
            found[frame[max(0, at - 4) : at], frame[at + 1 : at + 5]].add(number)
        return found


def is_reprint(one: Body, other: Body) -> bool:
    """Whether one of the two is a reprint of the other; the order does not matter."""
    shorter, longer = sorted((one, other), key=lambda body: (len(body.text), body.text))
    if len(shorter.text) < LEAST:
        return False
    if shorter.text == longer.text:
        return True
    common = len(shorter.shingles & longer.shingles)
    return (
        common >= _share(len(shorter.text)) * len(shorter.shingles)
        and _same_figures(shorter, longer)
        and (len(longer.text) < PART * len(shorter.text) or _begins(shorter, longer))
    )


def _share(length: int) -> float:
    """The share of a text's shingles that must stand in another."""
    grown = (length - SHORT) / (LONG - SHORT)
    return SHORT_SHARE - min(1.0, max(0.0, grown)) * (SHORT_SHARE - LONG_SHARE)


def _same_figures(shorter: Body, longer: Body) -> bool:
    frames = shorter.figures.keys() & longer.figures.keys()
    changed = sum(shorter.figures[each].isdisjoint(longer.figures[each]) for each in frames)
    return changed == 0 or (len(shorter.text) >= SHORT and 4 * changed < len(frames))


def _begins(shorter: Body, longer: Body) -> bool:
    beginning = _runs(longer.text[: min(LEAD, len(shorter.text))])
    return 5 * sum(each in shorter.shingles for each in beginning) >= len(beginning)


def _runs(text: str) -> list[str]:
    return [text[at : at + LENGTH] for at in range(max(1, len(text) - LENGTH + 1))]


_NUMBER = re.compile("[0-9]+|[〇零一二两三四五六七八九十百千万亿]+")
