"""The sieves of many queries as arrays: which of their conjunctions hold in an article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from newscrawl.alerts.automaton import Automaton
from newscrawl.alerts.gathered import Gathered
from newscrawl.alerts.numbers import Indices, Numbers, distinct, ranges, spread
from newscrawl.query.literals import is_guard, places_of, stands_apart
from newscrawl.query.sieve import GIVEN, days

_NONE: Numbers = np.empty(0, np.int32)
_BITS = np.left_shift(1, np.arange(8)).astype(np.uint8)
_FIRST = np.zeros(1, np.intp)
"""The number of the literal that always holds."""


class Conditions:
    """Conjunctions, each looked at only where the literal stands that anchors it.

    They lie in the order of their anchors, and their atoms in the order of theirs.
    """

    def __init__(self, gathered: Gathered, ids: Sequence[int]) -> None:
        """`ids`: those of the queries, by their numbers."""
        self._ids = np.array(ids, np.int64)
        self._live = np.ones(len(ids), np.bool_)
        literals = gathered.literals()
        self._automaton = Automaton(literals)
        self._days = _Days(literals, gathered)
        self._guards = {n: literal for n, literal in enumerate(literals) if is_guard(literal)}
        self._guard = np.zeros(len(literals), np.bool_)
        self._guard[list(self._guards)] = True
        self._standing = np.zeros(len(literals), np.uint8)
        """The places where each literal stands in the article that is looked at; else 0."""
        self._arrange(gathered, len(literals))

    def drop(self, numbers: Iterable[int]) -> None:
        """Let the queries of these numbers stand no more."""
        self._live[np.fromiter(numbers, np.intp)] = False

    def matching(self, text: str, day: date | None, true: Callable[[int], bool]) -> list[int]:
        """The ids of the queries that match an article, ascending.

        `text`: as `laid_out` gives it; `day`: its date; `true` tells of a query, by its number,
        that may match.
        """
        sure, doubtful = map(self._standing_ones, self.holding(text, day))
        if len(doubtful):
            asked = np.setdiff1d(doubtful, sure, assume_unique=True).tolist()
            sure = np.concatenate([sure, np.array([*filter(true, asked)], np.int32)])
        ids: list[int] = np.sort(self._ids[sure]).tolist()
        return ids

    def holding(self, text: str, day: date | None) -> tuple[Numbers, Numbers]:
        """The queries that are surely true, and those that may be; any more than once."""
        numbers, places = self._automaton.standing(text)
        if not len(numbers) and not self._always:
            return _NONE, _NONE
        found = [_FIRST, distinct(numbers)]
        try:
            self._mark(text, numbers, places)
            self._days.mark(self._standing, day)
            candidates, _starts = ranges(self._first, np.concatenate(found))
            if not len(candidates):
                return _NONE, _NONE
            atoms, starts = ranges(self._atoms, candidates)
            if self._guards:
                found.append(self._mark_guards(text, atoms))
            held = candidates[np.logical_and.reduceat(self._true(atoms), starts)]
            owners, sure = self._owner[held], self._sure[held]
            return owners[sure], owners[~sure]
        finally:
            for each in found:
                self._standing[each] = 0

    def _standing_ones(self, numbers: Numbers) -> Numbers:
        """Those that stand, each once."""
        return distinct(numbers[self._live[numbers]]) if len(numbers) else numbers

    def _arrange(self, gathered: Gathered, literals: int) -> None:
        anchors, sizes = gathered.anchors(), gathered.sizes().astype(np.intp)
        order = np.argsort(anchors, kind="stable")
        self._first = np.searchsorted(anchors[order], np.arange(literals + 1))
        """Of each literal the first conjunction that it anchors, or the next one's."""
        self._always = bool(self._first[1])
        """Whether some are looked at in every article."""
        self._owner = gathered.owners()[order]
        self._sure = gathered.sure()[order]
        first, ends = (sizes.cumsum() - sizes)[order], sizes[order].cumsum()
        atoms, _starts = spread(first, ends)
        self._literal, self._places, self._wanted = (each[atoms] for each in gathered.atoms())
        self._atoms = np.concatenate([_FIRST, ends])
        """Of each conjunction the first atom; at the end how many there are."""

    def _mark(self, text: str, numbers: Indices, starts: Indices) -> None:
        """Mark these literals in the places where they begin."""
        ends = np.fromiter(accumulate(len(part) + 1 for _place, part in places_of(text)), np.intp)
        np.bitwise_or.at(self._standing, numbers, _BITS[ends.searchsorted(starts, "right")])

    def _mark_guards(self, text: str, atoms: Indices) -> Indices:
        """Mark where guards among these atoms stand apart; their literals."""
        literals = self._literal[atoms]
        guards = distinct(literals[self._guard[literals]].astype(np.intp))
        places = list(places_of(text))
        for number in guards.tolist():
            literal = self._guards[number]
            self._standing[number] = sum(
                place for place, part in places if stands_apart(literal, part)
            )
        return guards

    def _true(self, atoms: Indices) -> NDArray[np.bool_]:
        stands = (self._standing[self._literal[atoms]] & self._places[atoms]) != 0
        true: NDArray[np.bool_] = stands == self._wanted[atoms]
        return true


class _Days:
    """The literals that no text is asked for."""

    def __init__(self, literals: Sequence[str], gathered: Gathered) -> None:
        literal, places, _wanted = gathered.atoms()
        given = np.unique(literal[places == GIVEN])
        self._numbers = given[given != 0]
        within = [days(literals[number]) for number in self._numbers]
        self._since = np.array([since.toordinal() for since, _until in within], np.int32)
        self._until = np.array([until.toordinal() for _since, until in within], np.int32)

    def mark(self, standing: NDArray[np.uint8], day: date | None) -> None:
        """Mark what holds of an article of that day."""
        standing[0] = GIVEN
        if len(self._numbers):
            number = day.toordinal() if day else 0
            within = (self._since <= number) & (number <= self._until)
            standing[self._numbers] = np.where(within, GIVEN, 0)
