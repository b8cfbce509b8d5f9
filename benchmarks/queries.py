"""Five hundred queries as readers ask them, drawn out of the articles, the same every time.

Words are jieba's, of two Han characters or more, by the number of articles that have them: common
ones are among the first 200, middle ones among the 5,000 after those. Names are those of `recall`.
Phrases are runs of 4 to 8 characters cut at random. A single character, as common as 的, is asked
for in one query of a hundred. Three in eight combine these: with AND, OR, NOT, with a field, a
paper or days, or sorted by date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from random import Random

from benchmarks import recall
from benchmarks.held import Held
from newscrawl.index.engine import Sort
from newscrawl.items import Article
from newscrawl.query.subject import folded
from newscrawl.text.runs import HAN
from newscrawl.text.segment import segment

SEED = 15
COMMON = 200
MIDDLE = 5_000
CHARACTERS = 50
PHRASES = range(4, 9)
_HAN = re.compile(f"[{HAN}]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for, and what kind of question it is."""

    kind: str
    text: str
    sort: Sort = "relevance"
    facets: bool = False
    """Whether papers, pages, months and sources are counted with it."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What queries are made of, each in an order drawn at random."""

    common: list[str]
    middle: list[str]
    characters: list[str]
    names: list[str]
    persons: list[str]
    phrases: list[str]
    papers: list[str]
    sources: list[str]
    months: list[str]


MIX: Mapping[str, int] = {
    "common word": 75,
    "character": 5,
    "middle word": 80,
    "name": 80,
    "phrase": 80,
    "combined": 60,
    "fielded": 60,
    "by date": 60,
}


def drawn(articles: Sequence[Article], seed: int = SEED) -> list[Query]:
    """The queries of the mix in an order of their own; another seed draws others."""
    dice = Random(seed)  # noqa: S311 - to be drawn again, not to be secret
    stock = stocked_with(articles, dice)
    queries = [
        query for kind, count in MIX.items() for query in islice(_MAKERS[kind](stock), count)
    ]
    dice.shuffle(queries)
    return queries


def stocked_with(articles: Sequence[Article], dice: Random) -> Stock:
    """What these articles offer for queries."""
    # Without its byline: who writes is asked for by `author:`.
    held = [Held(seq, replace(each, reporters=[]), "") for seq, each in enumerate(articles)]
    ranked = _by_frequency(articles)
    words = [word for word in ranked if len(word) > 1]
    phrases = [text for length in PHRASES for text in recall.substrings(held, length, 200)]

    def shuffled(texts: Iterable[str]) -> list[str]:
        every = sorted(set(texts))
        return dice.sample(every, len(every))

    return Stock(
        common=shuffled(words[:COMMON]),
        middle=shuffled(words[COMMON : COMMON + MIDDLE]),
        characters=shuffled([word for word in ranked if len(word) == 1][:CHARACTERS]),
        names=shuffled(recall.names(held, 2_000)),
        persons=shuffled(name for each in articles for name in each.reporters),
        phrases=shuffled(phrases),
        papers=shuffled(each.paper for each in articles),
        sources=shuffled(each.source for each in articles if each.source),
        months=shuffled(each.edition[:7] for each in articles),
    )


def _by_frequency(articles: Iterable[Article]) -> list[str]:
    """Words of Han characters, those of the most articles first."""
    counted: Counter[str] = Counter()
    for each in articles:
        counted.update(
            {word for text in (each.headline, *each.paragraphs) for word in segment(folded(text))}
        )
    words = [word for word in counted if _HAN.fullmatch(word)]
    return sorted(words, key=lambda word: (-counted[word], word))


def _plainly(kind: str, texts: Iterable[str]) -> Iterator[Query]:
    return (Query(kind, text) for text in texts)


def _phrases(stock: Stock) -> Iterator[Query]:
    """Every other between quotation marks."""
    forms = cycle(("{}", '"{}"'))
    return (
        Query("phrase", form.format(text)) for form, text in zip(forms, stock.phrases, strict=False)
    )


def by_turns(kind: str, forms: Sequence[tuple[str, Sort]], stock: Stock) -> Iterator[Query]:
    """The forms one after the other, each filled with what no query of this kind had before."""
    # From the far ends, away from what is asked for alone.
    left = {name: cycle(reversed(getattr(stock, name))) for name in Stock.__slots__}
    for form, sort in cycle(forms):
        yield Query(kind, _WANTED.sub(lambda found: next(left[found[1]]), form), sort)


_WANTED = re.compile(r"\{(\w+)\}")
_COMBINED: Sequence[tuple[str, Sort]] = (
    ("{common} {middle}", "relevance"),
    ("{common} {common}", "relevance"),
    ("{middle} OR {middle}", "relevance"),
    ("{names} {common}", "relevance"),
    ("{common} -{middle}", "relevance"),
    ("({middle} OR {common}) {common} -{middle}", "relevance"),
)
_FIELDED: Sequence[tuple[str, Sort]] = (
    ("headline:{middle}", "relevance"),
    ("{middle} source:{sources}", "relevance"),
    ("{common} paper:{papers}", "relevance"),
    ("{common} date:{months}", "relevance"),
    ("author:{persons}", "relevance"),
    ("headline:{common} date:[2022-01-01 TO 2022-12-31]", "relevance"),
)
_BY_DATE: Sequence[tuple[str, Sort]] = (
    ("{common}", "newest"),
    ("{middle}", "newest"),
    ("{common} {middle}", "newest"),
    ("{names}", "newest"),
    ("{common} date:{months}", "oldest"),
    ("paper:{papers} {middle}", "newest"),
)
_MAKERS: Mapping[str, Callable[[Stock], Iterator[Query]]] = {
    "common word": lambda stock: _plainly("common word", stock.common),
    "character": lambda stock: _plainly("character", stock.characters),
    "middle word": lambda stock: _plainly("middle word", stock.middle),
    "name": lambda stock: _plainly("name", stock.names),
    "phrase": _phrases,
    "combined": lambda stock: by_turns("combined", _COMBINED, stock),
    "fielded": lambda stock: by_turns("fielded", _FIELDED, stock),
    "by date": lambda stock: by_turns("by date", _BY_DATE, stock),
}
