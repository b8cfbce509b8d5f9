"""A search finds what evaluation says, and both find what the oracle says.

Some two hundred generated articles are indexed once. Each has twins that differ from it by a
character here and there: a family. Every query is asked of the whole index and judged against
every article in it. Two kinds of queries are asked:

- of words: drawn like the articles from one small vocabulary, so that many match; every
  (query, article) is a pair;
- of cuts: cut out of one article's own text. Almost nothing but its family can match, and asking
  about the rest says little, so only (query, member of the family) are pairs: the article that the
  query was cut from and those that miss it by a character. The rest must agree all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from newscrawl.extract.normalise import normalise
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.items import Article
from newscrawl.query import needles
from newscrawl.query.evaluate import matches
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import subject_of
from newscrawl.text import runs
from tests.index.kinds import KINDS as ENGINES
from tests.index.kinds import chosen
from tests.makers import article, indexed
from tests.query.cuts import cut_leaves, told, twins
from tests.query.oracle import holds
from tests.query.pairs import TITLES, articles, queries, written
from tests.query.test_evaluate import (
    KINDS,
    changed,
    operators,
    without_distance,
    without_exceptions,
    without_field,
    without_not,
    without_prefix,
)

FAMILIES, TWINS, CUT_QUERIES, WORD_QUERIES = 40, 3, 20, 200
T = TypeVar("T")


@dataclass(frozen=True)
class Family:
    """Articles of nearly the same text, and queries that are cut out of the first of them."""

    members: list[Article]
    asked: list[tuple[tuple, str]]


@dataclass(frozen=True)
class Judged:
    """A query, and the numbers of the articles that it finds."""

    query: tuple
    text: str
    near: frozenset[int]
    """The articles that make pairs with it."""
    expected: frozenset[int]
    """By the oracle."""
    evaluated: frozenset[int]


def drawn(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """So many examples, the same in every run."""
    examples: list[T] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: T) -> None:
        examples.append(example)

    collect()
    return examples


def asked(simple: st.SearchStrategy[tuple] | None = None) -> st.SearchStrategy[tuple[tuple, str]]:
    """Queries, each with a way of writing it."""
    return queries(simple).flatmap(lambda query: st.tuples(st.just(query), written(query)))


@st.composite
def families(draw: st.DrawFn) -> Family:
    # One generated article holds a quarter of all words, two together hold enough of them.
    of_words = st.builds(longer, articles(), articles()).map(normalise)
    first = draw(of_words.filter(lambda one: told(one.headline) > 1 and told(one.body) > 1))
    others = draw(st.lists(twins(first).map(normalise), min_size=TWINS, max_size=TWINS))
    own = asked(cut_leaves(first))
    return Family([first, *others], draw(st.lists(own, min_size=CUT_QUERIES, max_size=CUT_QUERIES)))


def longer(one: Article, other: Article) -> Article:
    """The first with the paragraphs of both."""
    return replace(one, paragraphs=one.paragraphs + other.paragraphs)


def numbered(number: int, text: Article, version: int = 1, **changes: object) -> Article:
    """An article of its own, or a version of it, with the generated text."""
    made = article(number)
    return replace(
        text,
        url=made.url,
        number=number,
        snapshot_time=made.snapshot_time,
        record_id=f"<urn:uuid:{number:08d}-{version:04d}-4000-8000-000000000000>",
        **changes,
    )


def history(number: int, text: Article, other: Article) -> tuple[list[Article], Article | None]:
    """The versions of an article in their order, and the one that may be found."""
    bad = {"decode_errors": 9, "characters": 10}
    # Another text under the same headline, in the same paper, is the same article.
    changes = {"headline": text.headline, "paper": text.paper}
    before = replace(other, paragraphs=[*other.paragraphs, "旧文"], **changes)
    live = numbered(number, text)
    match number % 8:
        case 1:
            return [numbered(number, before), live := numbered(number, text, 2)], live
        case 2:
            return [live, numbered(number, before, 2, **bad)], live
        case 3 if number % 3 == 0:
            return [numbered(number, text, **bad)], None
        case _:
            return [live], live


class Archive:
    """The articles that may be found, and the queries with what they must find."""

    def __init__(self) -> None:
        found = drawn(families(), FAMILIES)
        texts = [member for family in found for member in family.members]
        made = [
            history(number, text, texts[number - 5 * TWINS]) for number, text in enumerate(texts)
        ]
        firsts = [versions[0] for versions, _live in made]
        self.recorded = firsts + [later for versions, _live in made for later in versions[1:]]
        self.hidden = [each for versions, live in made for each in versions if each is not live]
        self.live = {live.number: live for _versions, live in made if live}
        self.subjects = {
            number: subject_of(live, TITLES[live.paper]) for number, live in self.live.items()
        }
        self.words = [self._judged(*each, self.live) for each in drawn(asked(), WORD_QUERIES)]
        self.cuts = [
            self._judged(*each, range(first, first + len(family.members)))
            for first, family in zip(range(0, len(texts), TWINS + 1), found, strict=True)
            for each in family.asked
        ]
        self.judged = self.words + self.cuts

    def _judged(self, query: tuple, text: str, near) -> Judged:
        node = parse(text)
        return Judged(
            query,
            text,
            frozenset(near) & self.live.keys(),
            frozenset(n for n, one in self.live.items() if holds(query, one, TITLES[one.paper])),
            frozenset(n for n, subject in self.subjects.items() if matches(node, subject)),
        )


Search = Callable[[str], frozenset[int]]
"""The numbers of the articles that a query finds."""


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(each, marks=pytest.mark.slow) if each != "whoosh" else each for each in ENGINES
    ],
)
def search(request, archive, tmp_path_factory) -> Iterator[Search]:
    """Asks an index of the archive, of each engine."""
    with chosen(request.param):
        home, catalogue = indexed(tmp_path_factory.mktemp("agreement"), archive.recorded, TITLES)
        searcher = Searcher(home, catalogue)

    def ask(text: str) -> frozenset[int]:
        result = searcher.search(SearchRequest(text, limit=len(archive.live) + 1))
        numbers = [hit.version.article.number for hit in result.hits]
        assert result.total == len(numbers) == len(set(numbers)), text
        return frozenset(numbers)

    yield ask
    searcher.close()
    catalogue.close()


def disagreements(judged: list[Judged], find: Callable[[Judged], frozenset[int]]) -> Iterator[str]:
    """The queries for which somebody finds other articles than the oracle, and which."""
    for one in judged:
        found = find(one)
        if found != one.expected:
            more, less = sorted(found - one.expected), sorted(one.expected - found)
            yield f"{one.text!r} finds {more} too many and misses {less}"


def test_evaluation_is_the_oracle(archive):
    assert list(disagreements(archive.judged, lambda one: one.evaluated)) == []


def test_search_is_the_oracle(archive, search):
    assert list(disagreements(archive.judged, lambda one: search(one.text))) == []


@pytest.mark.parametrize("kind", ["words", "cuts"])
def test_the_pairs_are_not_idle(archive, kind):
    pairs, matched = Counter(), Counter()
    for one in getattr(archive, kind):
        counted = {"all", *operators(one.query)}
        pairs.update(dict.fromkeys(counted, len(one.near)))
        matched.update(dict.fromkeys(counted, len(one.near & one.expected)))
    assert matched["all"] >= 0.3 * pairs["all"]
    assert {each: pairs[each] for each in KINDS if pairs[each] < 300} == {}
    sides = {each: (matched[each], pairs[each] - matched[each]) for each in KINDS}
    assert {each: side for each, side in sides.items() if min(side) < 50} == {}


@pytest.mark.parametrize(
    "change", [without_not, without_field, without_prefix, without_exceptions, without_distance]
)
def test_an_index_that_ignores_a_part_of_the_query_is_noticed(archive, search, change):
    """It is the index asked for the query without that part."""

    def mutant(one: Judged) -> frozenset[int]:
        return search(show(changed(parse(one.text), change)))

    assert any(disagreements(archive.judged, mutant))


def test_a_search_that_does_not_fold_is_noticed(archive, search, monkeypatch):
    needles.needle.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(runs, "fold", str)
        noticed = any(disagreements(archive.judged, lambda one: search(one.text)))
    needles.needle.cache_clear()
    assert noticed


def test_a_search_that_finds_what_is_hidden_is_noticed(archive):
    """Texts that were replaced, and some that could not be decoded."""

    def mutant(one: Judged) -> frozenset[int]:
        node = parse(one.text)
        return one.expected | {
            hidden.number
            for hidden in archive.hidden
            if matches(node, subject_of(hidden, TITLES[hidden.paper]))
        }

    assert any(disagreements(archive.judged, mutant))
