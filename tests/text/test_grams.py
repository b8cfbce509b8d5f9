from __future__ import annotations

import pytest

from newscrawl.text.grams import Phrase, gram_line, query_phrase


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("临空经济", "临空 空经 经济 济"),
        ("5g手机，a股", "5g 手机 机 ¦ a 股"),
        ("new york", "new ¦ york"),
        ("，的。", "的"),
        ("covid-19 𠮷䶮", "covid ¦ 19 ¦ 𠮷䶮 䶮"),
        ("，。😀", ""),
    ],
)
def test_a_line_of_grams_keeps_order_and_gaps(text: str, line: str) -> None:
    assert " ".join(gram_line(text)) == line


@pytest.mark.parametrize(
    ("text", "grams", "prefix", "exact"),
    [
        ("临空经济", "临空 空经 经济", False, True),
        ("的", "的", True, True),
        ("5g手", "5g 手", True, True),
        ("手机5g", "手机 机 5g", False, True),
        ("临空，", "临空 空", False, False),
        ("你好，世界", "你好 好 ¦ 世界", False, False),
        ("，世界", "世界", False, False),
        ("，", "", False, False),
    ],
)
def test_the_phrase_of_a_query(text: str, grams: str, prefix: bool, exact: bool) -> None:
    assert query_phrase(text) == Phrase(tuple(grams.split()), prefix, exact)


def test_only_the_last_word_may_go_on() -> None:
    assert query_phrase("new yor", prefix=True) == Phrase(("new", "¦", "yor"), True, False)
    assert query_phrase("new yor-", prefix=True) == Phrase(("new", "¦", "yor"), False, False)
