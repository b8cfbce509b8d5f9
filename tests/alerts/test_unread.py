"""What can no longer be read is passed over and told of; everybody else is served."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from newscrawl.alerts import matcher, standing
from newscrawl.alerts.standing import Entry, Standing
from newscrawl.catalogue import subscriptions
from newscrawl.query.parse import parse
from newscrawl.query.sieve import sieve
from tests.alerts.test_matcher import follow, kinds, made, subscribed
from tests.alerts.test_standing import entry, subject
from tests.makers import article, record

__all__ = ["made"]


@pytest.fixture(params=["few", "many"])
def parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As plain Python, and as arrays."""
    if request.param == "many":
        monkeypatch.setattr(standing, "FEW", 0)


@pytest.mark.usefixtures("parts")
def test_what_cannot_be_read_is_passed_over_until_it_is_written_anew():
    made = Standing([entry(1, "临空"), Entry(2, "(临空"), Entry(3, None), entry(4, "临空")])
    assert made.matching(subject("临空")) == [1, 4]
    assert {*made.unread} == {2, 3}
    made.put([Entry(1, "(临空"), entry(2, "临空")])
    assert made.matching(subject("临空")) == [2, 4]
    assert {*made.unread} == {1, 3}
    made.put([Entry(5, "(临空"), entry(5, "临空"), entry(4, "临空"), Entry(4, "(临空")])
    made.drop([1])
    assert made.matching(subject("临空")) == [2, 5]
    assert {*made.unread} == {3, 4}


@pytest.mark.usefixtures("parts")
def test_what_has_a_sieve_is_passed_over_once_its_tree_is_looked_at():
    doubtful = sieve(parse('"临空 经济"~3')).text()
    made = Standing([Entry(1, '"临空 经济"~', doubtful), Entry(2, '"临空 经济"~3', doubtful)])
    assert made.matching(subject("莫干山")) == []
    assert made.unread == {}
    for _round in range(2):
        assert made.matching(subject("临空经济")) == [2]
        assert {*made.unread} == {1}
    assert len(made) == 1
    made.put([entry(1, "经济")])
    assert made.matching(subject("临空经济")) == [1, 2]
    assert made.unread == {}


def damage(made, number, **columns):
    """Write to a subscription's row what nothing here writes."""
    with made.write() as tx:
        for column, value in columns.items():
            statement = text(f"UPDATE subscriptions SET {column} = :value WHERE id = :id")
            tx.execute(statement, {"value": value, "id": number})


def test_what_cannot_be_read_stops_nobody_and_is_told_once(made, caplog):
    sound, query, papers, sieve = (subscribed(made, "渡口", f"第{each}") for each in "甲乙丙丁")
    damage(made, query, query="(渡口")
    damage(made, papers, papers="[")
    damage(made, sieve, sieve="1\n=t没有\t")
    record(made, article(1))
    follower = follow(made)
    record(made, article(2))
    while follower.step():
        pass
    assert [len(kinds(made, each)) for each in (sound, query, papers, sieve)] == [2, 0, 0, 2]
    one, other = caplog.messages
    assert one.startswith("me: 第乙: passed over, its query cannot be read: ")
    assert other.startswith("me: 第丙: passed over, its query cannot be read: ")
    assert "`newscrawl subscriptions remove '第乙' --person me`" in one


def test_what_is_written_anew_takes_effect_again(made):
    number = subscribed(made, "渡口")
    damage(made, number, query="(渡口")
    record(made, article(1))
    follower = follow(made)
    with made.write() as tx:
        held = subscriptions.by_ids(tx, [number])[number]
        subscriptions.change(tx, replace(held, query="渡口"))
    record(made, article(2))
    while follower.step():
        pass
    assert [each for each, _ in kinds(made, number)] == ["hangzhou_daily/2023-12-15/A01/2"]


def test_of_very_many_that_cannot_be_read_the_log_names_some(made, caplog, monkeypatch):
    monkeypatch.setattr(matcher, "NAMED", 2)
    for number in range(5):
        damage(made, subscribed(made, "渡口", f"第{number}"), query="(渡口")
    record(made, article(1))
    follow(made)
    assert [each.partition(":")[0] for each in caplog.messages[:2]] == ["me", "me"]
    assert caplog.messages[2:] == [
        "5 subscriptions in all cannot be read: `newscrawl doctor` names them"
    ]
