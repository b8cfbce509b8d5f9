"""One committed state of an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from tantivy import Occur, Order, Query

from newscrawl.index.engine import Facet, Found, Seqs, Window
from newscrawl.index.plan import EVERYTHING, Expression
from newscrawl.index.reach import Reach
from newscrawl.index.tantivy_engine import state
from newscrawl.index.tantivy_engine.queries import Queries
from newscrawl.index.tantivy_engine.ranking import Ranking
from newscrawl.index.tantivy_engine.results import ByDay, counted, ordered, total_of
from newscrawl.index.tantivy_engine.schema import opened
from newscrawl.index.tantivy_engine.state import State

VALUES = 65_000
"""Different values of a facet that can be told apart: more buckets Tantivy refuses."""
FEW = 250
"""As many as a page asks about: more are counted first, for a search takes room for its limit."""
_FIELDS: dict[Facet, str] = {
    "paper": "paper",
    "page": "page_shown",
    "month": "day",
    "day": "day",
    "source": "source_shown",
}
_LENGTHS = {"month": len("2023-12"), "day": len("2023-12-15")}


class TantivyReader:
    """Answers from the files as they were when it was opened."""

    def __init__(self, directory: Path) -> None:
        self._state, index = _steady(directory)
        self._queries = Queries(index)
        self._searcher = index.searcher()
        self._unfinished = counted(self._searcher, self._queries.above(self.mark)) > 0

    @property
    def mark(self) -> int:
        return self.reached.mark

    @property
    def reached(self) -> Reach:
        return self._state.reached

    def count(self) -> int:
        return counted(self._searcher, self._seen(EVERYTHING, None))

    def search(self, wanted: Expression, window: Window) -> Found:
        seen = self._seen(wanted, window.upto)
        if window.sort == "relevance" and window.words:
            ranking = Ranking(self._searcher, seen, self._queries.rating(window.words))
            return ranking.found(window.offset, window.limit)
        order: ByDay = "oldest" if window.sort == "oldest" else "newest"
        return ordered(self._searcher, seen, order, window.offset, window.limit)

    def seqs(self, wanted: Expression, upto: int | None = None) -> Seqs:
        seen = self._seen(wanted, upto)
        result = self._searcher.search(seen, limit=FEW, order_by_field="seq", order=Order.Asc)
        if (total := total_of(result)) > FEW:
            result = self._searcher.search(
                seen, limit=total, count=False, order_by_field="seq", order=Order.Asc
            )
        hits = result.hits  # made anew each time that it is asked for
        return np.fromiter((seq for seq, _place in hits), np.int64, len(hits))

    def facets(
        self, wanted: Expression, facets: Sequence[Facet], upto: int | None = None
    ) -> dict[Facet, list[tuple[str, int]]]:
        terms = {name: {"terms": {"field": _FIELDS[name], "size": VALUES}} for name in facets}
        answer = self._searcher.aggregate(self._seen(wanted, upto), terms)
        return {name: _in_order(name, answer[name]["buckets"]) for name in facets}

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        counted = {word: self._searcher.doc_freq("words", word) for word in words}
        return {word: count for word, count in counted.items() if count}

    def beginning(self, characters: Iterable[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for character in characters:
            found.update(self._searcher.terms_with_prefix("words", character))
        return found

    def close(self) -> None:
        del self._searcher

    def _seen(self, wanted: Expression, upto: int | None) -> Query:
        """What is found of the state as it stood at a sequence number."""
        last = self.mark if upto is None else min(upto, self.mark)
        clauses = [(Occur.Must, self._queries.of(wanted))]
        if last < self.mark or self._unfinished:
            clauses.append((Occur.Must, self._queries.upto(last)))
        if self._state.dead:
            dead = self._dead_now if last == self.mark else self._dead(last)
            clauses.append((Occur.MustNot, dead))
        return Query.boolean_query(clauses)

    @cached_property
    def _dead_now(self) -> Query:
        return self._dead(self.mark)

    def _dead(self, last: int) -> Query:
        return self._queries.numbered(self._state.at(last))


def _in_order(facet: Facet, buckets: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    found = [(each["key"], each["doc_count"]) for each in buckets]
    if facet in ("month", "day"):
        return _in_time(found, _LENGTHS[facet])
    return sorted(found, key=lambda each: (-each[1], each[0]))


def _in_time(found: Iterable[tuple[float, int]], length: int) -> list[tuple[str, int]]:
    """Days, or what so many of their characters say, in order."""
    counted: Counter[str] = Counter()
    for day, count in found:
        text = f"{int(day):08}"
        counted[f"{text[:4]}-{text[4:6]}-{text[6:]}"[:length]] += count
    return sorted(counted.items())


def _steady(directory: Path) -> tuple[State, tantivy.Index]:
    """A state, and the index that belongs to it or to a commit whose state is not written yet.

    Between two states versions may be taken out for good that the earlier one still finds.
    """
    while True:
        before = state.read(directory)
        index = opened(directory)
        if state.read(directory).reached == before.reached:
            return before, index
