"""What is the same report. How often that is right is for `python -m benchmarks stories`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.text.reprints import LEAST, MOST, Body, is_reprint
from tests.reports import FERRY, LIBRARY, REPORTS, cut, edited, led, weather


def same(one, other):
    forth, back = (
        is_reprint(Body.of("\n".join(a)), Body.of("\n".join(b)))
        for a, b in ((one, other), (other, one))
    )
    assert forth == back
    return forth


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("made", [cut, edited, led, lambda report: report[:1]])
def test_a_cut_edited_or_framed_text_is_the_same_report(report, made):
    assert same(report, made(report))
    assert same(cut(report), edited(report))


def test_other_punctuation_and_full_width_figures_make_no_difference():
    written = [
        text.translate(str.maketrans("，0123456789", "　０１２３４５６７８９")) for text in FERRY
    ]
    assert same(FERRY, written)


def test_different_reports_are_apart():
    assert not same(FERRY, LIBRARY)
    assert not same(cut(FERRY), cut(LIBRARY))  # one header for both


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (weather(14, 3, 11), weather(15, 5, 13)),
        (
            ["双色球第2023144期开奖公告：红球3、7、12、18、25、31，蓝球9，一等奖6注。"],
            ["双色球第2023145期开奖公告：红球1、8、14、20、22、33，蓝球4，一等奖3注。"],
        ),
        (
            ["停电通知：因线路检修，清河路、柳浦街一带将于14日8时至17时停电，请用户做好准备。"],
            ["停电通知：因线路检修，望江坊、文澜里一带将于14日8时至17时停电，请用户做好准备。"],
        ),
        (
            ["国家主席将发表二〇二三年新年贺词，各电视台和广播电台将在除夕之夜八点整同时播出。"]
            * 4,
            ["国家主席将发表二〇二四年新年贺词，各电视台和广播电台将在除夕之夜八点整同时播出。"]
            * 4,
        ),
    ],
)
def test_forms_with_other_figures_or_names_are_apart(one, other):
    assert not same(one, other)
    assert same(one, one)


def test_one_figure_put_right_in_a_long_report_is_still_the_same():
    assert same(FERRY, [text.replace("128名", "126名") for text in FERRY])


def test_a_digest_is_not_the_reports_in_it_unless_it_begins_with_one():
    brief = [LIBRARY[0]]
    digest = [*FERRY, *FERRY[::-1], *brief, "本版综合报道。"]
    assert not same(brief, digest)
    assert same(brief, brief + digest)


def test_texts_that_say_too_little_are_never_the_same():
    assert not same(["详见今日A05版。"], ["详见今日A05版。"])
    assert not same([], [])
    assert same(["渡" * LEAST], ["渡" * LEAST])


def test_a_body_without_end_costs_no_more_than_a_long_report():
    assert len(Body.of("".join(FERRY) * 1_000).text) <= MOST


PARTS = st.lists(st.sampled_from([text for report in REPORTS for text in report]), max_size=6)


@given(PARTS, PARTS)
def test_the_order_of_the_two_makes_no_difference(one, other):
    same(one, other)


@given(PARTS)
def test_a_text_that_says_enough_is_the_same_as_itself(parts):
    assert same(parts, parts) == bool(parts)
