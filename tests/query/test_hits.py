from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.query.hits import spans, stands
from newscrawl.query.parse import parse
from newscrawl.query.subject import subject_of
from newscrawl.query.tree import field_of, text_leaves
from tests.query.pairs import articles, queries, written


@settings(max_examples=300)
@given(articles(), queries(), st.data())
def test_a_leaf_stands_where_it_has_a_place(article, query, data) -> None:
    subject = subject_of(article)
    for leaf in text_leaves(parse(data.draw(written(query)))):
        texts = subject.texts(field_of(leaf))
        assert stands(leaf, texts) == any(any(spans(leaf, text)) for text in texts)


@pytest.mark.parametrize(
    ("query", "text", "near"),
    [
        ('"甲 乙"~2', "甲一二乙", True),
        ('"甲 乙"~2', "甲一二三乙", False),
        ('"甲 乙"~2', "甲abc 12乙", True),
        ('"甲 乙"~2', "甲ab c 1 2乙", False),
        ('"甲 乙"~0', "甲 乙", True),
        ('"甲 乙"~9', "甲一二", False),
    ],
)
def test_a_word_counts_one_and_a_blank_nothing(query: str, text: str, near: bool) -> None:
    [leaf] = text_leaves(parse(query))
    assert stands(leaf, [text]) is near
