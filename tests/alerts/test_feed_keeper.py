"""Feeds as files follow what changes, and nothing is written where nothing does."""

from __future__ import annotations

import json
import logging
import threading

import pytest
from sqlalchemy import update

from newscrawl import settings
from newscrawl.alerts import feed_keeper
from newscrawl.alerts.feed_files import FeedsUnwritten
from newscrawl.alerts.feed_keeper import FeedKeeper
from newscrawl.alerts.subscribing import ME, Change
from newscrawl.catalogue import letters
from newscrawl.catalogue.schema import versions
from tests.alerts.test_feed_files import begun, desk, folder, found, held, home, made, names
from tests.makers import article

__all__ = ["desk", "folder", "home", "made"]


@pytest.fixture
def looks(monkeypatch):
    """Which subscriptions were looked at, each time; None: all."""
    seen = []
    write = feed_keeper.write

    def watched(*given):
        seen.append(given[-1] if given[-1] is None else set(given[-1]))
        return write(*given)

    monkeypatch.setattr(feed_keeper, "write", watched)
    return seen


@pytest.fixture
def keeper(made, home, folder, monkeypatch):
    monkeypatch.setattr(settings, "FEEDS", str(folder))
    return FeedKeeper(home, made)


def titles(folder, subscription):
    data = json.loads(held(folder)[names(subscription)[1]])
    return [each["title"] for each in data["items"]]


def test_only_what_has_changed_is_looked_at(made, desk, folder, keeper, looks):
    one, other = begun(desk), begun(desk, "码头")
    keeper.keep()
    keeper.keep()
    found(made, one, article(1))
    keeper.keep()
    assert titles(folder, one) == ["第1号渡口恢复通航"]
    desk.edit(ME, "码头", Change(name="港口"))
    desk.pause(ME, "渡口")
    keeper.keep()
    keeper.keep()
    assert titles(folder, one) == ["第1号渡口恢复通航"]
    assert sorted(held(folder)) == sorted([*names(one), *names(other)])
    desk.resume(ME, "渡口")
    desk.remove(ME, "港口")
    keeper.keep()
    assert sorted(held(folder)) == sorted(names(one))
    assert looks == [None, {one.id}, {one.id, other.id}, {one.id, other.id}]


def test_from_now_on_is_what_changes_from_now_on(made, desk, folder, keeper, looks):
    begun(desk)
    keeper.begin()
    keeper.keep()
    assert looks == []
    other = begun(desk, "码头")
    keeper.keep()
    assert looks == [{other.id}]
    assert sorted(held(folder)) == sorted(names(other))


def test_what_is_taken_down_is_out_of_every_feed(made, desk, folder, keeper):
    one = begun(desk)
    found(made, one, article(1), article(2))
    keeper.keep()
    with made.write() as tx:
        taken = "hangzhou_daily/2023-12-15/A01/1"
        tx.execute(
            update(versions).where(versions.c.article_id == taken).values(state="quarantined")
        )
        assert letters.cancel_of_article(tx, taken, "taken down") == 0
    keeper.keep()
    assert titles(folder, one) == ["第2号渡口恢复通航"]


def test_what_failed_is_done_the_next_time(desk, folder, keeper):
    one = begun(desk)
    folder.parent.mkdir()
    folder.write_text("a file")
    with pytest.raises(FeedsUnwritten):
        keeper.keep()
    folder.unlink()
    keeper.keep()
    assert sorted(held(folder)) == sorted(names(one))


def test_they_are_kept_while_somebody_is_at_work(made, desk, folder, keeper, monkeypatch):
    monkeypatch.setattr(feed_keeper, "LOOK_SECONDS", 0.01)
    one = begun(desk)
    kept = threading.Semaphore(0)
    keep = keeper.keep

    def told():
        keep()
        kept.release()

    monkeypatch.setattr(keeper, "keep", told)
    with keeper.at_work():
        assert kept.acquire(timeout=30)
        assert sorted(held(folder)) == sorted(names(one))
        desk.remove(ME, "渡口")
        while kept.acquire(blocking=False):
            pass
        for _look in range(2):  # the first may have begun before
            assert kept.acquire(timeout=30)
        assert held(folder) == {}


def test_what_cannot_be_written_is_said_once_and_stops_nobody(
    desk, folder, keeper, monkeypatch, caplog
):
    monkeypatch.setattr(feed_keeper, "LOOK_SECONDS", 0.01)
    begun(desk)
    folder.parent.mkdir()
    folder.write_text("a file")
    tried = threading.Semaphore(0)
    keep = keeper.keep

    def told():
        tried.release()
        keep()

    monkeypatch.setattr(keeper, "keep", told)
    with caplog.at_level(logging.WARNING), keeper.at_work():
        for _look in range(3):
            assert tried.acquire(timeout=30)
    assert caplog.messages == [
        f"{folder}: a file is in the way; feeds are written into a directory"
    ]


def test_without_a_directory_nothing_is_done(made, home, desk, looks, monkeypatch):
    monkeypatch.setattr(settings, "FEEDS", "")
    begun(desk)
    keeper = FeedKeeper(home, made)
    keeper.begin()
    with keeper.at_work():
        keeper.keep()
    assert looks == []
