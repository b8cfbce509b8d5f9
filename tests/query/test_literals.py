from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.query.hits import spans
from newscrawl.query.literals import (
    ANYWHERE,
    AROUND,
    AUTHOR,
    BODY,
    EDGE,
    HEADLINE,
    NAMES,
    SOURCE,
    guard_literals,
    laid_out,
    literals,
    name_literal,
    places_of,
    stands,
    stands_apart,
    weight,
    words_end,
)
from newscrawl.query.needles import needle
from newscrawl.query.parse import parse
from newscrawl.query.subject import subject_of
from newscrawl.query.tree import Guard, Named, Term
from newscrawl.text.fold import fold
from newscrawl.text.runs import searchable
from tests.makers import article
from tests.query.pairs import PHRASES, PIECES, WORDS


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Term("AI"), ("＿ai＿",)),
        (Term("MA", prefix=True), ("＿ma",)),
        (Term("COVID-", prefix=True), ("＿covid-",)),
        (Term("5G手机"), ("＿5g手机",)),
        (Term("新MAIN"), ("新main＿",)),
        (Term("_x_"), ("_x_",)),
        (Term("臨空", prefix=True), ("临空",)),
        (Term("王　伟"), ("王伟", "王 伟")),
        (Term("-19"), ("-19＿",)),
    ],
)
def test_the_literals_of_a_term(term: Term, expected: tuple[str, ...]) -> None:
    assert literals(term) == expected


@settings(max_examples=500)
@given(
    st.sampled_from((*WORDS, *PHRASES, "MA", "20", "-19", "G手", "YOR")),
    st.booleans(),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
)
def test_a_literal_stands_where_the_needle_does(word: str, prefix: bool, text: str) -> None:
    text = searchable(text).text
    found = any(stands(literal, text) for literal in literals(Term(word, prefix=prefix)))
    assert found == any(needle(word, prefix).spans(text))


@pytest.mark.parametrize("mark", [EDGE, *name_literal(Named("paper", ""))])
def test_no_folded_text_has_a_mark(mark: str) -> None:
    assert fold(mark) != mark
    assert fold(fold(mark)) == fold(mark)


def test_every_text_is_in_its_place() -> None:
    one = article(
        headline="甲\nＡ",
        kicker="引",
        subhead="副",
        paragraphs=["一", "AI"],
        source="新华社",
        reporters=["王 伟"],
        correspondents=["陈浩"],
        page="A01",
        page_name="",
    )
    laid = laid_out(subject_of(one, "杭州日报"))
    assert dict(places_of(laid)) == {
        HEADLINE: "甲a",
        AROUND: "引\n副",
        BODY: "一\nai",
        SOURCE: "新华社",
        AUTHOR: "王伟\n陈浩",
        NAMES: "［hangzhou_daily］［杭州日报］｛a01｝",
    }
    assert ANYWHERE == HEADLINE | AROUND | BODY
    assert laid[: words_end(laid)].split("\f") == ["甲a", "引\n副", "一\nai"]


def test_a_name_is_whole() -> None:
    assert name_literal(Named("paper", "杭州日報")) == "［杭州日报］"
    assert name_literal(Named("page", "Ａ０１")) == "｛a01｝"


def test_weight_is_what_a_literal_tells() -> None:
    assert weight("临空经济") > weight("临空") > weight("＿2023＿") > 0
    assert weight("［杭州日报］") == weight("临空！临空经济") == 0


@pytest.mark.parametrize(
    ("query", "text", "apart"),
    [
        ("莫干山!莫干山路", "莫干山路", False),
        ("莫干山!莫干山路", "莫干山路、莫干山", True),
        ("莫干山!莫干山路!往莫干山", "莫干山路往莫干山", False),
        ("的的!的的的", "的的的", False),
        ("的的!的的的", "的的的的", False),
        ("的的!的的的", "的的\n的的的", True),
        ("手机!5G手机", "15G手机", True),
        ("手机!5G手机", "5G手机", False),
        ("AI!AI股", "AI股，MAIN", False),
        ("AI!AI股", "AI股，AI", True),
        ("MA!新MA*", "新MA", False),
        ("MA!新MA*", "新MAIN，MA", True),
        ("2026*!2026年*", "2026年", False),
        ("2026*!2026年*", "20260", True),
    ],
)
def test_a_guard_stands_where_it_is_part_of_no_exception(query, text, apart) -> None:
    node = parse(query)
    assert isinstance(node, Guard)
    lines = "\n".join(searchable(line).text for line in text.split("\n"))
    assert any(stands_apart(guard, lines) for _text, guard in guard_literals(node)) == apart
    assert any(any(spans(node, searchable(line).text)) for line in text.split("\n")) == apart
