from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.text.shingles import LENGTH, LONG, MARKS, marks, plain
from tests.reports import FERRY, LIBRARY

TEXT = plain("".join(FERRY))


def test_punctuation_layout_and_form_leave_nothing_behind():
    assert plain("“渡口”，恢复 通航！\nＡＩ") == plain("渡口恢复通航：ai") == "渡口恢复通航ai"
    assert plain("渡輪") == plain("渡轮")


def test_there_are_so_many_marks_in_order_and_no_two_are_equal():
    made = marks(TEXT)
    assert len(made) == MARKS
    assert made == sorted(set(made))


def test_they_are_the_same_in_every_process():
    assert marks("渡口昨天恢复通航，首班船满载乘客。") == [1467773380, 1813434006]


def test_a_short_text_has_few_and_an_empty_one_none():
    assert len(marks("渡口通航")) == 1
    assert marks("") == []


def test_half_a_text_shares_about_half_its_marks():
    assert len(set(marks(TEXT)) & set(marks(TEXT[: len(TEXT) // 2]))) >= MARKS // 4


def test_another_report_shares_none():
    assert not set(marks(TEXT)) & set(marks(plain("".join(LIBRARY))))


@pytest.mark.parametrize(("least", "most"), [(LENGTH, LONG - 50), (LONG, 3 * LONG)])
@given(data=st.data())
def test_of_a_part_those_marks_of_the_whole_are_kept_that_lie_in_it(least, most, data):
    part = data.draw(st.text("甲乙丙丁", min_size=least, max_size=most))
    whole = part + data.draw(st.text("戊己庚", max_size=49))
    inside = {mark for mark in marks(whole) if mark in _all(part)}
    assert inside <= set(marks(part))


def test_a_long_text_whose_characters_are_all_of_one_kind_has_marks_too():
    assert len(marks("a" * 2 * LONG)) == 1


def _all(text):
    places = range(len(text) - LENGTH + 1)
    return {marks(text[place : place + LENGTH])[0] for place in places}
