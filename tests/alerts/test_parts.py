"""A message of several parts: every article in one of them, whatever happens in between."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count as count_from
from threading import Event

import pytest
from sqlalchemy import update

from newscrawl.alerts import consent, errand
from newscrawl.alerts.channels import limits
from newscrawl.alerts.channels.limits import Limits
from newscrawl.catalogue import leases, letters, matches, subscribers, subscriptions
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.pace import Pace
from newscrawl.text.dates import iso
from tests.alerts.channels.sinks import answering, request, serving
from tests.alerts.sent import Told, body_of, key_of
from tests.makers import article, catalogue, record

COUNT = 8


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.setitem(limits.TABLE, "json", Limits(2_300))
    made = catalogue(tmp_path / "newscrawl.db", {"hangzhou_daily": "杭州日报", "x": "都市快报"})
    yield Told(made)
    made.close()


@pytest.fixture
def pace(tmp_path):
    return Pace(tmp_path / "channels")


def waiting(told, sink):
    """A message of eight articles, that is due; the number of its subscription."""
    number = told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
    record(told.catalogue, *map(article, range(1, COUNT + 1)))
    told.match()
    with told.catalogue.write() as tx:
        then = iso(datetime.now(UTC) - timedelta(hours=1))
        tx.execute(update(deliveries).values(slot=then, due=then))
    return number


def stumbling(fails):
    """A server that refuses the requests of these numbers, and keeps the others."""
    count = iter(range(99))

    def talk(sink, connection):
        got = request(connection)
        if next(count) in fails:
            connection.sendall(b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n")
            return
        sink.got.append(got)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    return talk


def deliver(told, sink, pace):
    """One attempt."""
    with told.catalogue.write() as tx:
        tx.execute(update(deliveries).values(due=deliveries.c.slot))
    deliverer = told.deliverer(sink.allowed, pace, first_retry=3600)
    deliverer.run(0)
    deliverer.close()
    return deliverer.report


def headlines(sink):
    """How often each article has arrived."""
    return Counter(item["headline"]["text"] for one in sink.got for item in body_of(one)["items"])


def all_once():
    return {f"第{number}号渡口恢复通航": 1 for number in range(1, COUNT + 1)}


def changed(told, number):
    """Everything that a message is made of is another now."""
    with told.catalogue.write() as tx:
        kept = subscriptions.by_ids(tx, [number])[number]
        subscriptions.change(tx, replace(kept, query="渡口 OR 首班船 OR 载客", name="改名" * 9))
        person = subscribers.by_ids(tx, [kept.subscriber_id])[kept.subscriber_id]
        subscribers.change(tx, replace(person, language="en"))
    reprints = [article(each, paper="x", url=f"https://x.example/{each}", record_id=f"<urn:{each}>")
                for each in range(1, COUNT + 1)]  # fmt: skip
    record(told.catalogue, *reprints)


def test_parts_that_have_not_arrived_are_the_same_whatever_has_changed(told, pace, monkeypatch):
    with serving(stumbling({1, 3})) as sink:
        number = waiting(told, sink)
        assert deliver(told, sink, pace).later == 1
        (first,) = [each for each in told.outbox() if each.state == "waiting"]
        assert (first.parts, len(first.division)) == (1, 4)
        changed(told, number)
        monkeypatch.setitem(limits.TABLE, "json", Limits(90_000))
        assert deliver(told, sink, pace).later == 1
        assert deliver(told, sink, pace).sent == 1
    assert headlines(sink) == all_once()
    assert [key_of(one) for one in sink.got] == [
        first.key, *(f"{first.key}-{part}" for part in (2, 3, 4))
    ]  # fmt: skip
    assert {body_of(one)["parts"] for one in sink.got} == {4}
    assert "都市快报" in json.dumps(body_of(sink.got[-1]), ensure_ascii=False)


def test_parts_of_which_nobody_has_noted_that_they_arrived_come_again_as_they_were(told, pace):
    """As after a kill: whoever knows a key by then has all that it told of."""
    with serving(stumbling({2})) as sink:
        number = waiting(told, sink)
        deliver(told, sink, pace)
        with told.catalogue.write() as tx:
            tx.execute(update(deliveries).values(parts=0))
        changed(told, number)
        assert deliver(told, sink, pace).sent == 1
    by_key = {}
    for one in sink.got:
        of = [item["headline"]["text"] for item in body_of(one)["items"]]
        assert by_key.setdefault(key_of(one), of) == of
    assert Counter(headline for of in by_key.values() for headline in of) == all_once()
    assert len(sink.got) == len(by_key) + 2


def test_an_article_that_is_taken_down_in_between_is_left_out_and_no_other(told, pace):
    with serving(stumbling({1})) as sink:
        waiting(told, sink)
        deliver(told, sink, pace)
        (begun,) = [each for each in told.outbox() if each.state == "waiting"]
        gone = begun.division[2]
        with told.catalogue.write() as tx:
            found = {each.id: each for each in matches.newest(tx, begun.subscription_id, 99)}
            for each in gone:
                letters.cancel_of_article(tx, found[each].article_id, "taken down")
        assert deliver(told, sink, pace).sent == 1
    assert [key_of(one)[len(begun.key) :] for one in sink.got] == ["", "-2", "-4"]
    assert len(headlines(sink)) == COUNT - len(gone)


@pytest.mark.parametrize(("part", "arrive"), [(1, ["", "-2", "-3", "-4"]), (3, ["", "-2", "-4"])])
def test_h8_an_article_that_is_taken_down_between_two_parts_is_in_no_later_one(
    told, pace, part, arrive
):
    """What has arrived stays where it is, and does not come again."""

    def talk(sink, connection):
        got = request(connection)
        sink.got.append(got)
        if len(sink.got) == 1:
            withdraw(told, part - 1)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with serving(talk) as sink:
        waiting(told, sink)
        assert deliver(told, sink, pace).sent == 1
    (sent,) = [each for each in told.outbox() if each.state == "sent"]
    assert [key_of(one)[len(sent.key) :] for one in sink.got] == arrive
    assert set(headlines(sink).values()) == {1}
    gone = len(sent.division[part - 1]) if part == 3 else 0
    assert len(headlines(sink)) == COUNT - gone


def withdraw(told, part):
    """Take down all articles of a part of the message that is on its way."""
    (begun,) = [each for each in told.outbox() if each.state == "leased"]
    with told.catalogue.write() as tx:
        found = {each.id: each for each in matches.newest(tx, begun.subscription_id, 99)}
        for each in begun.division[part]:
            letters.cancel_of_article(tx, found[each].article_id, "taken down")


@pytest.mark.parametrize("state", ["removed", "paused"])
def test_who_does_not_want_it_any_more_gets_no_part_after_that(told, pace, state):
    def talk(sink, connection):
        got = request(connection)
        sink.got.append(got)
        change(told, state)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with serving(talk) as sink:
        waiting(told, sink)
        report = deliver(told, sink, pace)
        assert (report.sent, report.later, report.dead) == (0, 0, 0)
        assert len(sink.got) == 1
        (first, *_gathered) = told.outbox()
        if state == "removed":
            assert (first.state, first.error) == ("cancelled", "unsubscribed")
            return
        assert (first.state, first.parts, first.error) == ("waiting", 1, None)
        change(told, "active")
        assert deliver(told, sink, pace).sent == 0, "that pauses it again after one part"
        assert len(sink.got) == 2
    assert len(headlines(sink)) > 2
    assert set(headlines(sink).values()) == {1}


def change(told, state):
    with told.catalogue.write() as tx:
        [held] = subscriptions.of_subscriber(tx, subscribers.everybody(tx)[0].id)
        if state == "removed":
            consent.end(tx, held)
        else:
            subscriptions.change(tx, replace(held, state=state))


@pytest.mark.parametrize("state", ["removed", "paused"])
def test_who_unsubscribes_while_a_message_waits_for_its_turn_does_not_get_it(
    told, pace, monkeypatch, state
):
    """Also of several that were leased together."""
    come = Event()

    class Waited(Pace):
        def reserve(self, host, delay):
            come.wait(30)
            return 0.0

    limited = replace(limits.TABLE["json"], a_minute=20)
    monkeypatch.setattr(errand, "limits", lambda _url: limited)
    with serving(answering()) as sink:
        number = told.subscribe("渡口", *(f"json://127.0.0.1:{sink.port}/{n}" for n in range(3)))
        record(told.catalogue, article(1))
        told.match()
        deliverer = told.deliverer(sink.allowed, Waited(pace._directory))
        deliverer._lease()
        assert len(deliverer._sending) == 3
        change(told, state)
        come.set()
        deliverer.close()
        assert sink.got == []
    with told.catalogue.read() as view:
        expected = {"removed": {"cancelled": 3}, "paused": {"waiting": 3}}[state]
        assert letters.counts(view) == expected
    assert {each.attempts for each in told.outbox()} == ({1} if state == "removed" else {0})
    assert number


def slow(seconds):
    """A server that takes its time with everything."""

    def talk(sink, connection):
        got = request(connection)
        time.sleep(seconds)
        sink.got.append(got)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    return talk


def test_a_message_that_outlives_its_lease_arrives_once(told, pace):
    with serving(slow(0.4)) as sink:
        waiting(told, sink)
        deliverer = told.deliverer(sink.allowed, pace, lease=1.0)
        deliverer.run(0)
        deliverer.close()
    assert deliverer.report.sent == 1
    assert headlines(sink) == all_once()
    assert [each.attempts for each in told.outbox() if each.state == "sent"] == [1]


def test_after_a_kill_only_the_part_that_was_on_its_way_comes_again(told, pace, monkeypatch):
    """Nobody notes anything any more once the third part has arrived."""
    with serving(answering()) as sink:
        waiting(told, sink)
        with monkeypatch.context() as patch:
            arrived = leases.arrived

            def killed(tx, delivery, parts):
                if parts == 3:
                    raise KeyboardInterrupt
                arrived(tx, delivery, parts)

            patch.setattr(leases, "arrived", killed)
            patch.setattr(leases, "later", lambda *_: 1 / 0)
            deliverer = told.deliverer(sink.allowed, pace, lease=-1.0)
            with pytest.raises(ZeroDivisionError):
                deliverer.run(0)
        assert deliver(told, sink, pace).sent == 1
    count = Counter(key_of(one)[len(told.outbox()[0].key) :] for one in sink.got)
    assert count == {"": 1, "-2": 1, "-3": 2, "-4": 1}


@pytest.mark.parametrize("step", ["holds", "arrived"])
def test_an_error_between_parts_leaves_what_has_arrived(told, pace, monkeypatch, step):
    with serving(answering()) as sink:
        waiting(told, sink)
        with monkeypatch.context() as patch:
            calls, real = count_from(1), getattr(leases, step)

            def failing(*given):
                if next(calls) == 3:
                    raise OSError("the disk is full")
                return real(*given)

            patch.setattr(leases, step, failing)
            report = deliver(told, sink, pace)
        assert report.errors == {"failed here: CatalogueError": 1}
        [first] = [each for each in told.outbox() if each.state == "waiting"]
        assert first.parts == len(sink.got)
        assert deliver(told, sink, pace).sent == 1
    assert headlines(sink) == all_once()


def test_what_nobody_foresaw_leaves_what_has_arrived(told, pace, monkeypatch):
    with serving(answering()) as sink:
        waiting(told, sink)
        with monkeypatch.context() as patch:
            calls, holds = count_from(1), leases.holds
            patch.setattr(
                leases, "holds", lambda *given: 1 / 0 if next(calls) == 3 else holds(*given)
            )
            assert deliver(told, sink, pace).errors == {"failed here: ZeroDivisionError": 1}
        assert deliver(told, sink, pace).sent == 1
    assert headlines(sink) == all_once()


def test_a_dead_message_that_is_sent_again_goes_on_where_it_ended(told, pace):
    with serving(stumbling({2})) as sink:
        waiting(told, sink)
        deliverer = told.deliverer(sink.allowed, pace, tries=1)
        deliverer.run(0)
        deliverer.close()
        assert deliverer.report.dead == 1
        [dead] = [each for each in told.outbox() if each.state == "dead"]
        assert dead.parts == 2
        with told.catalogue.write() as tx:
            letters.again(tx, [dead.id], iso(datetime.now(UTC)))
        assert deliver(told, sink, pace).sent == 1
    assert headlines(sink) == all_once()


def test_what_kills_whoever_sends_it_is_dead_in_the_end(told, pace):
    with serving(answering()) as sink:
        waiting(told, sink)
        with told.catalogue.write() as tx:
            tx.execute(update(deliveries).values(attempts=20))
        report = deliver(told, sink, pace)
    assert report.errors["every attempt was cut off"] >= 1
    assert sink.got == []


def test_a_digest_for_a_chat_has_so_many_parts_and_says_in_each_attempt_what_it_leaves_out(
    told, pace, monkeypatch
):
    monkeypatch.setitem(limits.TABLE, "ntfy", Limits(700, parts=2))
    with serving(stumbling({1})) as sink:
        told.subscribe("渡口", f"ntfy://127.0.0.1:{sink.port}/topic")
        record(told.catalogue, *map(article, range(1, COUNT + 1)))
        told.match()
        with told.catalogue.write() as tx:
            then = iso(datetime.now(UTC) - timedelta(hours=1))
            tx.execute(update(deliveries).values(slot=then, due=then))
        assert deliver(told, sink, pace).later == 1
        [begun] = [each for each in told.outbox() if each.state == "waiting"]
        monkeypatch.setitem(limits.TABLE, "ntfy", Limits(700, parts=5))
        assert deliver(told, sink, pace).sent == 1
        assert deliver(told, sink, pace).sent == 0
    assert (len(begun.division), begun.parts) == (2, 1)
    listed = sum(map(len, begun.division))
    texts = [body_of(one)["message"] for one in sink.got]
    assert [text.count("■") for text in texts] == [len(part) for part in begun.division]
    assert f"另有 {COUNT - listed} 篇没有列出，可用 newscrawl search 检索" in texts[-1]
    assert listed < COUNT
