"""The sieves of few queries as plain Python: arrays cost an article more than there is to do."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import accumulate
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


class _Rest(NamedTuple):
    """Which atoms must hold of an article beside two others, and which must not, by number."""

    wanted: frozenset[int]
    unwanted: frozenset[int]
    late: tuple[tuple[int, bool], ...]
    """What is looked at only where the rest holds: guards and days, and whether they are wanted."""

    def holds(self, standing: Set[int], late: _Late) -> bool:
        """Whether it does, of an article of which these atoms hold."""
        return (
            self.wanted <= standing
            and self.unwanted.isdisjoint(standing)
            and (not self.late or late.hold(self.late))
        )


class _Conjunction(NamedTuple):
    """What must hold of an article beside its anchor."""

    second: int
    """Another atom, _ALWAYS where there is none: it is looked at first, and seldom holds."""
    owner: int
    """The id of its query."""
    sure: bool
    rest: _Rest | None

    @property
    def nothing_else(self) -> bool:
        """Whether the query is surely true where the anchor holds."""
        return self.sure and self.second == _ALWAYS and self.rest is None


class Few:
    """Conjunctions, each looked at only where the atom holds that anchors it.

    A literal that may stand in any place of the words, and in any way, has one number as an atom
    and as a literal: most are so, and where they stand one look at each place tells.
    """

    def __init__(self, gathered: Gathered, ids: Sequence[int]) -> None:
        """`ids`: those of the queries, by their numbers; of two that are the same the last."""
        self._ids = list(ids)
        self._numbers = {each: number for number, each in enumerate(ids)}
        self._gone: set[int] = set()
        atoms = _Atoms(gathered.literals())
        self._automaton = Automaton(atoms.literals)
        conjunctions = list(self._conjunctions(gathered, atoms))
        self._particular, self._late = atoms.particular, atoms.late
        counts = Counter(each.owner for _anchor, each in conjunctions)
        alone: list[list[int]] = [[] for _atom in range(atoms.count)]
        others: list[list[_Conjunction]] = [[] for _atom in range(atoms.count)]
        for anchor, each in conjunctions:
            if each.nothing_else and counts[each.owner] == 1:
                alone[anchor].append(each.owner)
            else:
                others[anchor].append(each)
        self._alone = [*map(tuple, alone)]
        """By atom the queries that are surely true where it holds, and nowhere else."""
        self._others = [*map(tuple, others)]
        """By anchor."""

    def drop(self, numbers: Iterable[int]) -> None:
        """Let the queries of these numbers stand no more."""
        known = ((self._ids[number], number) for number in numbers)
        self._gone.update(each for each, number in known if self._numbers[each] == number)

    def matching(self, text: str, day: date | None, true: Callable[[int], bool]) -> list[int]:
        """As that of `Conditions`."""
        found, doubtful = self.holding(text, day)
        if doubtful:
            asked = set(doubtful).difference(found, self._gone)
            found += [each for each in asked if true(self._numbers[each])]
        if self._gone:
            found = [each for each in found if each not in self._gone]
        found.sort()
        return found

    def holding(self, text: str, day: date | None) -> tuple[list[int], list[int]]:
        """The ids of the queries that are surely true, each once, and of those that may be.

        What stands alone needs no set: a query of one conjunction is found once.
        """
        standing = self._standing(text)
        late = _Late(self._late, text, day)
        held: tuple[list[int], list[int]] = [], []
        alone, others = self._alone, self._others
        found: list[int] = []
        for atom in standing:
            found += alone[atom]
            for second, owner, sure, rest in others[atom]:
                if second in standing and (rest is None or rest.holds(standing, late)):
                    held[sure].append(owner)
        doubtful, several = held
        found += set(several)
        return found, doubtful

    def _conjunctions(
        self, gathered: Gathered, atoms: _Atoms
    ) -> Iterator[tuple[int, _Conjunction]]:
        """Each with its anchor."""
        anchors = gathered.anchors().tolist()
        for anchor, (number, sure, given) in zip(anchors, gathered.conjunctions(), strict=True):
            owner = self._ids[number]
            if self._numbers[owner] == number:
                atom = next(
                    atoms.number(*each[:2]) for each in given if each[0] == anchor and each[2]
                )
                yield atom, atoms.conjunction(owner, sure, given, atom)

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
        self.count = len(literals)
        """Of numbers that are given."""

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
        late = tuple(each for each in numbered if each[0] in self.late)
        wanted = {number for number, wanted in soon if wanted} - {anchor}
        unwanted = frozenset(number for number, wanted in soon if not wanted)
        second = wanted.pop() if wanted else _ALWAYS
        rest = _Rest(frozenset(wanted), unwanted, late) if wanted or unwanted or late else None
        return _Conjunction(second, owner, sure, rest)

    def _new(self, literal: int, places: Places) -> int:
        text = self.literals[literal]
        if is_guard(text) or places == GIVEN:
            number = self._fresh()
            self.late[number] = text, places
        elif places != ANYWHERE or EDGE in text:
            number = self._fresh()
            self.particular.setdefault(literal, []).append((number, places))
        else:
            number = literal
        return number

    def _fresh(self) -> int:
        self.count += 1
        return self.count - 1


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
