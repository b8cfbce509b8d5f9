"""A query as engines answer it: runs of grams, keys and days, and sets made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from newscrawl.query import needles
from newscrawl.query.subject import folded
from newscrawl.query.tree import And, DateRange, Guard, Named, Near, Node, Not, Or, Term, TextField

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
EVERYTHING = All()


@dataclass(frozen=True, slots=True)
class Plan:
    """An expression that finds every version that matches a query."""

    wanted: Expression
    exact: bool
    """It finds nothing else; otherwise each version is to be verified against its text."""


def plan(node: Node, titles: Mapping[str, str]) -> Plan:
    """The plan of a query. `titles`: what each paper is called, by the spider's name."""
    match node:
        case And(children):
            plans = [plan(child, titles) for child in children]
            return Plan(All(_wanted(plans)), all(each.exact for each in plans))
        case Or(children):
            plans = [plan(child, titles) for child in children]
            return Plan(Some(_wanted(plans)), all(each.exact for each in plans))
        case Not(child):
            inner = plan(child, titles)
            return Plan(Without(inner.wanted) if inner.exact else EVERYTHING, inner.exact)
        case Named("paper", text):
            return Plan(Key("paper", _papers(folded(text), titles)), exact=True)
        case Named(_, text):
            return Plan(Key("page", (folded(text),)), exact=True)
        case DateRange(since, until):
            days = Days(
                int(since.strftime("%Y%m%d")) if since else FIRST_DAY,
                int(until.strftime("%Y%m%d")) if until else LAST_DAY,
            )
            return Plan(days, exact=True)
        case Term():
            return _term(node)
        case Guard(term):
            return Plan(_term(term).wanted, exact=False)
        case Near(texts, _, field):
            terms = tuple(_term(Term(text, field)).wanted for text in texts)
            return Plan(All(terms), exact=False)


def _term(term: Term) -> Plan:
    phrases = needles.phrases(needles.needle(term.text, term.prefix))
    columns = _COLUMNS[term.field]
    runs = tuple(
        Run(each.grams, each.prefix, columns) if each.grams else EVERYTHING for each in phrases
    )
    wanted = runs[0] if len(runs) == 1 else Some(runs)
    return Plan(wanted, all(each.exact for each in phrases))


def _papers(called: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        folded(name) for name, title in titles.items() if called in (folded(name), folded(title))
    )


def _wanted(plans: Iterable[Plan]) -> tuple[Expression, ...]:
    return tuple(each.wanted for each in plans)
