"""What is told of a paper: what came, a failure once, and that it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from newscrawl.catalogue.arrivals import Arrival
from newscrawl.catalogue.runs import Run
from newscrawl.ops.bulletin import Bulletin
from newscrawl.ops.poll import Ended
from newscrawl.ops.rhythms import WITHOUT_HISTORY
from newscrawl.ops.watched import MANY, Watched
from tests.makers import PAPER, TITLE

DAY = date(2023, 12, 15)
NEXT = date(2023, 12, 16)
STANDS = Bulletin(TITLE, None, 7, (), WITHOUT_HISTORY, complete=False, news=None)
NEW = Arrival(8, f"{PAPER}/2023-12-15/A01/1", 1, "渡口恢复通航")
WELL, ILL = Ended(0, ""), Ended(1, "the last line")


def run(state="incomplete", started="1", reason="HTTP 500"):
    return Run(PAPER, started, started, state, "", [("https://example.com/1", reason)], {})


def polled(watched, ended, day=DAY, **after):
    watched.begin(STANDS)
    return watched.end(ended, replace(STANDS, **after), day)


def test_nothing_new_is_not_told():
    watched = Watched(PAPER)
    assert polled(watched, WELL) is None
    assert watched.since == 7


def test_what_came_is_told_with_the_papers_title():
    news = polled(Watched(PAPER), WELL, came=(NEW,), newest=8)
    assert news is not None
    assert (news.title, news.came, news.failure) == (TITLE, (NEW,), "")


def test_a14_a_failure_is_told_once_while_it_lasts_and_so_is_its_end():
    watched = Watched(PAPER)
    news = polled(watched, ILL, run=run())
    assert news is not None
    assert news.failure == "incomplete: https://example.com/1: HTTP 500"
    assert polled(watched, ILL, run=run(started="2", reason="HTTP 503")) is None
    worse = polled(watched, ILL, run=run("failed", started="3"))
    assert worse is not None
    assert worse.failure.startswith("failed: ")
    over = polled(watched, WELL)
    assert over is not None
    assert over.recovered
    assert watched.standing.failures == 0
    assert polled(watched, WELL) is None


def test_what_came_in_spite_of_a_failure_is_told_without_saying_it_again():
    watched = Watched(PAPER)
    polled(watched, ILL, run=run())
    news = polled(watched, ILL, run=run(started="2"), came=(NEW,))
    assert news is not None
    assert (news.came, news.failure) == ((NEW,), "")


def test_a_run_that_wrote_nothing_down_is_told_by_its_last_line():
    watched = Watched(PAPER)
    watched.begin(replace(STANDS, run=run()))
    news = watched.end(ILL, replace(STANDS, run=run()), DAY)
    assert news is not None
    assert news.failure == "ended with status 1: the last line"
    killed = watched.end(Ended(-9, ""), STANDS, DAY)
    assert killed is not None
    assert killed.failure == "ended with signal 9"


def test_what_little_is_missing_makes_no_poll_later_but_a_site_that_fails_does():
    watched = Watched(PAPER)
    polled(watched, ILL, run=run())
    assert watched.standing.failures == 0
    refused = replace(run(started="2"), reasons=[("https://example.com/1", "HTTP 503")] * MANY)
    polled(watched, ILL, run=refused)
    polled(watched, ILL, run=run("failed", started="3"))
    polled(watched, Ended(-9, ""))
    assert watched.standing.failures == 3
    polled(watched, ILL, run=run(started="4"))
    assert watched.standing.failures == 0


def test_g1_a_poll_beside_another_run_is_no_failure():
    watched = Watched(PAPER)
    assert polled(watched, Ended(0, f"{PAPER}: already running"), run=run()) is None
    assert watched.standing.failures == 0


def test_the_first_poll_of_a_day_reads_the_one_before_once_more_until_it_went_well():
    watched = Watched(PAPER)
    assert watched.given(DAY) == {}
    polled(watched, WELL, DAY)
    assert watched.given(DAY) == {}
    assert watched.given(NEXT) == {"since": "2023-12-15"}
    polled(watched, ILL, NEXT, run=run("failed"))
    assert watched.given(NEXT) == {"since": "2023-12-15"}
    polled(watched, WELL, NEXT)
    assert watched.given(NEXT) == {}


def test_past_editions_are_read_again_once_a_day_by_whomever():
    watched = Watched(PAPER)
    assert watched.recheck_due(DAY)
    polled(watched, WELL, reread=datetime(2023, 12, 14, 17, 0, tzinfo=UTC))  # the 15th in Shanghai
    assert not watched.recheck_due(DAY)
    assert watched.recheck_due(NEXT)
    assert watched.rechecked(WELL, STANDS, NEXT) is None
    assert not watched.recheck_due(NEXT)


def test_what_became_of_past_editions_is_told_and_changes_nothing_of_todays():
    watched = Watched(PAPER)
    polled(watched, WELL)
    edit = replace(NEW, n=2)
    news = watched.rechecked(WELL, replace(STANDS, came=(edit,), newest=9), DAY)
    assert news is not None
    assert (news.came, news.failure, watched.since) == ((edit,), "", 9)
    trouble = watched.rechecked(ILL, STANDS, DAY)
    assert trouble is not None
    assert trouble.failure == "past editions, read again: ended with status 1: the last line"
    assert watched.failures == 0
    assert polled(watched, WELL) is None
