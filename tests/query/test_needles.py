from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.query.needles import candidates, needle, searchable_length
from newscrawl.text.grams import Gram, document_grams
from newscrawl.text.runs import searchable
from tests.query.oracle import han, latin, places
from tests.query.pairs import PHRASES, PIECES, WORDS


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("臨空　經濟", ("临空 经济",)),
        ("王　伟", ("王伟", "王 伟")),
        ("三 李 四 王", ("三李四王", "三李四 王", "三 李四王", "三 李四 王")),
        ("New\u00a0York", ("new york",)),
        ("临\n空", ("临空",)),
    ],
)
def test_blanks_that_may_be_layout_are_tried_both_ways(text: str, forms: tuple[str, ...]) -> None:
    assert needle(text).texts == forms


@pytest.mark.parametrize(
    ("text", "paragraph", "spans"),
    [
        ("ai", "AI in MAIN AI", [(0, 2), (11, 13)]),
        ("2026", "2026年 12026", [(0, 4)]),
        ("的的", "的的的", [(0, 2), (1, 3)]),
        ("-19", "COVID-19 -190", [(5, 8)]),
        ("5G手机", "15G手机5G手机壳", [(5, 9)]),
        ("A股", "AA股，A股", [(4, 6)]),
    ],
)
def test_where_a_needle_stands(text: str, paragraph: str, spans: list[tuple[int, int]]) -> None:
    assert list(needle(text).spans(searchable(paragraph).text)) == spans


@pytest.mark.parametrize(
    ("text", "prefix", "grams", "exact"),
    [
        ("股", False, [("股", True)], True),
        ("临空", False, [("临空", False)], True),
        ("临空经", False, [("临空", False), ("空经", False)], False),
        ("AI", False, [("ai", False)], True),
        ("CO", True, [("co", True)], True),
        ("A股", False, [("a", False), ("股", True)], False),
        ("A-B", True, [("a", False), ("b", True)], False),
        ("5-", True, [("5", False)], False),
        ("“临空”", False, [("临空", False)], False),
        ("的的的", False, [("的的", False)], False),
    ],
)
def test_candidates(text: str, prefix: bool, grams: list[tuple[str, bool]], exact: bool) -> None:
    (only,) = candidates(needle(text, prefix))
    assert only.grams == tuple(Gram(*gram) for gram in grams)
    assert only.exact is exact


@settings(max_examples=800, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.one_of(
        st.sampled_from(WORDS + PHRASES),
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=2).map("".join).map(str.strip),
        st.text("ab1一二 ，", min_size=1, max_size=4).map(str.strip),
    ),
    st.booleans(),
)
def test_grams_miss_no_document_and_exact_ones_add_none(
    paragraph: str, written: str, prefix: bool
) -> None:
    if not any(han(c) or latin(c) for c in written):
        assert not searchable_length(written)
        return
    text = searchable(paragraph).text
    stored = document_grams(text)
    ways = [
        (
            way.exact,
            all(
                any(
                    each.startswith(gram.text) if gram.prefix else each == gram.text
                    for each in stored
                )
                for gram in way.grams
            ),
        )
        for way in candidates(needle(written, prefix))
    ]
    stands = bool(places(written, text, prefix))
    if stands:
        assert any(contained for _, contained in ways)
    if any(exact and contained for exact, contained in ways):
        assert stands
