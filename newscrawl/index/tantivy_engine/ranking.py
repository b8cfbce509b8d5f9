"""Hits by relevance: BM25 of their words, the newer of the best moved up a little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from newscrawl.index.engine import Found
from newscrawl.index.tantivy_engine.queries import except_for
from newscrawl.index.tantivy_engine.results import ordered, total_of
from newscrawl.index.tantivy_engine.schema import SEQ_BITS, seq_of

REORDERED = 100
"""So many of the best by words, or as few fewer as score more than the next one, are ordered by
recency as well; further down nobody feels it.
"""
RECENT = 0.5
"""What the newest of them gains, as a part of its score."""
HALF_LIFE_DAYS = 30.0
"""After which the gain is half of that."""
SPARE = 8
"""Hits beyond those, to see where equal scores end."""


_Scored: TypeAlias = tuple[float, tantivy.DocAddress]


@dataclass(frozen=True, slots=True)
class _Rated:
    """Hits in their order, as arrays: of 100 of them a page shows 20."""

    scores: NDArray[np.float64]
    keys: NDArray[np.int64]
    """Each orders by day and arrival, the newest the greatest."""

    def __len__(self) -> int:
        return len(self.keys)

    def sorted(self) -> _Rated:
        """The best first, of equals the newest."""
        order = np.lexsort((-self.keys, -self.scores))
        return _Rated(self.scores[order], self.keys[order])

    def cut(self, start: int, end: int) -> _Rated:
        """Some of them."""
        return _Rated(self.scores[start:end], self.keys[start:end])

    def then(self, others: _Rated) -> _Rated:
        """These, and others behind them."""
        scores = np.concatenate((self.scores, others.scores))
        return _Rated(scores, np.concatenate((self.keys, others.keys)))

    def hits(self) -> list[tuple[int, float]]:
        """Their sequence numbers and scores."""
        each = zip(self.keys.tolist(), self.scores.tolist(), strict=True)
        return [(seq_of(key), score) for key, score in each]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of what `seen` finds. What `rating` scores comes first."""

    searcher: tantivy.Searcher
    seen: Query
    rating: Query

    def found(self, offset: int, limit: int) -> Found:
        """A window of it: what has any of the words, and behind it the rest, newest first."""
        end = offset + limit
        total, rated = self._rated(end)
        hits = rated.cut(offset, end).hits()
        if len(hits) < limit and len(rated) < total:
            rest = except_for(self.seen, self.rating)
            start = max(0, offset - len(rated))
            hits += ordered(self.searcher, rest, "newest", start, limit - len(hits)).hits
        return Found(total, hits)

    def _rated(self, wanted: int) -> tuple[int, _Rated]:
        """How many are found, and the best of those with words, as many as are wanted or all."""
        total, hits, known = self._scored(wanted)
        keys = self.searcher.fast_field_values("newest", [place for _score, place in hits[:known]])
        rated = _Rated(
            np.array([score for score, _place in hits[:known]], np.float64),
            np.array([key or 0 for key in keys], np.int64),
        ).sorted()
        best = known if len(hits) <= REORDERED else _above(hits[REORDERED][0], rated)
        return total, _by_recency(rated.cut(0, best)).then(rated.cut(best, known))

    def _scored(self, wanted: int) -> tuple[int, list[_Scored], int]:
        """How many are found, the best of them by score, and how many of these are all that have
        such scores: more than nothing, and of each score every one.

        Tantivy orders equal scores by where they lie, so those at the edge are not known. A
        search costs what all that is found costs, so another is made only where a page is short.
        """
        query = Query.boolean_query(
            [(Occur.Must, Query.const_score_query(self.seen, 0.0)), (Occur.Should, self.rating)]
        )
        limit = max(wanted, REORDERED) + SPARE
        while True:
            result = self.searcher.search(query, limit=limit)
            hits: list[_Scored] = result.hits  # made anew each time that it is asked for
            edge = hits[-1][0] if len(hits) == limit else 0.0
            known = sum(score > edge for score, _place in hits)
            if edge == 0.0 or known >= wanted:
                return total_of(result), hits, known
            limit *= 2


def _above(score: float, rated: _Rated) -> int:
    """How many have more than a score."""
    return int(np.count_nonzero(rated.scores > score))


def _by_recency(rated: _Rated) -> _Rated:
    """Gains lift what is new, and nothing falls below what is not among these."""
    if not len(rated):
        return rated
    ages = _days(rated.keys >> SEQ_BITS)
    gains = RECENT * 0.5 ** ((ages.max() - ages) / HALF_LIFE_DAYS)
    return _Rated(rated.scores * (1 + gains), rated.keys).sorted()


def _days(day: NDArray[np.int64]) -> NDArray[np.float64]:
    """Days up to a YYYYMMDD, about; any number will do."""
    return day // 10_000 * 365.25 + day // 100 % 100 * 30.44 + day % 100
