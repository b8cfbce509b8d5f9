"""Which words tell an article from others."""

from __future__ import annotations

from newscrawl.index.documents import words_of
from newscrawl.index.telling import telling
from newscrawl.items import Words
from tests.makers import article

FREQUENCIES = {
    "杭州": 900, "市民": 500, "渡口": 12, "通航": 9, "恢复": 200, "恢复通航": 3,
    "首班船": 1, "出行": 150, "2023": 30, "船": 40, "方便": 300, "都有": 1000,
}  # fmt: skip


def words(headline: list[str], body: list[str]) -> Words:
    return Words("jieba", " ".join(headline), "", "", " ".join(body))


def test_rare_words_come_first() -> None:
    assert telling(words([], ["杭州", "渡口", "市民"]), FREQUENCIES, 1000) == [
        "渡口",
        "市民",
        "杭州",
    ]


def test_what_stands_in_the_headline_weighs_more() -> None:
    assert telling(words(["渡口"], ["通航"]), FREQUENCIES, 1000) == ["渡口", "通航"]
    assert telling(words(["通航"], ["渡口"]), FREQUENCIES, 1000) == ["通航", "渡口"]


def test_what_is_repeated_weighs_more() -> None:
    assert telling(words([], ["渡口"] * 3 + ["通航"]), FREQUENCIES, 1000) == ["渡口", "通航"]


def test_what_leads_nowhere_is_left_out() -> None:
    nowhere = ["首班船", "2023", "船", "都有", "不在"]
    assert telling(words([], nowhere), FREQUENCIES, 1000) == []


def test_words_inside_a_better_one_are_left_out() -> None:
    found = telling(words([], ["恢复", "通航", "恢复通航", "渡口"]), FREQUENCIES, 1000)
    assert found == ["恢复通航", "渡口"]


def test_no_more_than_asked_for() -> None:
    assert len(telling(words_of(article(1)), FREQUENCIES, 1000, most=2)) == 2
    assert telling(words_of(article(1)), {}, 0) == []
