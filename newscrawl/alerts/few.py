"""The sieves of few queries as plain Python: arrays cost an article more than there is to do."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate, count
from typing import NamedTuple

from newscrawl.alerts.automaton import Automaton, Found
from newscrawl.alerts.gathered import Gathered
from newscrawl.query.literals import (
    ANYWHERE,
    EDGE,
    Places,
    is_guard,
    places_of,
    stands_apart,
    words_end,
)
from newscrawl.query.sieve import GIVEN, days

_ALWAYS = 0
"""What holds of every article."""


class _Conjunction(NamedTuple):
    """What must hold of an article beside its anchor, and what must not: numbers of atoms."""

    owner: int
    sure: bool
    wanted: frozenset[int]
    unwanted: frozenset[int]
    late: tuple[tuple[int, bool], ...]
    """What is looked at only where the rest holds: guards and days, and whether they are wanted."""


class Few:
    """Conjunctions, each looked at only where the atom holds that anchors it.

    A literal that may stand in any place of the words, and in any way, has one number as an atom
    and as a literal: most are so, and where they stand one look at each place tells.
    """

    def __init__(self, gathered: Gathered, ids: Sequence[int]) -> None:
        """`ids`: those of the queries, by their numbers."""
        self._ids = list(ids)
        self._gone: set[int] = set()
        atoms = _Atoms(gathered.literals())
        self._automaton = Automaton(atoms.literals)
        self._particular, self._late = atoms.particular, atoms.late
        anchored: dict[int, tuple[list[int], list[_Conjunction]]] = {}
        anchors = gathered.anchors().tolist()
        for anchor, (owner, sure, given) in zip(anchors, gathered.conjunctions(), strict=True):
            number = next(
                atoms.number(*each[:2]) for each in given if each[0] == anchor and each[2]
            )
            alone, others = anchored.setdefault(number, ([], []))
            if sure and len(given) == 1:
                alone.append(owner)
            else:
                others.append(atoms.conjunction(owner, sure, given, number))
        self._anchored = anchored

    def drop(self, numbers: Iterable[int]) -> None:
        """Let the queries of these numbers stand no more."""
        self._gone.update(numbers)

    def matching(self, text: str, day: date | None, true: Callable[[int], bool]) -> list[int]:
        """As that of `Conditions`."""
        sure, doubtful = self.holding(text, day)
        found = set(sure)
        if doubtful:
            found.update(filter(true, set(doubtful) - found - self._gone))
        if self._gone:
            found -= self._gone
        ids = self._ids
        return sorted([ids[number] for number in found])

    def holding(self, text: str, day: date | None) -> tuple[list[int], list[int]]:
        """As that of `Conditions`."""
        standing = self._standing(text)
        late = _Late(self._late, text, day)
        found: tuple[list[int], list[int]] = [], []
        doubtful, sure = found
        for anchored in filter(None, map(self._anchored.get, standing)):
            alone, others = anchored
            sure += alone
            for owner, certain, wanted, unwanted, more in others:
                if (
                    wanted <= standing
                    and (not unwanted or unwanted.isdisjoint(standing))
                    and (not more or late.hold(more))
                ):
                    found[certain].append(owner)
        return sure, doubtful

    def _standing(self, text: str) -> set[int]:
        """The atoms that hold of an article, without those that are late."""
        found = self._automaton.found(text)
        words = words_end(text)
        standing = {number for number, start, _end in found if start < words}
        standing.add(_ALWAYS)
        if self._particular:
            standing.update(self._in_particular(text, found))
        return standing

    def _in_particular(self, text: str, found: Found) -> Iterator[int]:
        ends: Sequence[int] = ()
        for number, start, end in found:
            wanted = self._particular.get(number)
            if wanted and self._automaton.whole(number, start, end, text):
                ends = ends or [*accumulate(len(part) + 1 for _place, part in places_of(text))]
                place = 1 << bisect(ends, start)
                yield from (atom for atom, places in wanted if places & place)


class _Atoms:
    """Gives numbers to atoms: that of their literal, or one beyond those of all literals."""

    def __init__(self, literals: Sequence[str]) -> None:
        self.literals = literals
        self.particular: dict[int, list[tuple[int, Places]]] = {}
        """By literal the atoms that ask for some places only, or for an edge."""
        self.late: dict[int, tuple[str, Places]] = {}
        """The literals and places of atoms that no automaton finds."""
        self._numbers: dict[tuple[int, Places], int] = {(_ALWAYS, GIVEN): _ALWAYS}
        self._fresh = count(len(literals))

    def number(self, literal: int, places: Places) -> int:
        """The number of an atom, known or new."""
        known = self._numbers.get((literal, places))
        if known is None:
            known = self._numbers[literal, places] = self._new(literal, places)
        return known

    def conjunction(
        self, owner: int, sure: bool, atoms: Iterable[tuple[int, Places, bool]], anchor: int
    ) -> _Conjunction:
        """It in these numbers, looked at where `anchor` holds."""
        numbered = [(self.number(literal, places), wanted) for literal, places, wanted in atoms]
        soon = [each for each in numbered if each[0] not in self.late]
        return _Conjunction(
            owner,
            sure,
            frozenset(number for number, wanted in soon if wanted) - {anchor},
            frozenset(number for number, wanted in soon if not wanted),
            tuple(each for each in numbered if each[0] in self.late),
        )

    def _new(self, literal: int, places: Places) -> int:
        text = self.literals[literal]
        if is_guard(text) or places == GIVEN:
            number = next(self._fresh)
            self.late[number] = text, places
        elif places != ANYWHERE or EDGE in text:
            number = next(self._fresh)
            self.particular.setdefault(literal, []).append((number, places))
        else:
            number = literal
        return number


class _Late:
    """What holds of one article and is looked at only when it is asked for, each once."""

    def __init__(
        self, atoms: Mapping[int, tuple[str, Places]], text: str, day: date | None
    ) -> None:
        self._atoms, self._text, self._day = atoms, text, day
        self._known: dict[int, bool] = {}

    def hold(self, wanted: Iterable[tuple[int, bool]]) -> bool:
        """Whether each of these holds, or does not, as it is wanted."""
        return all(self._holds(number) == so for number, so in wanted)

    def _holds(self, number: int) -> bool:
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._looked(*self._atoms[number])
        return known

    def _looked(self, literal: str, places: Places) -> bool:
        if places == GIVEN:
            since, until = days(literal)
            return self._day is not None and since <= self._day <= until
        return any(
            place & places and stands_apart(literal, part) for place, part in places_of(self._text)
        )
