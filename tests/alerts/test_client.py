"""What keeps the matcher from being looked at or started fails nobody, and is said."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from newscrawl.alerts import client
from newscrawl.alerts.client import DelivererClient, MatcherClient
from newscrawl.catalogue import active, runs, snapshots, subscribers, subscriptions
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.ops.health import examine
from newscrawl.ops.session import Session
from newscrawl.text.dates import iso
from tests.homes import small_home
from tests.makers import PAPER, article, capture, catalogue
from tests.people import address, dead_letter, person, subscription


def home_of(tmp_path) -> Home:
    home = Home(tmp_path / "home")
    home.root.mkdir(exist_ok=True)
    return home


def test_a_catalogue_that_cannot_be_read_is_noted_and_said_once(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(client, "LOOK_SECONDS", 0)
    home = home_of(tmp_path)
    opened = catalogue(home.catalogue)
    matcher = MatcherClient(home, opened)
    opened.close()
    moved = home.catalogue.rename(tmp_path / "away.db")
    for _look in range(3):
        matcher.signal()
    assert matcher.problem is not None
    assert matcher.problem.startswith("subscribers may not be told: ")
    assert caplog.messages == [matcher.problem]
    opened.close()
    moved.rename(home.catalogue)
    matcher.close()
    assert matcher.problem is None


class Started:
    """In the place of a process that sends: how often it was started, and whether it has failed."""

    def __init__(self) -> None:
        self.times = 0
        self.failed = False

    def signal(self) -> None:
        self.times += 1

    def close(self) -> None:
        pass


def test_who_sends_is_started_when_something_is_due_or_soon_will_be(tmp_path, monkeypatch):
    made = [Started()]
    monkeypatch.setattr(client, "deliverer", lambda _home: made[-1])
    home = home_of(tmp_path)
    sender = DelivererClient(home)
    sender.look()  # there is no catalogue yet
    opened = catalogue(home.catalogue)
    sender.look()
    assert made[-1].times == 0, "nothing waits"
    with opened.write() as tx:
        me = person(tx)
        dead_letter(tx, subscription(tx, me), address(tx, me))
    for seconds, times in ((60, 0), (4, 1), (-1, 2)):
        due = iso(datetime.now(UTC) + timedelta(seconds=seconds))
        with opened.write() as tx:
            tx.execute(update(deliveries).values(state="waiting", due=due))
        sender.look()
        assert made[-1].times == times
    opened.close()
    sender.close()


def test_who_has_failed_to_send_is_started_again_after_a_while(tmp_path, monkeypatch):
    first, second = Started(), Started()
    made = [second, first]
    monkeypatch.setattr(client, "deliverer", lambda _home: made.pop())
    home = home_of(tmp_path)
    opened = catalogue(home.catalogue)
    with opened.write() as tx:
        me = person(tx)
        dead_letter(tx, subscription(tx, me), address(tx, me))
        tx.execute(update(deliveries).values(state="waiting"))
    opened.close()
    sender = DelivererClient(home)
    sender.look()
    first.failed = True
    for _look in range(3):
        sender.look()
    assert (first.times, second.times) == (1, 0), "the next would fare no better, as a rule"
    monkeypatch.setattr(client, "FAILED_SECONDS", 0.0)
    sender.look()
    sender.look()
    assert (first.times, second.times) == (1, 2)


def test_whether_anybody_subscribes_is_looked_for_after_a_change_only(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "LOOK_SECONDS", 0)
    opened = catalogue(home_of(tmp_path).catalogue)
    matcher = MatcherClient(home_of(tmp_path), opened)
    started, looked = [], []
    anybody = active.anybody
    monkeypatch.setattr(matcher._matcher, "signal", lambda: started.append(1))
    monkeypatch.setattr(active, "anybody", lambda view: looked.append(1) or anybody(view))
    for state in ("paused", "active", "paused"):
        with opened.write() as tx:
            me = subscribers.found(tx, "me")
            if me is None:
                number = subscription(tx, person(tx), query="渡口", state=state)
            else:
                held = subscriptions.by_ids(tx, [number])[number]
                subscriptions.change(tx, replace(held, state=state))
        matcher.signal()
        matcher.signal()
    assert (len(looked), len(started)) == (3, 2)
    opened.close()


@pytest.fixture
def blocked(tmp_path):
    """A home with a subscription, in which the matcher's lock cannot be made."""
    home = small_home(tmp_path / "家")
    opened = Catalogue.open(home.catalogue)
    with opened.write() as tx:
        subscription(tx, person(tx), query="渡口")
    opened.close()
    client.matcher_lock(home).mkdir()
    return home


def test_a_run_goes_on_and_keeps_why_subscribers_are_not_told(blocked, caplog):
    session = Session(blocked, PAPER, None)
    session.submit(lambda tx: snapshots.add_all(tx, [capture(article(900))])).result()
    recorded = asyncio.run(session.record(article(900)))
    session.end("complete", "", [], {"article/sound": 1})
    session.close()
    assert recorded.seq is not None
    assert session.failure is None
    with Catalogue.open(blocked.catalogue).read() as view:
        stats = runs.newest(view)[PAPER].stats
    assert stats["article/sound"] == 1
    assert str(stats[runs.UNTOLD]).startswith("subscribers may not be told: ")
    assert [each for each in caplog.messages if "told" in each] == [stats[runs.UNTOLD]]
    attention = examine(blocked, datetime.now(UTC), [], 0).attention
    assert f"{PAPER}: {stats[runs.UNTOLD]}" in attention
