"""Words and longer names that are offered take away as many hits as is said."""

from __future__ import annotations

import pytest

from newscrawl.alerts import evidence, noise
from newscrawl.alerts.backtest import backtest
from newscrawl.query.limits import Limits
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import Subject
from newscrawl.query.tree import positive_texts
from tests.alerts.paper import proposal, searched


def offered(searcher, query, **changes):
    return backtest(searcher, proposal(query, **changes)).noise


@pytest.mark.parametrize(
    "query",
    [
        "莫干山",
        "莫干山 OR 拱宸桥",
        "-食堂",
        "莫干山 -公交",
        "headline:简讯 OR 莫干山",
        "(莫干山 OR 拱宸桥) paper:杭州日报",
        '莫干山 OR "恢复 通航"~2',
    ],
)
def test_each_takes_away_what_a_search_for_its_query_does_not_find(searcher, query):
    found = offered(searcher, query)
    assert found
    for each in found:
        assert each.takes > 0
        total, left = searched(searcher, query).total, searched(searcher, each.query).total
        assert total - left == each.takes, each
        assert show(parse(each.query)) == each.query


def test_the_word_of_many_hits_is_offered_with_its_query(searcher):
    [inns] = [each for each in offered(searcher, "莫干山") if each.text == "民宿"]
    assert (inns.kind, inns.takes, inns.query) == ("word", 3, "莫干山 -民宿")


def test_the_road_is_offered_as_a_guard_and_comes_first(searcher):
    first = offered(searcher, "莫干山")[0]
    assert (first.kind, first.text, first.takes) == ("longer name", "莫干山路", 4)
    assert first.query == "莫干山!莫干山路"


def test_a_guard_is_offered_where_the_term_stands_in_the_query(searcher):
    queries = [each.query for each in offered(searcher, "(莫干山 -民宿) OR 拱宸桥")]
    assert "莫干山!莫干山路 -民宿 OR 拱宸桥" in queries


def test_what_the_query_says_already_is_not_offered(searcher):
    for query in ("莫干山 民宿", "莫干山 -民宿", "莫干山!莫干山民宿"):
        assert "民宿" not in [each.text for each in offered(searcher, query)]
    assert "莫干山路" not in [each.text for each in offered(searcher, "莫干山!莫干山路")]


def test_the_words_of_every_article_are_not_offered(searcher):
    """今晚 stands in hits as well as elsewhere, 居民 in nearly all that is asked for."""
    texts = [each.text for each in offered(searcher, "莫干山 OR 食堂")]
    assert "居民" not in texts
    assert all(len(text) > 1 for text in texts)


def test_a_word_that_is_as_common_elsewhere_is_not_offered(searcher, monkeypatch):
    assert "民宿" in [each.text for each in offered(searcher, "莫干山")]
    monkeypatch.setattr(noise, "LIFT", 1000.0)
    assert "民宿" not in [each.text for each in offered(searcher, "莫干山")]


def test_reprints_of_one_story_make_no_noise(searcher):
    """All three articles have 128, 趸船 and many words more that stand nowhere else."""
    assert offered(searcher, "渡口 OR 市场重开") == []


def test_a_word_that_has_a_part_of_what_is_asked_for_is_not_offered(searcher):
    assert not [each for each in offered(searcher, "干山 OR 宸桥") if "莫干" in each.text[:2]]


def test_words_inside_one_another_are_offered_once(searcher):
    texts = [each.text for each in offered(searcher, "莫干山 OR 拱宸桥 OR 渡口 OR 图书馆")]
    assert len(texts) <= noise.MOST + noise.MOST // 2
    assert not [(a, b) for a in texts for b in texts if a != b and a in b]


def test_of_longer_names_half_as_many_are_offered(searcher, monkeypatch):
    monkeypatch.setattr(noise, "MOST", 1)
    assert [each.kind for each in offered(searcher, "莫干山")] == ["word"]


def test_the_most_come_first(searcher):
    takes = [each.takes for each in offered(searcher, "莫干山 OR 拱宸桥") if each.kind == "word"]
    assert takes == sorted(takes, reverse=True)


def test_a_query_that_may_not_be_longer_is_not_made_longer(searcher):
    assert offered(searcher, "莫干山", limits=Limits(clauses=2)) != []
    assert offered(searcher, "莫干山", limits=Limits(clauses=1)) == []
    assert offered(searcher, "莫干山", limits=Limits(length=3)) == []


def test_of_a_sample_only_what_was_read_is_counted(searcher, monkeypatch):
    every = {each.text: each.takes for each in offered(searcher, "莫干山 OR 食堂")}
    monkeypatch.setattr(evidence, "READ", 36)
    some = {each.text: each.takes for each in offered(searcher, "莫干山 OR 食堂")}
    assert every["莫干山路"] == 4
    assert some["莫干山路"] == 3


def test_where_nothing_is_found_there_is_no_noise(searcher):
    assert offered(searcher, "没有这个词") == []


@pytest.mark.parametrize(
    ("query", "text", "passing"),
    [
        ("渡口", {"body": ("渡口通航",)}, True),
        ("渡口", {"body": ("渡口通航", "渡口热闹")}, False),
        ("渡口 通航", {"body": ("渡口通航",)}, False),
        ("渡口", {"headline": "渡口通航", "body": ("渡口通航",)}, False),
        ("渡口", {"kicker": "渡口通航"}, False),
        ("渡口!渡口路", {"headline": "渡口路", "body": ("渡口",)}, True),
    ],
)
def test_what_is_in_passing(query, text, passing):
    leaves = list(positive_texts(parse(query)))
    assert noise.in_passing(leaves, Subject(**text)) == passing


def test_what_is_asked_for_in_passing_brings_noise_and_what_is_asked_for_brings_none(searcher):
    assert [each for each in offered(searcher, "headline:简讯") if each.kind == "word"] == []


def test_a_longer_name_that_most_hits_have_is_what_is_asked_for(searcher, monkeypatch):
    """莫干山路 stands in 4 of the 12: noise; in most of them it would be the subject."""
    assert "莫干山路" in [each.text for each in offered(searcher, "莫干山")]
    monkeypatch.setattr(noise, "MOST_SHARE", 0.3)
    assert "莫干山路" not in [each.text for each in offered(searcher, "莫干山")]


def test_a_longer_name_of_which_another_term_is_part_is_what_is_asked_for(searcher):
    query = "莫干山 OR headline:山路 OR 拱宸桥"
    assert [each for each in offered(searcher, "莫干山 OR 拱宸桥") if each.text == "莫干山路"]
    assert not [each for each in offered(searcher, query) if each.kind == "longer name"]


def test_all_that_is_asked_for_is_known():
    query = '临空 OR "营商 改革"~5 OR 莫干山!莫干山路 -亚运 paper:杭州日报 author:林晚舟 date:2023'
    asked = ["临空", "营商", "改革", "莫干山", "莫干山路", "亚运", "杭州日报", "林晚舟"]
    assert sorted(noise.asked_for(parse(query))) == sorted(asked)
