"""Reading a build: one state of all its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from newscrawl.index.engine import Facet, Found, Seqs, Window
from newscrawl.index.plan import Expression
from newscrawl.index.whoosh_engine import ranking, state
from newscrawl.index.whoosh_engine.arrays import Mask
from newscrawl.index.whoosh_engine.part import UNDATED, PartReader
from newscrawl.index.whoosh_engine.ranking import Matched


class WhooshReader:
    """See `Reader`. What the parts hold beyond the state's mark is not seen."""

    def __init__(self, directory: Path) -> None:
        """Raises OSError, ValueError, KeyError or sqlite3.Error for what is damaged or missing."""
        held = state.read(directory)
        names = sorted(held.parts, key=lambda name: (name != UNDATED, name))
        self.mark = held.mark
        self._parts = [PartReader(directory / name) for name in names]
        # A version may have been replaced by one of another day, and so of another part.
        self._dead = np.concatenate(
            [np.zeros((0, 2), np.int64), *(part.dead for part in self._parts)]
        )

    def count(self) -> int:
        return sum(int(live.sum()) for live in self._live_now)

    def search(self, wanted: Expression, window: Window) -> Found:
        """See `Reader`."""
        return ranking.ordered(self._matched(wanted, window), window)

    def seqs(self, wanted: Expression, upto: int | None = None) -> Seqs:
        """See `Reader`."""
        found = [each.part.seqs[each.mask] for each in self._matched(wanted, Window(upto=upto))]
        return np.sort(np.concatenate([np.zeros(0, np.int64), *found]))

    def facets(
        self, wanted: Expression, facets: Sequence[Facet], upto: int | None = None
    ) -> dict[Facet, list[tuple[str, int]]]:
        """See `Reader`."""
        counted: dict[Facet, Counter[str]] = {facet: Counter() for facet in facets}
        for each in self._matched(wanted, Window(upto=upto)):
            for facet, values in counted.items():
                values.update(dict(each.part.counted(each.mask, facet)))
        return {facet: _in_order(facet, values) for facet, values in counted.items()}

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """See `Reader`."""
        counted = {word: sum(part.frequency(word) for part in self._parts) for word in words}
        return {word: count for word, count in counted.items() if count}

    def vocabulary(self) -> Iterator[tuple[str, int]]:
        """See `Reader`."""
        counted: Counter[bytes] = Counter()
        for part in self._parts:
            for term, count in part.vocabulary():
                counted[term] += count
        return ((term.decode(), count) for term, count in counted.items())

    def close(self) -> None:
        for part in self._parts:
            part.close()

    def _matched(self, wanted: Expression, window: Window) -> Iterator[Matched]:
        """Part by part, the newest first where the newest are wanted."""
        upto = window.upto
        current = upto is None or upto >= self.mark
        lives = self._live_now if current else [self._live(part, upto) for part in self._parts]
        parts = list(zip(self._parts, lives, strict=True))
        for part, live in reversed(parts) if window.sort == "newest" else parts:
            yield Matched(part, live, part.where(wanted) & live)

    @cached_property
    def _live_now(self) -> list[Mask]:
        return [self._live(part, self.mark) for part in self._parts]

    def _live(self, part: PartReader, upto: int | None) -> Mask:
        """What could be found when the index reached to a sequence number."""
        last = self.mark if upto is None else min(upto, self.mark)
        dead = self._dead[self._dead[:, 1] <= last, 0]
        return part.kept & (part.seqs <= last) & ~np.isin(part.seqs, dead)


def _in_order(facet: Facet, counted: Counter[str]) -> list[tuple[str, int]]:
    if facet in ("month", "day"):
        return sorted(counted.items())
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))
