"""The indexer notes when something could be found, for those who subscribe."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import literal, select

from newscrawl.catalogue import index_marks, subscriptions
from newscrawl.catalogue.alert_schema import index_marks as table
from newscrawl.index import indexer, noting
from newscrawl.index.handed import Handed
from newscrawl.index.noting import Noting
from newscrawl.index.store import Store
from newscrawl.text.dates import iso
from tests.makers import article, indexed, record
from tests.people import person, subscription


@pytest.fixture
def home_and_catalogue(tmp_path):
    home, made = indexed(tmp_path / "home", [article(1), article(2)])
    yield home, made
    made.close()


def subscribed(made):
    with made.write() as tx:
        return subscription(tx, person(tx))


def follow(home, made):
    with Path("/dev/null").open("rb") as nothing:
        indexer.follow(Store.of(home), made, Handed(nothing), idle_seconds=0.2)


def noted(made):
    with made.read() as view:
        return [tuple(row) for row in view.execute(select(table.c.beyond, table.c.mark))]


def test_what_comes_is_noted_with_the_time_at_which_it_could_be_found(home_and_catalogue):
    home, made = home_and_catalogue
    subscribed(made)
    record(made, article(3), article(4))
    before = iso(datetime.now(UTC))
    follow(home, made)
    record(made, article(5))
    follow(home, made)
    after = iso(datetime.now(UTC))
    assert noted(made) == [(2, 4), (4, 5)]
    with made.read() as view:
        times = [view.scalar(select(index_marks.indexed(literal(seq)))) for seq in range(1, 6)]
    assert times[:2] == [None, None]
    assert times[2] == times[3]
    assert before < times[3] < times[4] < after


def test_nothing_is_noted_while_nobody_subscribes(home_and_catalogue):
    home, made = home_and_catalogue
    record(made, article(3))
    follow(home, made)
    assert noted(made) == []
    number = subscribed(made)
    with made.write() as tx:
        held = subscriptions.by_ids(tx, [number])[number]
        subscriptions.change(tx, replace(held, state="paused"))
    record(made, article(4))
    follow(home, made)
    assert noted(made) == []


def test_an_index_built_anew_does_not_say_when_what_was_there_came(home_and_catalogue):
    home, made = home_and_catalogue
    subscribed(made)
    shutil.rmtree(home.indexes)
    home.indexes.mkdir()
    follow(home, made)
    assert noted(made) == []
    record(made, article(3))
    follow(home, made)
    assert noted(made) == [(2, 3)]


def test_whether_anybody_subscribes_is_looked_at_now_and_then(home_and_catalogue, monkeypatch):
    _home, made = home_and_catalogue
    notes = Noting(made)
    notes.note(0, 1, datetime.now(UTC))
    subscribed(made)
    notes.note(1, 2, datetime.now(UTC))
    assert noted(made) == []
    later = noting.time.monotonic() + noting.LOOK_SECONDS
    monkeypatch.setattr(noting.time, "monotonic", lambda: later)
    notes.note(2, 3, datetime.now(UTC))
    assert noted(made) == [(2, 3)]


def test_a_catalogue_that_cannot_be_written_does_not_stop_the_index(home_and_catalogue, caplog):
    _home, made = home_and_catalogue
    subscribed(made)
    with made.write() as tx:
        tx.exec_driver_sql("DROP TABLE index_marks")
    with caplog.at_level(logging.WARNING):
        Noting(made).note(0, 1, datetime.now(UTC))
    assert "not noted when version 1 was indexed" in caplog.text
