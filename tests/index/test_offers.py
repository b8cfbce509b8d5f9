from __future__ import annotations

import pytest

from newscrawl.index.offers import separated
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.text.segment import segment


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("临空经济示范区", "临空 经济 示范区"),
        ("臨空經濟", "临空 经济"),
        ("headline:临空经济 杭州", "headline:临空 headline:经济 杭州"),
        ("临空经济 OR 萧山机场", "临空 经济 OR 萧山 机场"),
        ("5G手机 -临空经济", "5g 手机 -临空经济"),
        ('"临空，经济"', "临空 经济"),
        ("临空经济*", "临空 经济*"),
    ],
)
def test_words_that_stand_together_are_separated(asked, offered):
    apart = separated(parse(asked), segment)
    assert apart is not None
    assert show(apart) == offered


@pytest.mark.parametrize(
    "asked", ["临空", "AI", "-临空经济", '"临空 经济"~5', "山", "经济经济", "page:经济新闻"]
)
def test_where_nothing_can_be_separated_nothing_is_offered(asked):
    assert separated(parse(asked), segment) is None


def test_a_word_of_the_dictionary_is_separated_where_it_has_words_inside():
    def with_it(text):
        return [*segment(text), "临空经济"]

    assert show(separated(parse("临空经济"), with_it)) == "临空 经济"


def test_a_run_that_the_words_do_not_cover_stays_whole():
    assert separated(parse("临空经济"), lambda _text: ["临空"]) is None
