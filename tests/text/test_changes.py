from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from newscrawl.text import changes as texts
from newscrawl.text.changes import (
    HELD,
    MOST_CLAUSES,
    MOST_PAIRS,
    Change,
    changes,
    is_compared,
    pieces,
    size,
)
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
    endless = "好，" * (MOST_CLAUSES + 5)
    assert changes([endless], [f"{endless}完。"]) == []
    assert not is_compared([endless], [f"{endless}完。"])


def test_what_changes_at_the_end_of_a_long_report_is_found():
    report = [f"第{n}项工作，要抓紧抓好，落到实处。" for n in range(3_000)]
    edited = [*report[:-2], "这项工作，已经取消，不再落实。", report[-1]]
    assert is_compared(report, edited)
    for exact in (True, False):
        found = changes(report, edited, exact=exact)
        assert "要抓紧抓好，" in "".join(each.before for each in found)
        assert "已经取消，" in "".join(each.after for each in found)
        assert changes(report, report, exact=exact) == []


def test_every_sign_counts_where_it_is_to_be_exact():
    one, other = ["一段话。", "■", "二段话。"], ["一段话。", "二段话。"]
    assert changes(one, other, exact=True) == [Change("删去", "■", "")]
    assert changes(one, other) == []


@pytest.fixture
def compared(monkeypatch):
    """The lengths of what is held against one another: the work, whatever a clock says."""
    lengths = []

    def noted(one, other, score_cutoff):
        lengths.append((len(one), len(other)))
        return ratio(one, other, score_cutoff=score_cutoff)

    monkeypatch.setattr(texts, "ratio", noted)
    return lengths


def strange(start, each=9):
    """Clauses of characters of their own."""
    return "".join(f"{chr(start + n) * each}，" for n in range(MOST_CLAUSES))


@pytest.mark.parametrize(
    ("first", "reprint"),
    [
        (strange(0x3400), strange(0x4E00)),
        (strange(0x3400, 49), strange(0x4E00, 49)),
        (strange(0x3400, 9_999), strange(0x4E00, 9_999)),
        ("甲，" * 2_000, "甲，乙，" * 1_000),
        ("渡" * 5_000_000, "口" * 5_000_000),
    ],
    ids=["many", "of many characters", "of all there are", "every second", "one"],
)
def test_whatever_the_texts_are_what_is_compared_of_them_is_bounded(compared, first, reprint):
    changes([first], [reprint])
    assert 0 < len(compared) <= MOST_PAIRS
    assert max(map(max, compared)) <= HELD


@given(st.lists(st.integers(1, 300), max_size=60), st.lists(st.integers(1, 300), max_size=60))
def test_no_lengths_of_clauses_make_it_compare_more(first, reprint):
    lengths, room = [], 50
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "MOST_PAIRS", room)
        patch.setattr(texts, "ratio", lambda *both, **_: lengths.extend(map(len, both)) or 0)
        changes(["甲" * n + "，" for n in first], ["乙" * n + "，" for n in reprint])
    assert len(lengths) <= 2 * room
    assert all(length <= HELD for length in lengths)


def test_where_no_more_is_compared_all_is_told_as_left_out_and_added(monkeypatch):
    monkeypatch.setattr(texts, "MOST_PAIRS", 1)
    one = "两座趸船已经更换，今天上午试航，市民纷纷前来。"
    other = one.replace("两座", "三座").replace("上午", "下午").replace("市民", "游客")
    assert changes([one], [other]) == [
        Change("改为", "两座趸船已经更换，", "三座趸船已经更换，"),
        Change("删去", "今天上午试航，市民纷纷前来。", ""),
        Change("增加", "", "今天下午试航，游客纷纷前来。"),
    ]


def test_long_clauses_are_told_apart_by_how_they_begin():
    one = "趸船" * HELD
    assert changes([one + "旧"], [one + "新"]) == [Change("改为", one + "旧", one + "新")]


TEXTS = st.lists(st.text("渡口通航，。！1,2 ", max_size=20), max_size=5)


@given(TEXTS, TEXTS)
def test_every_change_says_what_its_kind_promises(first, reprint):
    for change in changes(first, reprint):
        assert bool(change.before) == (change.kind != "增加")
        assert bool(change.after) == (change.kind != "删去")


def marked(before, after):
    """As a reader is shown it: 〔删〕 in brackets of one kind, 〔增〕 of the other."""
    brackets = {"同": "{}", "删": "-{}-", "增": "+{}+"}
    found = pieces(Change("改为", before, after))
    return "".join(brackets[mark].format(text) for mark, text in found)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("更换了两座趸船，", "更换了三座趸船，", "更换了-两-+三+座趸船，"),
        ("总值7012.6亿元，", "总值7021.6亿元，", "总值-7012.6-+7021.6+亿元，"),
        ("增长8.9%。", "增长9.8%。", "增长-8.9%-+9.8%+。"),
        ("共1,200人", "共1,300人", "共-1,200-+1,300+人"),
        ("提前了约两周。", "略有推迟。", "-提前了约两周-+略有推迟+。"),
        ("他在杭州，", "他昨天在杭州，", "他+昨天+在杭州，"),
        ("记者王伟报道", "记者王维报道", "记者王-伟-+维+报道"),
        ("一、二", "一，二", "一-、-+，+二"),
        ("东城区西", "南城市北", "-东城区西-+南城市北+"),
        ("", "新的。", "+新的。+"),
        ("旧的。", "", "-旧的。-"),
        ("AI大模型", "VR大模型", "-AI-+VR+大模型"),
    ],
)
def test_the_characters_of_a_change_are_marked(before, after, shown):
    assert marked(before, after) == shown


def test_punctuation_alone_is_a_change_where_it_is_to_be_exact():
    assert changes(["一是安全，二是方便。"], ["一是安全；二是方便。"]) == []
    (one,) = changes(["一是安全，二是方便。"], ["一是安全；二是方便。"], exact=True)
    assert one == Change("改为", "一是安全，", "一是安全；")
    assert size([one]) == 0


def test_the_size_of_changes_is_in_characters_that_say_something():
    made = changes(["更换了两座趸船，很好。"], ["更换了三座趸船，本报将关注。"])
    assert size(made) == len("两三") + len("很好") + len("本报将关注")


@given(TEXTS, TEXTS)
def test_the_pieces_of_a_change_are_all_of_it(first, reprint):
    for change in changes(first, reprint, exact=True):
        found = pieces(change)
        assert "".join(text for mark, text in found if mark != "增") == change.before
        assert "".join(text for mark, text in found if mark != "删") == change.after
