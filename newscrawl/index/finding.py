"""What one request finds in one state of the index, to be looked at from several sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from newscrawl.index.engine import Facet, Found, Reader, Window
from newscrawl.index.plan import All, Expression, Listed, Plan, Without
from newscrawl.query.tree import Node

Sound: TypeAlias = Callable[[], AbstractContextManager[None]]
"""Where something goes wrong inside, it raises IndexUnusable."""
Matching: TypeAlias = Callable[[Sequence[int]], set[int]]
"""Those of some versions that are asked for; what is in doubt is judged by its text."""
MOST_HITS = 100_000
"""Hits that can be looked at, from the first on."""
SPARE = 20
"""Hits verified beyond those wanted at first."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a request comes to."""

    asked: Node
    """The query."""
    plan: Plan
    """Of the query within the papers and days of the request."""
    window: Window
    """The order, and the state of the index."""
    shown: tuple[int, ...] = ()
    """Versions of earlier pages: they are counted, and not among the hits."""


class Finding:
    """Hits in their order, and how many have which paper, page, month, day or source."""

    def __init__(self, reader: Reader, sought: Sought, matching: Matching, sound: Sound) -> None:
        """Within `sound` the reader is asked."""
        self.asked = sought.asked
        self.shown = sought.shown
        self._matching = matching
        self._reader, self._plan, self._window = reader, sought.plan, sought.window
        self._sound = sound
        self._left = without(sought.plan, sought.shown)
        self._total: int | None = None
        self._verified: list[tuple[int, float]] = []
        self._read = 0
        """Hits that were looked at for them; -1: all."""

    @property
    def mark(self) -> int:
        """The sequence number up to which is found."""
        upto = self._window.upto
        return self._reader.mark if upto is None else min(upto, self._reader.mark)

    @property
    def counted(self) -> bool:
        """Whether `total` is the number of all, and not only the least that it can be."""
        return self._plan.exact and self._window.count

    @property
    def total(self) -> int:
        """How many are found in all, or at least; never 0 where there are hits: what was not
        counted is then looked at as far as the first of them.
        """
        if self._total is None:
            self._total = self._search(self._left.sure, 0, 0).total
        least = max(self._total, len(self._verified))
        if not least and not self.counted:
            least = self._one
        return least + len(self.shown)

    @cached_property
    def _one(self) -> int:
        """Whether there is a hit at all, as 0 or 1."""
        return len(self.window(0, 1))

    def window(self, offset: int, limit: int) -> list[tuple[int, float]]:
        """Some of the first MOST_HITS, with their scores."""
        if offset >= MOST_HITS:
            return []
        limit = min(limit, MOST_HITS - offset)
        if not self._plan.exact:
            return self._first_verified(offset + limit)[offset:]
        found = self._search(self._left.sure, offset, limit)
        self._total = max(self._total or 0, found.total)
        return found.hits

    def among(self, seqs: Sequence[int]) -> set[int]:
        """Which of these versions, ascending, are found."""
        if not seqs:
            return set()
        if not self._plan.exact:
            return self._matching(seqs)
        wanted = All((self._plan.sure, Listed(np.array(seqs, np.int64))))
        with self._sound():
            return set(self._reader.seqs(wanted, self._window.upto).tolist())

    def facets(self, facets: Iterable[Facet]) -> dict[Facet, list[tuple[str, int]]]:
        """How many have each value; months and days in order."""
        wanted = tuple(facets)
        with self._sound():
            return self._reader.facets(self._plan.sure, wanted, self._window.upto) if wanted else {}

    def _first_verified(self, count: int) -> list[tuple[int, float]]:
        """The first hits of an inexact plan: only the texts of what comes before are read."""
        size = count + SPARE
        while len(self._verified) < count and self._read >= 0:
            hits = self._search(self._left.possible, self._read, size, count=False).hits
            matching = self._matching([seq for seq, _score in hits])
            self._verified += [hit for hit in hits if hit[0] in matching]
            self._read = self._read + size if len(hits) == size else -1
            size *= 2
        return self._verified[:count]

    def _search(self, wanted: Expression, offset: int, limit: int, *, count: bool = True) -> Found:
        count = count and self._window.count
        window = replace(self._window, offset=offset, limit=limit, count=count)
        with self._sound():
            return self._reader.search(wanted, window)


def without(plan: Plan, shown: Sequence[int]) -> Plan:
    """A plan that finds none of these versions."""
    if not shown:
        return plan
    rest = Without(Listed(np.array(shown, np.int64)))
    sure = All((plan.sure, rest))
    return Plan.of(sure) if plan.exact else Plan(sure, All((plan.possible, rest)))
