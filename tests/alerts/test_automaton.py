from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.alerts import automaton
from newscrawl.alerts.automaton import Automaton
from newscrawl.query.literals import EDGE, stands

TEXT = st.text(st.sampled_from("临空的aib𠮷\n"), max_size=12)
EDGES = st.sampled_from(("", EDGE))
LITERAL = st.tuples(EDGES, TEXT.filter(bool), EDGES).map("".join)


@pytest.fixture(scope="module", autouse=True, params=[automaton.TABLE, 0], ids=["table", "large"])
def table(request: pytest.FixtureRequest) -> Iterator[None]:
    """Of few literals, and as if there were many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(automaton, "TABLE", request.param)
        yield


def standing(literals: list[str], text: str) -> list[tuple[int, int]]:
    numbers, starts = Automaton(literals).standing(text)
    return sorted(zip(numbers.tolist(), starts.tolist(), strict=True))


def test_all_that_stands_is_found_also_within_one_another() -> None:
    literals = ["临空", "空", "临空经济", "经", "济南", "临空"]
    found = [(0, 0), (0, 5), (1, 1), (1, 6), (2, 0), (3, 2), (5, 0), (5, 5)]
    assert standing(literals, "临空经济，临空") == found


def test_a_latin_word_is_whole_where_the_literal_has_an_edge() -> None:
    literals = ["＿ai＿", "＿ai", "ai＿", "ai", "＿5g手机"]
    assert standing(literals, "ai") == [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert standing(literals, "aim、mai、15g手机、5g手机") == [
        (1, 0),
        (2, 5),
        (3, 0),
        (3, 5),
        (4, 14),
    ]


def test_rare_characters_are_one_place_each() -> None:
    assert standing(["𠮷田", "䶮", "㛃"], "董𠮷𠮷田与王䶮") == [(0, 2), (1, 6)]


def test_without_literals_or_text_nothing_is_found() -> None:
    assert standing([], "临空") == standing(["临空"], "") == []


def test_half_a_character_does_no_harm() -> None:
    assert standing(["临空"], "\ud800临空\udfff") == [(0, 1)]


@given(st.lists(LITERAL, max_size=8), TEXT)
def test_what_is_found_stands_there(literals: list[str], text: str) -> None:
    expected = {number for number, literal in enumerate(literals) if stands(literal, text)}
    assert {number for number, _start in standing(literals, text)} == expected
