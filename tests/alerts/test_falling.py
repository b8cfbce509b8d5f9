"""What keeps failing, or has become old, is told at the address for that case, once."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from newscrawl.addresses import AllowedPrivate
from newscrawl.catalogue import letters, matches, subscribers, subscriptions
from newscrawl.catalogue.alert_schema import addresses, deliveries
from newscrawl.pace import Pace
from newscrawl.text.dates import iso
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import Told, body_of, key_of
from tests.makers import article, catalogue, record

HOUR = 3_600.0


class Two:
    """A subscription that is told at one server, and at another where that fails."""

    def __init__(self, told, first, other, pace):
        self.told, self.first, self.other = told, first, other
        self._pace = pace
        self.urls = [f"json://127.0.0.1:{each.port}" for each in (first, other)]

    def come(self, *numbers):
        for number in numbers:
            record(self.told.catalogue, article(number))
            self.told.match()

    def deliver(self, **policy):
        """One run. What fails is tried again in an hour, about."""
        allowed = AllowedPrivate(self.first.allowed.pairs | self.other.allowed.pairs)
        policy = {"first_retry": HOUR, "patience": 0.0} | policy
        deliverer = self.told.deliverer(allowed, self._pace, **policy)
        deliverer.run(0)
        deliverer.close()
        return deliverer.report

    def heard(self):
        """How often the other address heard of each article."""
        return Counter(
            item["headline"]["text"][1] for got in self.other.got for item in body_of(got)["items"]
        )

    def move(self, seconds, *numbers, later=0.0):
        """Let deliveries have been due, and have failed, so much earlier. Those that have failed
        are due `later` again.
        """
        with self.told.catalogue.write() as tx:
            for each in letters.by_ids(tx, numbers):
                then = iso(datetime.now(UTC) - timedelta(seconds=seconds))
                again = iso(datetime.now(UTC) + timedelta(seconds=later))
                values = {
                    "slot": then,
                    "due": again if each.failing and later else then,
                    "failing": each.failing and then,
                }
                tx.execute(update(deliveries).where(deliveries.c.id == each.id).values(**values))


@pytest.fixture
def two(tmp_path):
    with between(tmp_path, answering("503 Unavailable")) as made:
        made.told.subscribe("渡口", made.urls[0], fallback=made.urls[1])
        yield made


@contextmanager
def between(tmp_path, talk):
    held = catalogue(tmp_path / "newscrawl.db")
    with serving(talk) as first, serving(answering()) as other:
        yield Two(Told(held), first, other, Pace(tmp_path / "channels"))
    held.close()


def test_what_keeps_failing_is_told_elsewhere_with_what_waits_behind_it(two):
    two.come(1, 2, 3)
    assert two.deliver(patience=HOUR).later == 1
    assert two.deliver(patience=HOUR).sent == 0
    two.move(HOUR + 60, 1, later=HOUR)
    two.deliver(patience=HOUR)
    assert two.heard() == {"1": 1, "2": 1, "3": 1}
    assert len(two.other.got) == 1, "one message and not many"
    states = [each.state for each in two.told.outbox()]
    assert states == ["waiting", "waiting", "waiting", "sent"], "it goes on at its own address"


def test_what_was_not_tried_since_is_tried_before_it_is_told_elsewhere(two):
    """As after two hours in which nothing was sent at all."""
    two.come(1)
    two.deliver(patience=HOUR)
    two.move(2 * HOUR, 1)
    two.deliver(patience=HOUR)
    assert two.other.got == []
    two.deliver(patience=HOUR)
    assert two.heard() == {"1": 1}


def test_every_article_is_told_there_once_whatever_becomes_of_it(two):
    two.come(1, 2)
    two.deliver()
    two.deliver()
    two.come(3)
    two.deliver()
    two.move(HOUR, 1, 2)
    assert two.deliver(tries=2).dead == 1
    two.move(100 * HOUR, 2)
    two.deliver()
    two.deliver(tries=1)
    assert two.heard() == {"1": 1, "2": 1, "3": 1}


def test_it_has_a_key_of_its_own_in_every_attempt(tmp_path):
    with between(tmp_path, answering("503 Unavailable")) as two:
        two.told.subscribe("渡口", two.urls[0], fallback=f"json://127.0.0.1:{two.first.port}/else")
        two.come(1)
        two.deliver()
        for _ in range(3):
            two.deliver()
            two.move(1, 1, 2)
        keys = Counter(key_of(got) for got in two.first.got if b"POST /else" in got)
    [mine, other] = two.told.outbox()
    assert set(keys) == {other.key} != {mine.key}
    assert keys[other.key] >= 3


def test_what_came_later_into_a_message_that_was_told_is_told_too(two):
    """The first of several waits behind another, is told elsewhere, and then gathers more."""
    two.come(1)
    two.deliver()
    two.deliver()
    two.come(2)
    two.deliver()
    with two.told.catalogue.write() as tx:
        tx.execute(update(deliveries).where(deliveries.c.id == 1).values(state="dead"))
    two.come(3)
    [second, _elsewhere, third] = two.told.outbox()[2:]
    two.move(HOUR, second.id, third.id)
    two.deliver(patience=HOUR)
    assert two.told.outbox()[-1].error == f"told in {second.key}"
    assert two.heard() == {"1": 1, "2": 1}
    two.deliver()
    assert two.heard() == {"1": 1, "2": 1, "3": 1}


def test_of_a_message_in_parts_what_has_arrived_is_not_told_elsewhere(two):
    two.come(1, 2)
    two.move(HOUR, 1, 2)
    two.deliver()
    with two.told.catalogue.write() as tx:
        told = matches.of_deliveries(tx, [1])[1]
        values = {"division": [[each.id] for each in told], "parts": 1}
        tx.execute(update(deliveries).where(deliveries.c.id == 1).values(**values))
    two.deliver()
    assert two.heard() == {"2": 1}


def test_h3_what_expires_is_told_elsewhere(two):
    two.come(1, 2)
    two.move(100 * HOUR, 1)
    report = two.deliver()
    assert report.expired == 1
    assert two.heard() == {"1": 1}


def test_what_expires_while_its_subscription_is_paused_is_not(two):
    two.come(1)
    two.move(100 * HOUR, 1)
    with two.told.catalogue.write() as tx:
        [held] = subscriptions.of_subscriber(tx, subscribers.everybody(tx)[0].id)
        subscriptions.change(tx, replace(held, state="paused"))
    assert two.deliver().expired == 1
    with two.told.catalogue.write() as tx:
        subscriptions.change(tx, held)
    two.deliver()
    assert two.other.got == []


def test_what_waits_for_an_address_that_rests_is_told_elsewhere(tmp_path):
    with between(tmp_path, answering("429 Slow", "Retry-After: 20000")) as two:
        person = {"who": "me"}
        two.told.subscribe("渡口", two.urls[0], **person)
        two.come(1)
        two.deliver(patience=HOUR)
        two.told.subscribe("渡口", two.urls[0], fallback=two.urls[1])
        two.come(2)
        last = two.told.outbox()[-1]
        assert last.attempts == 0
        two.deliver(patience=HOUR)
        assert two.other.got == []
        two.move(HOUR + 60, last.id)
        two.deliver(patience=HOUR)
        assert two.heard() == {"2": 1}
        with two.told.catalogue.read() as view:
            assert view.scalars(addresses.select().with_only_columns(addresses.c.rests)).all()


def test_h3_a_channel_that_is_down_for_days_keeps_no_fresh_news_from_anybody(two):
    """The reader hears of all elsewhere; what is not old yet is told when the channel is back."""
    two.come(1, 2, 3)
    two.move(HOUR, 1, 2, 3)
    two.deliver()
    assert [each.state for each in two.told.outbox()] == ["waiting", "cancelled", "cancelled"]
    two.move(80 * HOUR, 1)
    with two.told.catalogue.write() as tx:
        then = iso(datetime.now(UTC) - timedelta(hours=75))
        tx.execute(update(deliveries).where(deliveries.c.id == 2).values(slot=then))
    report = two.deliver()
    assert (report.expired, report.sent) == (1, 1)
    first = two.told.outbox()[0]
    assert (first.state, first.left_out) == ("waiting", 2)
    two.deliver()
    assert two.heard() == {"1": 1, "2": 1, "3": 1}
    last = body_of(two.first.got[-1])
    assert (last["key"], last["left_out"]) == (first.key, 2)
    assert [item["headline"]["text"][1] for item in last["items"]] == ["3"]
    assert "另有 2 篇较早的文章等待过久，不再发送" in last["message"]
