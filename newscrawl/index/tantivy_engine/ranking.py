"""Hits by relevance: BM25 of their words, the newer of the best moved up a little."""

from __future__ import annotations

from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from newscrawl.index.engine import Found
from newscrawl.index.tantivy_engine.queries import except_for
from newscrawl.index.tantivy_engine.results import ordered, total_of
from newscrawl.index.tantivy_engine.schema import day_of, seq_of

REORDERED = 200
"""So many of the best by words are ordered by recency as well; further down nobody feels it."""
RECENT = 0.5
"""What the newest of them gains, as a part of its score."""
HALF_LIFE_DAYS = 30.0
"""After which the gain is half of that."""
SPARE = 8
"""Hits beyond those wanted, to see where equal scores end."""


@dataclass(frozen=True, slots=True)
class _Rated:
    score: float
    key: int
    """Orders by day and arrival, the newest the greatest."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of what `seen` finds. What `rating` scores comes first."""

    searcher: tantivy.Searcher
    seen: Query
    rating: Query

    def found(self, offset: int, limit: int) -> Found:
        """A window of it: what has any of the words, and behind it the rest, newest first."""
        end = offset + limit
        total, rated = self._rated(max(end, REORDERED))
        hits = [(seq_of(each.key), each.score) for each in rated[offset:end]]
        if len(hits) < limit and len(rated) < total:
            rest = except_for(self.seen, self.rating)
            start = max(0, offset - len(rated))
            hits += ordered(self.searcher, rest, "newest", start, limit - len(hits)).hits
        return Found(total, hits)

    def _rated(self, wanted: int) -> tuple[int, list[_Rated]]:
        """How many are found, and the best of those with words, at most `wanted`."""
        total, hits = self._scored(wanted)
        keys = self.searcher.fast_field_values("newest", [place for _score, place in hits])
        rated = [
            _Rated(score, int(key or 0)) for (score, _place), key in zip(hits, keys, strict=True)
        ]
        rated.sort(key=lambda each: (-each.score, -each.key))
        return total, _by_recency(rated[:REORDERED]) + rated[REORDERED:wanted]

    def _scored(self, wanted: int) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
        """At least so many of the best, and every one with the score of any of them.

        Tantivy orders equal scores by where they lie, so those at the edge are left out.
        """
        query = Query.boolean_query(
            [(Occur.Must, Query.const_score_query(self.seen, 0.0)), (Occur.Should, self.rating)]
        )
        limit = wanted + SPARE
        while True:
            result = self.searcher.search(query, limit=limit)
            edge = result.hits[-1][0] if len(result.hits) == limit else 0.0
            known = [hit for hit in result.hits if hit[0] > edge]
            if edge == 0.0 or len(known) >= wanted:
                return total_of(result), known
            limit *= 2


def _by_recency(rated: list[_Rated]) -> list[_Rated]:
    """Gains lift what is new, and nothing falls below what is not among these."""
    if not rated:
        return []
    ages = [_days(day_of(each.key)) for each in rated]
    newest = max(ages)
    gained = [
        _Rated(each.score * (1 + RECENT * 0.5 ** ((newest - age) / HALF_LIFE_DAYS)), each.key)
        for each, age in zip(rated, ages, strict=True)
    ]
    return sorted(gained, key=lambda each: (-each.score, -each.key))


def _days(day: int) -> float:
    """Days up to a YYYYMMDD, about; any number will do."""
    return day // 10_000 * 365.25 + day // 100 % 100 * 30.44 + day % 100
