from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.text import changes as texts
from newscrawl.text.changes import LONGEST, MOST_CLAUSES, REACH, Change, changes
from tests.reports import FERRY


def test_an_unchanged_text_has_none_whatever_its_punctuation_and_paragraphs():
    written = "".join(FERRY).replace("，", ",").replace("0", "０")
    assert changes(FERRY, [written]) == []


def test_what_was_left_out_changed_and_added_is_told_in_the_order_of_reading():
    reprint = ["本报讯 " + FERRY[0].replace("江面上薄雾未散，", ""), *FERRY[1:]]
    reprint[1] = reprint[1].replace("两座趸船", "三座趸船")
    reprint[-1] += "本报将继续关注。"
    assert changes(FERRY, reprint) == [
        Change(
            "改为",
            "停航三个月的临江渡口昨天清晨恢复通航，",
            "本报讯 停航三个月的临江渡口昨天清晨恢复通航，",
        ),
        Change("删去", "江面上薄雾未散，", ""),
        Change("改为", "停航期间更换了两座趸船，", "停航期间更换了三座趸船，"),
        Change("增加", "", "本报将继续关注。"),
    ]


def test_clauses_that_follow_one_another_are_told_together():
    assert changes(FERRY, FERRY[:-1]) == [Change("删去", FERRY[-1], "")]
    assert changes(FERRY[:-1], FERRY) == [Change("增加", "", FERRY[-1])]


def test_a_comma_inside_a_figure_ends_no_clause():
    one, other = ["共有1,200人参加，场面热烈。"], ["共有1,300人参加，场面热烈。"]
    assert changes(one, other) == [Change("改为", "共有1,200人参加，", "共有1,300人参加，")]


def test_one_clause_in_the_place_of_another_is_a_change():
    one, other = ["他强调，安全第一。"], ["据了解，安全第一。"]
    assert changes(one, other) == [Change("改为", "他强调，", "据了解，")]


def test_a_text_without_end_is_compared_as_far_as_is_read():
    endless = ["好，" * (MOST_CLAUSES + 5)]
    assert changes(endless, [*endless, "完。"]) == []


@pytest.mark.parametrize(
    "pair",
    [
        lambda: (strange(0x4E00), strange(0x6000)),
        lambda: ("甲，" * 2_000, "甲，乙，" * 1_000),
        lambda: ("渡" * 5_000_000, "口" * 5_000_000),
    ],
)
def test_whatever_the_texts_are_it_ends(monkeypatch, pair):
    """By what is held against one another, not by a clock."""
    compared, ratio = [], texts.ratio

    def counted(one, other, **given):
        compared.append(max(len(one), len(other)))
        return ratio(one, other, **given)

    monkeypatch.setattr(texts, "ratio", counted)
    first, reprint = pair()
    changes([first], [reprint])
    assert len(compared) <= MOST_CLAUSES * REACH
    assert max(compared, default=0) <= LONGEST


def strange(start):
    """Clauses of characters of their own."""
    return "".join(f"{chr(start + n) * 9}，" for n in range(MOST_CLAUSES))


TEXTS = st.lists(st.text("渡口通航，。！1,2 ", max_size=20), max_size=5)


@given(TEXTS, TEXTS)
def test_every_change_says_what_its_kind_promises(first, reprint):
    for change in changes(first, reprint):
        assert bool(change.before) == (change.kind != "增加")
        assert bool(change.after) == (change.kind != "删去")
