"""What is to be said of a subscription before it is saved: it may not do what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Literal, TypeAlias

from newscrawl.alerts.evidence import Evidence
from newscrawl.alerts.longer import (
    Longer,
    cut_word,
    guarded,
    longer_names,
    nameable,
    with_leaf,
)
from newscrawl.index.answers import Question, answer
from newscrawl.index.search import SearchRequest
from newscrawl.query.errors import QueryError
from newscrawl.query.needles import Span
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.tree import And, DateRange, Guard, Term
from newscrawl.query.truth import contradicts, leaves, required, weight, wordless

Kind: TypeAlias = Literal["never", "nothing", "everything", "longer name", "twin", "costly"]
"""`never` contradicts itself, or asks for days that are over; `nothing`: no article is held that
has it.
"""
NEARLY = 0.9
"""A term that stands only in a longer name in so large a share of the articles is nearly always
part of it."""
LEAST = 5
"""Articles that must have the term before that is said."""
ARTICLES = 20
"""Articles of the days below which no share of them is told."""
LATE = timedelta(days=7)
"""By which an edition may be past and an edit in it be news still."""
COMPARED = 2_000
"""Hits, the newest, that are looked for among those of another subscription."""
MOST_TWINS = 3
"""That are named."""
MOST_OTHERS = 100
"""Other subscriptions that are compared, the first ones."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Beyond these a subscription asks for attention."""

    share: float = 0.2
    """Of all articles of the days."""
    clauses: int = 64
    """Words, phrases, names and dates."""
    cost: int = 2_000
    """Words looked for among 1,000 articles: see `cost`."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another subscription of the same person."""

    name: str
    query: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a subscription, or may be."""

    kind: Kind
    says: str
    """A sentence with what to do."""
    place: Span | None = None
    """Start and end in the query as it was written, where it is about a part of it."""


def lint(evidence: Evidence, others: Sequence[Other], caps: Caps) -> list[Remark]:
    """What there is to say, the gravest first."""
    return [
        *_never(evidence),
        *_everything(evidence, caps),
        *_longer(evidence),
        *islice(_twins(evidence, others), MOST_TWINS),
        *_costly(evidence, caps),
    ]


def cost(evidence: Evidence) -> int:
    """About how many words are looked for among 1,000 articles: those of the whole query in every
    article that has what must stand in it, which is found for all subscriptions at once.
    """
    needed = required(evidence.tree)
    if needed is None or not evidence.articles:
        share = 1.0
    elif needed == evidence.tree:
        share = evidence.found.total / evidence.articles
    else:
        share = evidence.total(replace(evidence.request, query=show(needed))) / evidence.articles
    return round(1000 * min(1.0, share) * weight(evidence.tree))


def _never(evidence: Evidence) -> Iterator[Remark]:
    if contradicts(evidence.tree):
        says = "it never fires: what it asks for it excludes as well; take one of the two out"
        yield Remark("never", says)
    elif contradicts(And((evidence.tree, DateRange(evidence.until - LATE, None)))):
        yield Remark("never", "it never fires: the days that it asks for are over; leave them out")
    elif not evidence.found.total and not evidence.ever.total:
        yield Remark("nothing", _nothing(evidence))


def _nothing(evidence: Evidence) -> str:
    """That nothing has it yet, and what finds something instead."""
    anywhere = replace(evidence.request, since=None, until=None, limit=0)
    told = answer(evidence.searcher, Question(anywhere))
    offered = [*told.suggestions, *filter(None, [told.separated])]
    nothing = f"nothing held{' of its papers' if evidence.proposal.papers else ''} has it so far"
    if not offered:
        return (
            f"{nothing}: if that is a surprise, look whether it is written as the papers write it, "
            "or ask for less"
        )
    found = ", ".join(f"{each.query} ({each.total} 篇)" for each in offered)
    return f"{nothing}; what may have been meant: {found}"


def _everything(evidence: Evidence, caps: Caps) -> Iterator[Remark]:
    if wordless(evidence.tree) and not contradicts(evidence.tree):
        says = (
            "no word of it must stand in an article, so that it fires on all that its papers print "
            "and it does not exclude: add a word that must stand"
        )
        yield Remark("everything", says)
        return
    found, articles = evidence.found.total, evidence.articles
    if articles >= ARTICLES and found > caps.share * articles:
        says = (
            f"it fires on {found / articles:.0%} of all articles ({found} of {articles}): "
            "add a word that must stand as well, or write a longer one"
        )
        yield Remark("everything", says)


def _longer(evidence: Evidence) -> Iterator[Remark]:
    for term in nameable(evidence.tree):
        names = longer_names(term, evidence.examples, evidence.searcher.segment)
        name = names[0] if names and names[0].share >= NEARLY else None
        name = name or cut_word(term, evidence.examples, NEARLY)
        if name and name.having >= LEAST:
            yield _within(evidence, term, name)


def _within(evidence: Evidence, term: Term | Guard, name: Longer) -> Remark:
    plain = term.term if isinstance(term, Guard) else term
    instead = show(with_leaf(evidence.tree, term, Term(name.text, plain.field)))
    without = show(with_leaf(evidence.tree, term, guarded(term, name.text)))
    often = "all" if name.within == name.having else f"{name.within} of"
    says = (
        f"“{plain.text}” stands only within “{name.text}” in {often} {name.having} articles: "
        f"if that is meant, write {instead}; if it is not, write {without}"
    )
    return Remark("longer name", says, place_of(plain.text, evidence.proposal.query))


def place_of(text: str, query: str) -> Span | None:
    """Where a text of the query is written first."""
    start = query.find(text)
    return (start, start + len(text)) if start >= 0 else None


def _twins(evidence: Evidence, others: Sequence[Other]) -> Iterator[Remark]:
    some = evidence.seqs[:COMPARED]
    hits = sorted(some)
    for other in others[:MOST_OTHERS]:
        asked = replace(evidence.request, query=other.query, papers=other.papers)
        try:
            tree = parse(other.query, asked.limits)
        except QueryError:  # it was saved when more was allowed
            continue
        if (tree, set(other.papers)) == (evidence.tree, set(evidence.proposal.papers)):
            says = f"it is the same as {other.name}: one of the two is enough"
            yield Remark("twin", says)
        elif hits and _holds(evidence, asked, hits):
            yield _twin(evidence, other, asked)


def _holds(evidence: Evidence, asked: SearchRequest, hits: Sequence[int]) -> bool:
    """Whether another search finds all these; what is in doubt is read of these alone."""
    found = evidence.searcher.finding(replace(asked, count=False))
    few = list(hits[:ARTICLES])
    return len(found.among(few)) == len(few) and len(found.among(hits)) == len(hits)


def _twin(evidence: Evidence, other: Other, asked: SearchRequest) -> Remark:
    all_of_it = len(evidence.seqs) <= COMPARED and evidence.whole
    what = "all that it finds" if all_of_it else f"its newest {COMPARED:,} hits"
    if all_of_it and evidence.total(asked) == evidence.found.total:
        says = f"it finds the same as {other.name} ({other.query}): one of the two is enough"
    else:
        says = (
            f"{what}, {other.name} ({other.query}) finds as well: you hear of a story once, by the "
            "one that is due first, at the same rhythm by the older of the two; beside the other "
            "it tells you something with a quicker rhythm only"
        )
    return Remark("twin", says)


def _costly(evidence: Evidence, caps: Caps) -> Iterator[Remark]:
    clauses = sum(1 for _leaf in leaves(evidence.tree))
    if clauses > caps.clauses:
        says = f"it has {clauses} words and phrases, of {caps.clauses} that a subscription has"
        yield Remark("costly", f"{says}: make several of it")
    needed = cost(evidence)
    if needed > caps.cost:
        says = (
            f"about {needed:,} words are looked for in every 1,000 articles, of {caps.cost:,} that "
            "a subscription may cost: add a rarer word that must stand, or make it shorter"
        )
        yield Remark("costly", says)
