"""What reprints changed, for pages that anybody may ask for: so much at a time, each pair once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import NamedTuple

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.text.changes import Change, Kind, beginning, changes

MOST_CHANGES = 100
"""Of a reprint."""
MOST_CHARACTERS = 1_000
"""Of what is left out, added or changed in one place."""
MOST_COMPARED = 400_000
"""Characters that are compared for a page: both bodies of each pair, as far as they are read."""
KEPT = 100
"""Pairs whose changes are kept: some kB each, 400 kB at most."""
AT_ONCE = 4
"""Threads that compare or wait for it, one after the other; others are told nothing."""


class Body(NamedTuple):
    """Of a version, as far as it is compared."""

    seq: int
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """The changes of a reprint that are shown, and how many more there are."""

    changes: tuple[tuple[Kind, str, str], ...]
    more: int


class Comparisons:
    """Shared by the threads that answer."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], Told] = {}
        self._one = Lock()
        self._places = BoundedSemaphore(AT_ONCE)

    def told(self, first: Body, reprints: Iterable[Body]) -> dict[int, Told]:
        """By version. Those are lacking that are too long to be compared beside the ones before
        them, and all that are new where AT_ONCE others compare.
        """
        found = ((each.seq, self._of(first, each)) for each in _with_room(first, reprints))
        return {seq: told for seq, told in found if told}

    def _of(self, first: Body, reprint: Body) -> Told | None:
        pair = first.seq, reprint.seq
        if known := self._kept.get(pair):
            return known
        if not self._places.acquire(blocking=False):
            return None
        try:
            with self._one:
                return self._kept.get(pair) or self._made(first, reprint)
        finally:
            self._places.release()

    def _made(self, first: Body, reprint: Body) -> Told:
        made = changes(first.paragraphs, reprint.paragraphs)
        told = Told(tuple(_cut(made[:MOST_CHANGES])), max(0, len(made) - MOST_CHANGES))
        self._kept[first.seq, reprint.seq] = told
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return told


def bodies(view: Transaction, seqs: Sequence[int]) -> dict[int, Body]:
    """Of versions; what is not compared of them is not kept in memory."""
    every = versions.streamed(view, seqs)
    return {each.seq: Body(each.seq, tuple(beginning(each.article.paragraphs))) for each in every}


def _with_room(first: Body, reprints: Iterable[Body]) -> Iterator[Body]:
    room = MOST_COMPARED
    for reprint in reprints:
        size = _size(first) + _size(reprint)
        if size <= room:
            room -= size
            yield reprint


def _size(body: Body) -> int:
    return sum(map(len, body.paragraphs))


def _cut(made: Sequence[Change]) -> Iterator[tuple[Kind, str, str]]:
    for each in made:
        yield each.kind, _shortened(each.before), _shortened(each.after)


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
