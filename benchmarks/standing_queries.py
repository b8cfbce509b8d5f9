"""Standing queries drawn out of articles, the same every time.

Terms are jieba's words, names and runs of 4 to 8 characters. Two thirds are asked for alone; the
rest is combined with AND, OR, NOT, a field, an exception, or is a phrase with its punctuation.
Drawn as `rare`, a term is the likelier the fewer articles have it, so that of a million queries
some hundred match an article; drawn as `frequent` it is the likelier the more have it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from benchmarks import recall
from benchmarks.held import Held
from newscrawl.alerts.automaton import Automaton
from newscrawl.query.tree import And, Guard, Node, Not, Or, Term
from newscrawl.text.runs import HAN
from newscrawl.text.segment import segment

SEED = 17
PHRASES = range(4, 9)
PHRASES_OF_EACH = 6
"""Of each length, for every article."""
NAMES = 1_000_000
_HAN = re.compile(f"[{HAN}]{{2,}}")
_CLAUSE = re.compile(f"[{HAN}]{{2,4}},[{HAN}]{{2,4}}")

WEIGHTS: Mapping[str, Callable[[int], float]] = {
    "rare": lambda articles: articles**-2.0,
    "frequent": float,
}
"""How likely a term is to be drawn that so many articles have."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A query of whole words, which Perq can express: all of the groups, any word of each."""

    groups: tuple[tuple[str, ...], ...]

    @property
    def node(self) -> Node:
        parts = [_joined(Or, [Term(word) for word in group]) for group in self.groups]
        return _joined(And, parts)


class Terms:
    """What articles offer for standing queries, with the number of articles that have each."""

    def __init__(self, articles: Sequence[Held]) -> None:
        self.tokens = [frozenset(segment(each.text)) for each in articles]
        """Of each article its words."""
        self.clauses = sorted({found for each in articles for found in _CLAUSE.findall(each.text)})
        counted = Counter(word for words in self.tokens for word in words)
        self.words = {word: count for word, count in counted.items() if _HAN.fullmatch(word)}
        phrases = (
            text
            for length in PHRASES
            for text in recall.substrings(articles, length, PHRASES_OF_EACH * len(articles))
        )
        texts = sorted({*self.words, *recall.names(articles, NAMES), *phrases})
        standing = Automaton(texts).standing
        numbers = Counter[int]()
        self.longer: dict[str, str] = {}
        """Some terms with the character that follows them in the first article that has them."""
        for each in articles:
            found = set(standing(each.text)[0].tolist())
            for text in (texts[number] for number in found - numbers.keys()):
                follows = each.text.partition(text)[2][:1]
                if _HAN.fullmatch(text + follows) and follows:
                    self.longer[text] = text + follows
            numbers.update(found)
        self.all = {texts[number]: count for number, count in sorted(numbers.items())}


class Drawn:
    """Draws queries of terms by one of the WEIGHTS."""

    def __init__(self, terms: Terms, weights: str, seed: int = SEED) -> None:
        self._terms = terms
        self._dice = Random(seed)  # noqa: S311 - to be drawn again, not to be secret
        self._weights = WEIGHTS[weights]

    def nodes(self, count: int) -> Iterator[Node]:
        """So many queries of every form."""
        every = self._endless(self._terms.all)
        for _query in range(count):
            if self._dice.random() < 2 / 3:
                yield Term(next(every))
            else:
                yield self._dice.choice(_FORMS)(self, every)

    def tokens(self, count: int) -> Iterator[Tokens]:
        """So many that Perq can express: two thirds of one word, the others of two or three."""
        words = self._endless(self._terms.words)
        for _query in range(count):
            if self._dice.random() < 2 / 3:
                yield Tokens(((next(words),),))
            elif self._dice.random() < 0.5:
                yield Tokens(((next(words),), (next(words),)))
            else:
                yield Tokens(((next(words), next(words)), (next(words),)))

    def guard(self, text: str) -> Node:
        """The term where it is not part of a longer one that some article has."""
        longer = self._terms.longer.get(text)
        return Guard(Term(text), (Term(longer),)) if longer else Term(text)

    def clause(self) -> Node:
        """A phrase with a comma in it."""
        return Term(self._dice.choice(self._terms.clauses))

    def _endless(self, counted: Mapping[str, int]) -> Iterator[str]:
        texts = list(counted)
        limits = list(accumulate(map(self._weights, counted.values())))
        while True:
            yield from self._dice.choices(texts, cum_weights=limits, k=10_000)


def _joined(kind: type[And | Or], parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


_FORMS: Sequence[Callable[[Drawn, Iterator[str]], Node]] = (
    lambda _drawn, texts: And((Term(next(texts)), Term(next(texts)))),
    lambda _drawn, texts: Or((Term(next(texts)), Term(next(texts)))),
    lambda _drawn, texts: And((Term(next(texts)), Not(Term(next(texts))))),
    lambda _drawn, texts: And((Or((Term(next(texts)), Term(next(texts)))), Term(next(texts)))),
    lambda _drawn, texts: Term(next(texts), "headline"),
    lambda drawn, texts: drawn.guard(next(texts)),
    lambda drawn, _texts: drawn.clause(),
)
