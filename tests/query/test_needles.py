from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.query.needles import needle, phrases, searchable_length
from newscrawl.text.grams import Phrase, gram_line
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


def follows(wanted: Phrase, stored: list[str]) -> bool:
    """Whether the grams of a phrase follow one another somewhere."""
    *first, last = wanted.grams or ("",)
    for start in range(len(stored) - len(first)):
        end = start + len(first)
        begins = stored[end].startswith(last) if wanted.prefix else stored[end] == last
        if stored[start:end] == first and begins:
            return True
    return not wanted.grams


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
    stored = gram_line(text)
    ways = [(way.exact, follows(way, stored)) for way in phrases(needle(written, prefix))]
    stands = bool(places(written, text, prefix))
    if stands:
        assert any(contained for _, contained in ways)
    if any(exact and contained for exact, contained in ways):
        assert stands
