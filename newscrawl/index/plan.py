"""A query as engines answer it: runs of grams, keys and days, and sets made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from newscrawl.query import needles
from newscrawl.query.subject import folded
from newscrawl.query.tree import (
    And,
    DateRange,
    Guard,
    Named,
    Near,
    Node,
    Not,
    Or,
    Term,
    Text,
    TextField,
)

Column: TypeAlias = Literal["headline", "around", "body", "source", "author"]
"""Where grams stand; `around`: kicker and subhead."""
FIRST_DAY, LAST_DAY = 0, 99_999_999

_COLUMNS: Mapping[TextField | None, tuple[Column, ...]] = {
    None: ("headline", "around", "body"),
    "headline": ("headline",),
    "body": ("body",),
    "source": ("source",),
    "author": ("author",),
}


@dataclass(frozen=True, slots=True)
class Run:
    """Versions in which these grams follow one another in one of the columns."""

    grams: tuple[str, ...]
    prefix: bool
    """The last gram may go on."""
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """Versions whose paper (the spider's name) or whose page (code or name) is one of these."""

    field: Literal["paper", "page"]
    values: tuple[str, ...]
    """Folded; none finds nothing."""


@dataclass(frozen=True, slots=True)
class Days:
    """Versions of the days `since` to `until`, both included, as numbers YYYYMMDD.

    None that is undated.
    """

    since: int = FIRST_DAY
    until: int = LAST_DAY


@dataclass(frozen=True, slots=True)
class Listed:
    """The versions with these sequence numbers, ascending, as far as they can be found."""

    seqs: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class All:
    """What every child finds; without children every version."""

    children: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """What any child finds; without children nothing."""

    children: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """What the child does not find."""

    child: Expression


Expression: TypeAlias = Run | Key | Days | Listed | All | Some | Without
EVERYTHING, NOTHING = All(), Some()
NONE: Mapping[Text, Expression] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """Two expressions between which a query lies, for an engine cannot decide all of it."""

    sure: Expression
    """It finds nothing that does not match."""
    possible: Expression
    """It finds every version that matches."""

    @classmethod
    def of(cls, expression: Expression) -> Plan:
        """What an engine decides by itself."""
        return cls(expression, expression)

    @property
    def exact(self) -> bool:
        """Both find the same."""
        return self.sure is self.possible

    @property
    def doubt(self) -> Expression:
        """What is to be verified against its text."""
        return All((self.possible, Without(self.sure)))


def plan(node: Node, titles: Mapping[str, str], known: Mapping[Text, Expression] = NONE) -> Plan:
    """The plan of a query.

    `titles`: what each paper is called, by the spider's name. `known`: the versions in which a
    leaf was found that is not exact by itself. Where each is known for all that its query leaves
    in doubt, the plan is exact.
    """
    match node:
        case And(children):
            return _together(All, [plan(child, titles, known) for child in children])
        case Or(children):
            return _together(Some, [plan(child, titles, known) for child in children])
        case Not(child):
            return _not(plan(child, titles, known))
        case Named("paper", text):
            return Plan.of(Key("paper", _papers(folded(text), titles)))
        case Named(_, text):
            return Plan.of(Key("page", (folded(text),)))
        case DateRange(since, until):
            days = Days(
                int(since.strftime("%Y%m%d")) if since else FIRST_DAY,
                int(until.strftime("%Y%m%d")) if until else LAST_DAY,
            )
            return Plan.of(days)
        case Term() | Guard() | Near():
            found = text_plan(node)
            return Plan.of(Some((found.sure, known[node]))) if node in known else found


def text_plan(leaf: Text) -> Plan:
    """The plan of one leaf."""
    match leaf:
        case Term():
            return _term(leaf)
        case Guard(term, exceptions):
            # Where no exception stands at all, the term is part of none.
            apart = Without(Some(tuple(_term(each).possible for each in exceptions)))
            found = _term(term)
            return Plan(All((found.sure, apart)), found.possible)
        case Near(texts, _, field):
            terms = tuple(_term(Term(text, field)).possible for text in texts)
            return Plan(NOTHING, All(terms))


def _term(term: Term) -> Plan:
    columns = _COLUMNS[term.field]
    exact: list[Expression] = []
    others: list[Expression] = []
    for each in needles.phrases(needles.needle(term.text, term.prefix)):
        run = Run(each.grams, each.prefix, columns) if each.grams else EVERYTHING
        (exact if each.exact else others).append(run)
    sure = _any(exact)
    return Plan(sure, _any([*exact, *others])) if others else Plan.of(sure)


def _any(runs: list[Expression]) -> Expression:
    return runs[0] if len(runs) == 1 else Some(tuple(runs))


def _together(joined: type[All | Some], plans: Sequence[Plan]) -> Plan:
    sure = joined(tuple(each.sure for each in plans))
    if all(each.exact for each in plans):
        return Plan.of(sure)
    return Plan(sure, joined(tuple(each.possible for each in plans)))


def _not(inner: Plan) -> Plan:
    sure = Without(inner.possible)
    return Plan.of(sure) if inner.exact else Plan(sure, Without(inner.sure))


def _papers(called: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        folded(name) for name, title in titles.items() if called in (folded(name), folded(title))
    )
