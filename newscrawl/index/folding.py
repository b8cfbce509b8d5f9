"""Hits of one story under the first of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Scored: TypeAlias = tuple[int, float]
"""A version's sequence number and its score."""
Windows: TypeAlias = Callable[[int, int], Sequence[Scored]]
"""So many hits from an offset on, in order; fewer at their end."""
Stories: TypeAlias = Callable[[Sequence[int]], Mapping[int, int]]
"""The story of each version, as far as others may be in it."""

SPARE = 20
"""Hits read beyond those wanted at first: reprints are few on most pages."""
SPARE_STORIES = 4
"""Hits beyond those wanted whose stories are asked for at first."""


@dataclass(frozen=True, slots=True)
class First:
    """The first hit of a story."""

    seq: int
    score: float
    story: int | None
    """None: nothing else is in its story."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A page of stories."""

    firsts: list[First]
    passed: list[First]
    """The stories before them."""
    more: bool
    """Whether there is a next page."""
    stories: int | None
    """How many there are in all, where the hits were read to their end."""


def fold(hits: Windows, stories: Stories, offset: int, limit: int) -> Folded:
    """The stories from `offset` on, `limit` at most, each where its first hit is.

    Hits are read in windows that double, from the beginning on: which stories a page shows
    depends on those before.
    """
    firsts, end = _Firsts(stories), offset + limit
    read, size = 0, end + SPARE
    ended = False
    while len(firsts.found) <= end and not ended:
        window = hits(read, size)
        ended = len(window) < size
        firsts.add(window, None if ended else end + 1)
        read, size = read + size, size * 2
    found = firsts.found
    return Folded(
        found[offset:end], found[:offset], len(found) > end, len(found) if ended else None
    )


class _Firsts:
    """The first hits of stories."""

    def __init__(self, stories: Stories) -> None:
        self._stories = stories
        self._seen: set[int] = set()
        self.found: list[First] = []

    def add(self, hits: Sequence[Scored], wanted: int | None) -> None:
        """Look at hits until so many are found; None: at all. Hits come cheap, their stories do
        not.
        """
        while hits and (wanted is None or len(self.found) < wanted):
            some = len(hits) if wanted is None else wanted + SPARE_STORIES - len(self.found)
            self._look_at(hits[:some])
            hits = hits[some:]

    def _look_at(self, hits: Sequence[Scored]) -> None:
        told = self._stories([seq for seq, _score in hits])
        for seq, score in hits:
            story = told.get(seq)
            if story is None or story not in self._seen:
                self.found.append(First(seq, score, story))
            if story is not None:
                self._seen.add(story)


def represented(
    seq: int, members: Sequence[int], matching: Callable[[int], bool]
) -> tuple[int, list[int]]:
    """Which member of a story is shown for the hit `seq`, and the others that match.

    `members`: the versions of the story, earliest first. The earliest that itself matches is
    shown, as `matching` says of every other than `seq`.
    """
    found = [member for member in members if member == seq or matching(member)]
    if seq not in found:
        found.insert(0, seq)
    return found[0], found[1:]
