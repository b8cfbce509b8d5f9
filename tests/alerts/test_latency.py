"""What the ledger comes to, against small sums done by hand."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.alerts.latency import Percentiles, latency, percentiles
from newscrawl.catalogue.ledger import Times
from newscrawl.text.dates import iso

START = datetime(2023, 12, 15, 1, tzinfo=UTC)
HOUR = 3600


def at(seconds):
    return iso(START + timedelta(seconds=seconds))


def times(**changes):
    """Seen at 0, recorded at 1, indexed at 3, matched at 4, sent at 6, at once; in seconds."""
    moments = {"first_seen": 0, "recorded": 1, "indexed": 3, "matched": 4, "begun": 4}
    moments |= {"due": 4, "sent": 6, "confirmed": None}
    given = {name: changes.pop(name, value) for name, value in moments.items()}
    known = {name: None if value is None else at(value) for name, value in given.items()}
    values = {"paper": "hangzhou_daily", "channel": "ntfy", "published": "2023-12-15"}
    return Times(**(values | {"attempts": 1} | known | changes))


def only(*rows):
    (summary,) = latency(rows).papers.values()
    return summary


def taken(summary):
    """Each stage's median."""
    return {stage: each.p50 for stage, each in summary.stages.items()}


def test_each_stage_is_from_one_moment_to_another():
    summary = only(times())
    assert taken(summary) == {
        "seen_recorded": 1.0,
        "recorded_indexed": 2.0,
        "recorded_matched": 3.0,
        "matched_sent": 2.0,
        "seen_sent": 6.0,
    }
    assert (summary.sent, summary.digests, summary.retried, summary.confirmed) == (1, 0, 0, 0)


def test_who_wants_to_wait_is_not_kept_waiting():
    """A digest begun at 4, joined at 100, due at an hour, sent two seconds later."""
    digest = {"due": HOUR, "sent": HOUR + 2, "confirmed": HOUR + 3}
    first, joined = times(**digest), times(first_seen=95, recorded=96, matched=100, **digest)
    for row, seen_sent in ((first, 4.0 + 2.0), (joined, 5.0 + 2.0)):
        summary = only(row)
        assert (taken(summary)["matched_sent"], taken(summary)["seen_sent"]) == (2.0, seen_sent)
        assert (summary.digests, summary.retried, summary.confirmed) == (1, 0, 1)


def test_what_is_told_with_an_earlier_delivery_after_an_outage_was_late():
    """Matched behind a delivery that was due before: nobody wanted to wait for it."""
    summary = only(times(begun=-HOUR, due=-HOUR, sent=904))
    assert taken(summary)["matched_sent"] == 900.0
    assert (summary.digests, summary.retried) == (0, 0)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"attempts": 2}, id="attempts"),
        pytest.param({"begun": 300, "due": 300}, id="another address, or by hand"),
    ],
)
def test_what_did_not_go_at_once_is_counted_apart(again):
    summary = only(times(), times(sent=304, **again))
    assert summary.stages["matched_sent"] == Percentiles(2.0, 2.0, 1)
    assert summary.stages["retried_sent"] == Percentiles(300.0, 300.0, 1)
    assert summary.stages["seen_sent"] == Percentiles(6.0, 304.0, 2)
    assert (summary.sent, summary.digests, summary.retried) == (2, 0, 1)


def test_what_is_not_known_is_not_counted():
    summary = only(times(indexed=None), times(first_seen=None, recorded=None, matched=None))
    assert {stage: each.count for stage, each in summary.stages.items()} == {
        "seen_recorded": 1,
        "recorded_matched": 1,
        "matched_sent": 1,
        "seen_sent": 1,
    }
    assert summary.sent == 2


def test_by_paper_and_by_channel():
    rows = [times(channel="ntfy"), times(channel="email", paper="b"), times(channel="email")]
    found = latency(iter(rows))
    assert {name: each.sent for name, each in found.papers.items()} == {"b": 1, "hangzhou_daily": 2}
    assert {kind: each.sent for kind, each in found.channels.items()} == {"email": 2, "ntfy": 1}
    assert list(found.papers) == ["b", "hangzhou_daily"]
    assert {pair: each.sent for pair, each in found.pairs.items()} == {
        ("b", "email"): 1,
        ("hangzhou_daily", "email"): 1,
        ("hangzhou_daily", "ntfy"): 1,
    }
    assert latency([]).papers == latency([]).pairs == {}


def test_of_a_publication_without_its_time_of_day_it_is_said_how_many_there_are():
    known = times(published=at(-90))
    found = latency([times(), known, times(published=None, paper="b")])
    mine, other = found.papers["hangzhou_daily"], found.papers["b"]
    assert mine.stages["published_seen"] == Percentiles(90.0, 90.0, 1)
    assert (mine.day_only, other.day_only) == (1, 0)
    assert "published_seen" not in other.stages


def test_a_clock_that_was_set_back_is_seen():
    assert taken(only(times(recorded=-7)))["seen_recorded"] == -7.0


def test_many_times_are_few_numbers_of_three_digits():
    chance = random.Random(5)
    spread = [chance.lognormvariate(0, 3) for _ in range(5_000)]
    sent = only(*(times(sent=4 + each) for each in spread)).stages["matched_sent"]
    exact = sorted(spread)
    assert sent.count == 5_000
    assert sent.p50 == pytest.approx(exact[2_499], rel=0.006)
    assert sent.p95 == pytest.approx(exact[4_749], rel=0.006)


@pytest.mark.parametrize(
    ("count", "p50", "p95"), [(1, 1, 1), (2, 1, 2), (19, 10, 19), (20, 10, 19), (100, 50, 95)]
)
def test_percentiles_are_of_the_nearest_rank(count, p50, p95):
    assert percentiles({float(each): 1 for each in range(count, 0, -1)}) == Percentiles(
        p50, p95, count
    )


def test_what_comes_often_weighs_as_often():
    assert percentiles({1.0: 90, 2.0: 4, 9.0: 6}) == Percentiles(1.0, 9.0, 100)
