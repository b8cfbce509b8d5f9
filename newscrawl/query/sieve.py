"""What must stand in an article for a query to be true of it, as far as literals can say.

A sieve is made once for each standing query, and stored beside it: reading it takes microseconds,
parsing the query a hundred times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import NamedTuple, TypeAlias

from newscrawl.query.literals import (
    ANYWHERE,
    AUTHOR,
    BODY,
    EDGE,
    FIELDS,
    HEADLINE,
    NAMES,
    SOURCE,
    Places,
    guard_literals,
    literals,
    name_literal,
    weight,
)
from newscrawl.query.tree import And, DateRange, Guard, Named, Near, Node, Not, Or, Term

FORMAT = "1"
"""Grows with every change of what a sieve says; what has another number is made anew."""
GIVEN: Places = 64
"""The place of a literal that is looked for in no text: the article's day is within it."""
MOST = 64
"""Conjunctions that an AND of ORs may come to; of more, the ORs that are commonest are left out."""


class Atom(NamedTuple):
    """A literal that stands in one of these places, or in none of them.

    That of a guard stands where it does apart.
    """

    literal: str
    places: Places = ANYWHERE
    wanted: bool = True


Conjunction: TypeAlias = tuple[Atom, ...]
"""All of it is true; without atoms it always is."""
Conjunctions: TypeAlias = tuple[Conjunction, ...]
"""Any of them is true; none is never."""
_NOTHING: Conjunctions = ()
_EVERYTHING: Conjunctions = ((),)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Two conditions between which a query lies."""

    sure: Conjunctions
    """Where one of these is true, the query is."""
    doubtful: Conjunctions = ()
    """Where the query is true, one of these or of the others is."""

    @property
    def exact(self) -> bool:
        """Whether the tree need never be looked at."""
        return not self.doubtful

    def text(self) -> str:
        """It as `read` reads it: the format, and a line for each conjunction."""
        lines = [FORMAT]
        for sign, conjunctions in ((_SURE, self.sure), (_DOUBTFUL, self.doubtful)):
            lines += [sign + "\t".join(map(_written, each)) for each in conjunctions]
        return "\n".join(lines)


def sieve(node: Node) -> Sieve:
    """The sieve of a query."""
    sure, possible = _sets(node, True, True), _sets(node, True, False)
    if sure == possible:
        return Sieve(sure)
    said = list(map(frozenset, sure))
    return Sieve(sure, tuple(each for each in possible if not _follows(each, said)))


def read(text: str) -> Sieve | None:
    """The sieve of its text; None for one of another format, or one that is damaged."""
    form, *lines = text.split("\n")
    if form != FORMAT:
        return None
    found: dict[str, list[Conjunction]] = {_SURE: [], _DOUBTFUL: []}
    try:
        for line in lines:
            found[line[0]].append(tuple(map(_atom, line[1:].split("\t"))) if line[1:] else ())
    except (LookupError, ValueError):
        return None
    return Sieve(tuple(found[_SURE]), tuple(found[_DOUBTFUL]))


def days(literal: str) -> tuple[date, date]:
    """The first and the last day of a literal that is GIVEN. Raises ValueError for another."""
    since, until = map(date.fromisoformat, literal.split(_TO))
    return since, until


def _sets(node: Node, wanted: bool, sure: bool) -> Conjunctions:
    """Where `node` is `wanted`: surely, or else possibly."""
    match node:
        case Not(child):
            return _sets(child, not wanted, sure)
        case And(children) | Or(children):
            parts = [_sets(child, wanted, sure) for child in children]
            return _all(parts, sure) if isinstance(node, And) == wanted else _any(parts)
        case Term(field=field):
            return _standing(literals(node), FIELDS[field], wanted)
        case Guard():
            return _apart(node, wanted)
        case Near(texts, _, field):
            if wanted == sure:
                return _NOTHING if wanted else _EVERYTHING
            apart = [_sets(Term(text, field), wanted, sure) for text in texts]
            return _all(apart, sure) if wanted else _any(apart)
        case Named():
            return _standing((name_literal(node),), NAMES, wanted)
        case DateRange(since, until):
            between = f"{since or date.min}{_TO}{until or date.max}"
            return _standing((between,), GIVEN, wanted)


def _standing(texts: Sequence[str], places: Places, wanted: bool) -> Conjunctions:
    if wanted:
        return tuple((Atom(text, places),) for text in texts)
    return (tuple(Atom(text, places, wanted=False) for text in texts),)


def _apart(guard: Guard, wanted: bool) -> Conjunctions:
    """Beside each way to say it what stands in any case: it can be looked for."""
    found, places = list(guard_literals(guard)), FIELDS[guard.term.field]
    if wanted:
        return tuple((Atom(text, places), Atom(apart, places)) for text, apart in found)
    return (tuple(Atom(apart, places, wanted=False) for _text, apart in found),)


def _any(parts: Iterable[Conjunctions]) -> Conjunctions:
    return tuple(dict.fromkeys(each for part in parts for each in part))


def _all(parts: Iterable[Conjunctions], sure: bool) -> Conjunctions:
    """Their product. Where that is too large nothing is sure, and what is possible is said by the
    rarest of the parts."""
    made = _EVERYTHING
    for part in sorted(parts, key=_commonness):
        if len(part) > 1 and len(made) > 1 and len(made) * len(part) > MOST:
            if sure:
                return _NOTHING
            continue
        made = tuple(dict.fromkeys(_joined(product(made, part))))
    return made


def _commonness(part: Conjunctions) -> float:
    return sum(2.0 ** -max((_rarity(atom) for atom in each), default=0) for each in part)


def _rarity(atom: Atom) -> int:
    return weight(atom.literal) if atom.wanted and atom.places != GIVEN else 0


def _joined(pairs: Iterable[tuple[Conjunction, Conjunction]]) -> Iterator[Conjunction]:
    """Each pair as one, without those that contradict themselves."""
    for one, other in pairs:
        atoms = dict.fromkeys(one + other)
        if not any(atom._replace(wanted=not atom.wanted) in atoms for atom in other):
            yield tuple(atoms)


def _follows(conjunction: Conjunction, said: Iterable[frozenset[Atom]]) -> bool:
    """Whether one of these is true wherever it is."""
    atoms = frozenset(conjunction)
    return any(each <= atoms for each in said)


_SURE, _DOUBTFUL = "=", "?"
_TO = ".."
_LETTERS: Mapping[Places, str] = {
    ANYWHERE: "t",
    HEADLINE: "h",
    BODY: "b",
    SOURCE: "s",
    AUTHOR: "a",
    NAMES: "n",
    GIVEN: "d",
}
"""How the places of an atom are written; as a capital where it must stand in none of them."""
_PLACES: Mapping[str, tuple[Places, bool]] = {
    written: (places, written == letter)
    for places, letter in _LETTERS.items()
    for written in (letter, letter.upper())
}


def _written(atom: Atom) -> str:
    letter = _LETTERS[atom.places]
    return (letter if atom.wanted else letter.upper()) + atom.literal


def _atom(text: str) -> Atom:
    """Raises LookupError or ValueError for what is none."""
    atom = Atom(text[1:], *_PLACES[text[0]])
    if atom.places == GIVEN:
        days(atom.literal)
    elif not atom.literal.strip(EDGE):
        raise ValueError(text)
    return atom
