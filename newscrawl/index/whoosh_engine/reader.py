"""Reading a build: one state of all its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np

from newscrawl.index.engine import Facet, Found, Seqs, Window
from newscrawl.index.plan import Expression
from newscrawl.index.whoosh_engine import state
from newscrawl.index.whoosh_engine.part import Mask, PartReader
from newscrawl.index.whoosh_engine.parts import in_order
from newscrawl.index.whoosh_engine.postings import IMPACT
from newscrawl.index.whoosh_engine.ranking import DIGITS, first, freshness, rarity

_DIGITS: dict[Facet, int] = {"month": 6, "day": 8}


@dataclass(frozen=True, slots=True)
class _Hits:
    """Versions of one part."""

    part: PartReader
    mask: Mask
    count: int


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
        matched = self._matched(wanted, window.upto)
        total = sum(each.count for each in matched)
        return Found(total, ranking.ordered(matched, window))

    def seqs(self, wanted: Expression, upto: int | None = None) -> Seqs:
        """See `Reader`."""
        found = [each.part.seqs[each.mask] for each in self._matched(wanted, upto)]
        return np.sort(np.concatenate([np.zeros(0, np.int64), *found]))

    def facet(
        self, wanted: Expression, facet: Facet, upto: int | None = None
    ) -> list[tuple[str, int]]:
        """See `engine.Reader`. What has no value is not counted."""
        counts: Counter[str] = Counter()
        for hits in self._find(wanted, upto):
            counts.update(_values(hits, facet))
        if facet in _DIGITS:
            return sorted(counts.items())
        return sorted(counts.items(), key=lambda each: (-each[1], each[0]))

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

    def _matched(self, wanted: Expression, upto: int | None) -> list[Matched]:
        current = upto is None or upto >= self.mark
        lives = self._live_now if current else [self._live(part, upto) for part in self._parts]
        return [
            Matched(part, live, part.where(wanted) & live)
            for part, live in zip(self._parts, lives, strict=True)
        ]

    @cached_property
    def _live_now(self) -> list[Mask]:
        return [self._live(part, self.mark) for part in self._parts]

    def _scores(self, found: Sequence[_Hits], window: Window) -> NDArray[np.float64]:
        """The scores of all hits, part after part: BM25F over what could be found at the time."""
        living = self._living(window.upto)
        of = sum(int(np.count_nonzero(alive)) for alive in living)
        sums = {id(part): np.zeros(len(part.seqs)) for part in self._parts}
        for word in dict.fromkeys(window.words):
            lists = [
                (part, alive, scored)
                for part, alive in zip(self._parts, living, strict=True)
                for scored in part.scored(word)
            ]
            having = sum(int(np.count_nonzero(alive[each.places])) for _, alive, each in lists)
            weight = rarity(having, of) * IMPACT
            for part, _alive, scored in lists:
                sums[id(part)][scored.places] += weight * scored.impacts
        newest = max(
            int(part.days[alive].max(initial=0))
            for part, alive in zip(self._parts, living, strict=True)
        )
        return np.concatenate(
            [
                sums[id(hits.part)][hits.mask] * freshness(hits.part.days[hits.mask], newest)
                for hits in found
            ]
        ).round(DIGITS)


def _enough(found: Sequence[_Hits], wanted: int, *, newest: bool) -> list[_Hits]:
    """The parts, which are in order of time, that hold the first so many hits."""
    enough: list[_Hits] = []
    for hits in reversed(found) if newest else found:
        if wanted <= 0:
            break
        enough.append(hits)
        wanted -= hits.count
    return enough


def _values(hits: _Hits, facet: Facet) -> dict[str, int]:
    match facet:
        case "month" | "day":
            return _times(hits.part.days[hits.mask], _DIGITS[facet])
        case _:
            codes, names = hits.part.values(facet)
            counts = np.bincount(codes[hits.mask]).tolist()
            return {names[code]: n for code, n in enumerate(counts) if n and names[code]}


def _times(days: NDArray[np.int32], digits: int) -> dict[str, int]:
    """How many of the days begin with the same digits: 6 of months, 8 of days."""
    times, counts = np.unique(days[days > 0] // 10 ** (8 - digits), return_counts=True)
    written = (f"{time:0{digits}}" for time in times.tolist())
    labels = ("-".join(filter(None, (text[:4], text[4:6], text[6:]))) for text in written)
    return dict(zip(labels, counts.tolist(), strict=True))
