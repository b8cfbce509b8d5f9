"""Queries of kinds that the mix has not, to be shown beside it, the same every time.

Guards except the commonest longer runs that a word is part of. Words that are to stand near each
other are of one paragraph. Prefixes are of Latin words and numbers, and of what else may be written
before a star. Facets are counted for words, names, months. What finds nothing is a name or a phrase
with one character that only sounds like the right one, or two words that never stand together; so
that something is looked for that may have been meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice, pairwise, zip_longest
from random import Random

from benchmarks.held import texts
from benchmarks.queries import Query, Stock, by_turns, stocked_with
from newscrawl.index.engine import Sort
from newscrawl.items import Article
from newscrawl.query.lexical import quote
from newscrawl.query.subject import folded
from newscrawl.text.runs import HAN
from newscrawl.text.segment import segment
from newscrawl.text.sounds import alike

SEED = 16
EACH = 25
DISTANCES = (2, 5, 10, 20, 50)
_LATIN = re.compile(r"[a-z0-9]{4,}")
_RUN = re.compile(f"[{HAN}]+")


@dataclass(frozen=True, slots=True)
class _Material:
    """What the queries are made of."""

    stock: Stock
    lines: list[str]
    """Folded paragraphs and headlines, in an order drawn at random."""
    text: str
    """All of them."""
    dice: Random


def drawn(articles: Sequence[Article], seed: int = SEED) -> list[Query]:
    """EACH of every kind, fewer where the articles have no more, in an order of their own."""
    dice = Random(seed)  # noqa: S311 - to be drawn again, not to be secret
    lines = [folded(text) for each in articles for text in texts(each)]
    dice.shuffle(lines)
    material = _Material(stocked_with(articles, dice), lines, "\n".join(lines), dice)
    queries = [query for make in KINDS.values() for query in islice(make(material), EACH)]
    dice.shuffle(queries)
    return queries


def _guards(material: _Material) -> Iterator[Query]:
    """One exception and two by turns."""
    stock = material.stock
    words = _by_turns(stock.middle, stock.common, stock.names)
    longer = ((word, _longer(material.text, word)) for word in words)
    for number, (word, runs) in enumerate(each for each in longer if each[1]):
        yield Query("guard", "!".join(map(_as_one, (word, *runs[: 1 + number % 2]))))


def _as_one(run: str) -> str:
    """Between quotation marks where a sign would part it: 马克·吐温."""
    return run if _RUN.fullmatch(run) else quote(run)


def _longer(text: str, word: str) -> list[str]:
    """The runs with one character more, the commonest first."""
    found = re.finditer(rf"(?=([{HAN}]?){re.escape(word)}([{HAN}]?))", text)
    counted: Counter[str] = Counter()
    for before, after in (each.groups() for each in found):
        counted.update(run for run in (before + word, word + after) if run != word)
    return sorted(counted, key=lambda run: (-counted[run], run))


def _near(material: _Material) -> Iterator[Query]:
    """Two words, and three in every fifth."""
    asked = {*material.stock.common, *material.stock.middle}
    numbers = count()
    for line in material.lines:
        words = [word for word in dict.fromkeys(segment(line)) if word in asked]
        if len(words) >= len(DISTANCES):
            number = next(numbers)
            some = material.dice.sample(words, 3 if number % 5 == 4 else 2)
            distance = material.dice.choice(DISTANCES)
            yield Query("near", f'"{" ".join(some)}"~{distance}')


def _prefixes(material: _Material) -> Iterator[Query]:
    stock = material.stock
    begun = {word[:3] for word in _LATIN.findall(material.text)}
    latin = material.dice.sample(sorted(begun), len(begun))
    phrases = (f'"{text}"' for text in stock.phrases)
    return (Query("prefix", f"{text}*") for text in _by_turns(latin, stock.middle, phrases))


def _facets(material: _Material) -> Iterator[Query]:
    asked = by_turns("facets", _COUNTED, material.stock)
    return (replace(query, facets=True) for query in asked)


def _nothing(material: _Material) -> Iterator[Query]:
    stock, dice = material.stock, material.dice
    names = (name for name in stock.names if len(name) > 2 and _RUN.fullmatch(name))
    known = frozenset(material.text)
    joined = (one + other for one, other in pairwise(stock.middle))
    slips = ((_slip(text, known, dice) for text in of) for of in (names, stock.phrases))
    every = _by_turns(*slips, joined)
    return (Query("nothing", text) for text in every if text not in material.text)


def _slip(text: str, known: frozenset[str], dice: Random) -> str:
    """With one character that sounds alike, of those known; as it is where there is none."""
    at = dice.randrange(len(text))
    others = sorted(alike(text[at]) & known - {text[at]})
    return text[:at] + dice.choice(others) + text[at + 1 :] if others else text


def _by_turns(*several: Iterator[str] | Sequence[str]) -> Iterator[str]:
    return filter(None, chain.from_iterable(zip_longest(*several)))


_COUNTED: Sequence[tuple[str, Sort]] = (
    ("{common}", "relevance"),
    ("{middle}", "relevance"),
    ("{names}", "newest"),
    ("{common} {middle}", "relevance"),
    ("{common} date:{months}", "newest"),
)
KINDS: Mapping[str, Callable[[_Material], Iterator[Query]]] = {
    "guard": _guards,
    "near": _near,
    "prefix": _prefixes,
    "facets": _facets,
    "nothing": _nothing,
}
