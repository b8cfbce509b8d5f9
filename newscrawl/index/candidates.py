"""Which versions can match a query: a set that misses none, made without reading a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from newscrawl.index.documents import AUTHOR_MARK, SOURCE_MARK
from newscrawl.index.grams import GramReader
from newscrawl.index.whoosh_engine import WhooshReader
from newscrawl.query import needles
from newscrawl.query.subject import folded
from newscrawl.query.tree import And, DateRange, Guard, Named, Near, Node, Not, Or, Term

_MARKS = {"source": SOURCE_MARK, "author": AUTHOR_MARK}
_FIRST, _LAST = "00000000", "99999999"


@dataclass(frozen=True, slots=True)
class Found:
    """Versions that can match."""

    seqs: frozenset[int]
    exact: bool
    """Every one of them does match; otherwise each is to be verified against its text."""


class CandidateFinder:
    """Finds candidates in one generation of the index."""

    def __init__(self, words: WhooshReader, grams: GramReader, titles: Mapping[str, str]) -> None:
        """`titles`: what each paper is called, by the spider's name."""
        self._words = words
        self._grams = grams
        self._titles = titles
        self._live = frozenset(words.days)

    def find(self, node: Node) -> Found:
        """The candidates of a query among the live versions."""
        match node:
            case And(children):
                return self._all([self.find(child) for child in children])
            case Or(children):
                found = [self.find(child) for child in children]
                union = frozenset[int]().union(*(each.seqs for each in found))
                return Found(union, all(each.exact for each in found))
            case Not(child):
                found_child = self.find(child)
                rest = self._live - found_child.seqs if found_child.exact else self._live
                return Found(rest, found_child.exact)
            case Named("paper", text):
                return self._exactly(self._of_paper(folded(text)))
            case Named(_, text):
                return self._exactly(self._words.having("page", folded(text)))
            case DateRange(since, until):
                return self._exactly(self._words.between(_day(since, _FIRST), _day(until, _LAST)))
            case Term():
                return self._term(node)
            case Guard(term):
                return Found(self._term(term).seqs, exact=False)
            case Near(texts, _, field):
                terms = [self._term(Term(text, field)) for text in texts]
                return Found(self._all(terms).seqs, exact=False)

    def _term(self, term: Term) -> Found:
        mark = _MARKS.get(term.field or "", "")
        seqs: set[int] = set()
        exact = term.field is None
        for wanted in needles.candidates(needles.needle(term.text, term.prefix)):
            exact = exact and wanted.exact
            seqs |= self._grams.containing(wanted.grams, mark) if wanted.grams else self._live
        return Found(self._live & seqs, exact)

    def _of_paper(self, called: str) -> Iterator[int]:
        for name, title in self._titles.items():
            if called in (folded(name), folded(title)):
                yield from self._words.having("paper", folded(name))

    def _exactly(self, seqs: Iterable[int]) -> Found:
        return Found(self._live.intersection(seqs), exact=True)

    def _all(self, found: list[Found]) -> Found:
        both = frozenset.intersection(*(each.seqs for each in found))
        return Found(both, all(each.exact for each in found))


def _day(day: date | None, unless: str) -> str:
    return day.isoformat().replace("-", "") if day else unless
