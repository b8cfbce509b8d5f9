"""Reading a build: one state of all its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import numpy as np

from newscrawl.index.engine import Facet, Found, Seqs, Window
from newscrawl.index.plan import Expression
from newscrawl.index.whoosh_engine import ranking, state
from newscrawl.index.whoosh_engine.arrays import Mask
from newscrawl.index.whoosh_engine.part import UNDATED, PartReader
from newscrawl.index.whoosh_engine.ranking import Matched
from newscrawl.index.whoosh_engine.state import PartFiles


class WhooshReader:
    """See `Reader`. What the parts hold beyond the state's mark is not seen."""

    def __init__(self, directory: Path, before: WhooshReader | None = None) -> None:
        """`before`: an open one; parts that nothing was written to since are shared with it.

        Raises OSError, ValueError, KeyError or sqlite3.Error for what is damaged or missing.
        """
        held = state.read(directory)
        names = sorted(held.parts, key=lambda name: (name != UNDATED, name))
        self.reached, self.mark = held.reached, held.reached.mark
        self._directory, self._files = directory, held.files_by_part()
        same = before._still_in(directory, self._files) if before else {}
        with ExitStack() as opened:
            self._parts: list[PartReader] = []
            for name in names:
                part = same[name].shared() if name in same else PartReader(directory / name)
                opened.callback(part.close)
                self._parts.append(part)
            # A version may have been replaced by one of another day, and so of another part.
            self._dead = np.concatenate(
                [np.zeros((0, 2), np.int64), *(part.dead for part in self._parts)]
            )
            self._closing = opened.pop_all()
        self._named = dict(zip(names, self._parts, strict=True))

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

    def beginning(self, characters: Iterable[str]) -> dict[str, int]:
        """See `Reader`."""
        wanted = [character.encode() for character in characters]
        counted: Counter[bytes] = Counter()
        for part in self._parts:
            for term, count in part.beginning(wanted):
                counted[term] += count
        return {term.decode(): count for term, count in counted.items()}

    def close(self) -> None:
        self._named.clear()  # what is closed is not to be shared any more
        self._closing.close()

    def _still_in(self, directory: Path, files: Mapping[str, PartFiles]) -> dict[str, PartReader]:
        """The parts to which nothing that can be found was written between this state and another.

        Whatever adds a version to a part, or notes there which ones it replaces, or changes words,
        commits in Whoosh as well and leaves other files. Of what a side table has beyond them, no
        reader is told; what it has merged answers as before.
        """
        if directory != self._directory:
            return {}
        named = self._named.items()
        return {name: part for name, part in named if files.get(name) == self._files.get(name)}

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
