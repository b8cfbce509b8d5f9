"""Feeds as files follow what changes, and nothing is written where nothing does."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import update

from newscrawl import settings
from newscrawl.alerts import feed_keeper
from newscrawl.alerts.feed_files import FeedsUnwritten
from newscrawl.alerts.feed_keeper import KEPT, FeedKeeper
from newscrawl.alerts.wishes import ME, Change
from newscrawl.catalogue import letters
from newscrawl.catalogue.schema import versions
from newscrawl.home import Home
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


def test_whoever_comes_next_goes_on_where_the_last_ended(made, home, desk, folder, keeper, looks):
    one, other = begun(desk), begun(desk, "码头")
    keeper.keep()
    FeedKeeper(home, made).keep()
    found(made, one, article(1))
    FeedKeeper(home, made).keep()
    assert titles(folder, one) == ["第1号渡口恢复通航"]
    FeedKeeper(home, made).keep()
    assert looks == [None, {one.id}]
    desk.person(ME, "en", None)
    FeedKeeper(home, made).keep()
    assert looks == [None, {one.id}, {one.id, other.id}], "they are in the person's language"


def test_what_a_command_has_written_says_nothing_of_what_came_before(
    made, home, desk, folder, keeper, looks
):
    one = begun(desk)
    keeper.keep()
    found(made, one, article(1))
    command = FeedKeeper(home, made)
    command.begin()
    other = begun(desk, "码头")
    command.keep()
    assert titles(folder, one) == []
    FeedKeeper(home, made).keep()
    assert titles(folder, one) == ["第1号渡口恢复通航"]
    assert looks == [None, {other.id}, {one.id, other.id}]


def lost(folder, _home, _monkeypatch):
    for path in folder.iterdir():
        path.unlink()


def damaged(folder, _home, _monkeypatch):
    (folder / KEPT).write_text('{"mark": [1, 2]}')


def of_another_home(_folder, home, _monkeypatch):
    home.root.joinpath("moved").mkdir()
    return Home(home.root / "moved")


def elsewhere(_folder, _home, monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://news.example")


def a_day_later(_folder, _home, monkeypatch):
    monkeypatch.setattr(feed_keeper, "WHOLE_SECONDS", 0.0)


@pytest.mark.parametrize("change", [lost, damaged, of_another_home, elsewhere, a_day_later])
def test_where_nobody_knows_how_far_they_have_come_all_are_looked_at(
    made, home, desk, folder, keeper, looks, monkeypatch, change
):
    begun(desk)
    keeper.keep()
    FeedKeeper(change(folder, home, monkeypatch) or home, made).keep()
    assert looks == [None, None]


def test_h5_after_an_older_catalogue_is_put_back_all_are_looked_at(
    made, home, desk, folder, keeper, looks
):
    one = begun(desk)
    with (
        closing(sqlite3.connect(home.catalogue)) as now,
        closing(sqlite3.connect(":memory:")) as old,
    ):
        now.backup(old)
        found(made, one, article(1))
        keeper.keep()
        old.backup(now)
    FeedKeeper(home, made).keep()
    assert titles(folder, one) == []
    assert looks == [None, None]


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
