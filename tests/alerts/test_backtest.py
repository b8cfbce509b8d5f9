"""The back-test says what the same search finds, with every engine."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from newscrawl.alerts import evidence
from newscrawl.alerts.backtest import backtest
from newscrawl.alerts.evidence import Proposal, spread
from newscrawl.errors import UsageError
from newscrawl.index.bounds import allowed
from newscrawl.query.errors import QueryError
from newscrawl.query.limits import Limits
from newscrawl.text.dates import today
from tests.alerts.paper import UNTIL, proposal, searched

QUERIES = [
    "莫干山",
    "莫干山!莫干山路",
    "渡口",
    "渡口 OR 拱宸桥",
    "headline:渡口",
    '"渡口 恢复"~3',
    "雨水",
    "简讯 -食堂",
    "莫干山 -民宿",
    "没有这个词",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("days", [1, 15, 30])
def test_its_numbers_are_those_of_the_search(searcher, query, days):
    tried, told = backtest(searcher, proposal(query, days=days)), searched(searcher, query, days)
    assert (tried.total, tried.stories, tried.counted) == (told.total, told.stories, told.counted)
    filled = [(day, count) for day, count in tried.timeline.buckets if count]
    assert filled == [(day, count) for day, count in told.timeline.buckets if count]
    assert [row.hit.version.seq for row in tried.newest] == [
        row.hit.version.seq for row in told.rows[: len(tried.newest)]
    ]
    assert tried.a_day == told.total / days


@pytest.mark.parametrize("papers", [("metro_express",), ("都市快报", "每日商报")])
def test_only_the_papers_that_are_wanted_count(searcher, papers):
    tried = backtest(searcher, proposal("渡口", papers=papers))
    assert tried.total == searched(searcher, "渡口", papers=papers).total == len(papers)
    assert tried.articles == len(papers)


def test_the_first_and_the_last_day_belong_to_it(searcher):
    tried = backtest(searcher, proposal("雨水"))
    assert (tried.since, tried.until) == (date(2023, 11, 16), UNTIL)
    assert tried.total == 1
    assert backtest(searcher, proposal("雨水", days=29)).total == 0
    assert backtest(searcher, proposal("雨水", days=31)).total == 2


def test_reprints_are_one_story(searcher):
    tried = backtest(searcher, proposal("渡口 OR 莫干山路口"))
    assert (tried.total, tried.stories) == (4, 2)
    assert [len(row.reprints) for row in tried.newest] == [0, 2]
    assert tried.sentence == "would have fired 4 times in the 30 days to 2023-12-15, 2 stories"


def test_the_chart_has_every_day_and_the_busiest_is_told(searcher):
    tried = backtest(searcher, proposal("莫干山 OR 渡口"))
    assert len(tried.timeline.buckets) == 30
    assert tried.timeline.buckets[0] == ("2023-11-16", 0)
    assert tried.busiest == ("2023-12-01", 3)
    assert backtest(searcher, proposal("莫干山")).busiest == ("2023-12-15", 2)


def test_many_days_are_counted_by_the_month_or_the_year(searcher):
    units = {
        days: backtest(searcher, proposal("雨水 OR 荷花", days=days)).timeline.unit
        for days in (62, 63, 3660)
    }
    assert units == {62: "day", 63: "month", 3660: "year"}


def test_the_newest_are_shown_with_their_passages(searcher):
    tried = backtest(searcher, proposal("莫干山"))
    assert len(tried.newest) == 5
    editions = [row.hit.version.article.edition for row in tried.newest]
    assert editions == sorted(editions, reverse=True)
    passage = tried.newest[0].hit.snippets[0]
    assert [passage.text[start:end] for start, end in passage.spans] == ["莫干山"]


def test_where_nothing_is_in_these_days_it_is_said_what_there_is_otherwise(searcher):
    tried = backtest(searcher, proposal("荷花"))
    assert (tried.total, tried.ever, tried.stories) == (0, 1, 0)
    assert (tried.busiest, tried.newest, tried.noise) == (None, [], [])
    assert tried.sentence.endswith(
        "would not have fired in the 30 days to 2023-12-15; 1 篇 of other days"
    )
    assert not tried.nothing
    assert backtest(searcher, proposal("没有这个词")).nothing
    assert backtest(searcher, proposal("莫干山 -莫干山")).nothing


def test_without_a_last_day_they_end_today(searcher):
    tried = backtest(searcher, Proposal("莫干山", days=7))
    assert tried.until == today(datetime.now(UTC))
    assert tried.sentence.startswith("would not have fired in the last 7 days")


def test_once_is_not_twice(searcher):
    tried = backtest(searcher, proposal("雨水", days=30))
    assert tried.sentence == "would have fired 1 time in the 30 days to 2023-12-15, 1 story"
    assert " 1 day to" in backtest(searcher, proposal("雨水", days=1)).sentence


def test_a_query_that_cannot_be_read_is_refused(searcher):
    with pytest.raises(QueryError):
        backtest(searcher, proposal("渡口 ("))
    with pytest.raises(QueryError):
        backtest(searcher, proposal("渡口", limits=Limits(length=1)))


@pytest.mark.parametrize("days", [0, -1, 3661])
def test_days_out_of_bounds_are_refused(days):
    with pytest.raises(UsageError, match="days"):
        Proposal("渡口", days=days)


def test_what_is_not_counted_is_at_least_so_many(searcher):
    """So few seconds that no text may be read to count."""
    with allowed(0.00001):
        tried = backtest(searcher, proposal("莫干山!莫干山路"))
        told = searched(searcher, "莫干山!莫干山路")
    assert (tried.counted, tried.total) == (told.counted, told.total)
    assert not tried.counted
    assert tried.stories is None
    assert "at least" in tried.sentence
    assert len(tried.newest) == 5


def test_more_hits_than_are_read_are_sampled_over_all_days(searcher, monkeypatch):
    monkeypatch.setattr(evidence, "READ", 6)
    tried = backtest(searcher, proposal("莫干山"))
    assert (tried.read, tried.total) == (6, 12)


def test_a_sample_is_spread():
    assert spread([1, 2, 3], 3) == [1, 2, 3]
    assert spread(list(range(100)), 4) == [0, 25, 50, 75]
    assert spread(list(range(7)), 3) == [0, 2, 4]


def test_it_goes_from_one_process_to_another(searcher):
    tried = backtest(searcher, proposal("莫干山"))
    assert pickle.loads(pickle.dumps(tried)) == tried
    assert replace(tried, total=0) != tried
