"""The kinds of queries beside the mix are drawn by rule, and each is of its kind."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import asides, queries
from benchmarks.enlarged import Enlarged
from benchmarks.held import texts
from benchmarks.latency import Asked, by_kind
from benchmarks.queries import Query
from newscrawl.items import Article
from newscrawl.query.parse import parse
from newscrawl.query.subject import folded
from newscrawl.query.tree import Guard, Near, Term
from tests.benchmarks.sources import real


@pytest.fixture(scope="module")
def sample() -> list[Article]:
    return Enlarged([real(number) for number in range(120)], 3_000).sampled(300)


@pytest.fixture(scope="module")
def drawn(sample: list[Article]) -> list[Query]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "COMMON", 15)  # these articles have not so many words
        made = asides.drawn(sample)
        assert made == asides.drawn(sample)
    return made


def test_every_kind_is_drawn(drawn: list[Query]) -> None:
    kinds = Counter(query.kind for query in drawn)
    assert set(kinds) == set(asides.KINDS)
    assert kinds["near"] == kinds["facets"] == asides.EACH
    assert max(kinds.values()) == asides.EACH
    assert {query.kind for query in drawn if query.facets} == {"facets"}


@pytest.mark.parametrize(("kind", "node"), [("guard", Guard), ("near", Near), ("prefix", Term)])
def test_a_query_is_read_as_what_it_is_called(
    drawn: list[Query], kind: str, node: type[Guard | Near | Term]
) -> None:
    read = [parse(query.text) for query in drawn if query.kind == kind]
    assert all(isinstance(each, node) for each in read)
    assert all(each.prefix for each in read if isinstance(each, Term))
    if kind == "guard":
        assert {len(each.exceptions) for each in read if isinstance(each, Guard)} == {1, 2}


def test_what_is_to_find_nothing_stands_nowhere(sample: list[Article], drawn: list[Query]) -> None:
    held = "\n".join(folded(text) for each in sample for text in texts(each))
    asked = [query.text for query in drawn if query.kind == "nothing"]
    assert asked
    assert not [text for text in asked if text in held]


def test_a_kind_that_was_not_asked_has_no_note() -> None:
    answers = [Asked(Query("near", "x"), 2.0, 0, 1.0), Asked(Query("near", "y"), 4.0, 7, 1.0)]
    assert list(by_kind(answers, asides.KINDS)) == [
        "2 × near: p50 3.0, p95 3.9, max 4 ms; 1 find nothing"
    ]
