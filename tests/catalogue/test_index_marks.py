"""How far the index had come, and when: once each, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import literal, select

from newscrawl.catalogue import index_marks
from newscrawl.catalogue.alert_schema import index_marks as table
from newscrawl.text.dates import iso
from tests.makers import catalogue

START = datetime(2023, 12, 15, tzinfo=UTC)


@pytest.fixture
def tx(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    with made.write() as tx:
        yield tx
    made.close()


def at(seconds):
    return START + timedelta(seconds=seconds)


def indexed(tx, seq):
    return tx.scalar(select(index_marks.indexed(literal(seq))))


def test_a_version_is_indexed_at_the_first_mark_at_or_beyond_it(tx):
    index_marks.note(tx, 0, 3, at(1))
    index_marks.note(tx, 3, 4, at(2))
    index_marks.note(tx, 4, 9, at(3))
    assert [indexed(tx, seq) for seq in (1, 3, 4, 5, 9)] == [
        iso(at(each)) for each in (1, 1, 2, 3, 3)
    ]
    assert indexed(tx, 10) is None


def test_what_was_indexed_unnoted_is_not_taken_for_late(tx):
    index_marks.note(tx, 0, 3, at(1))
    index_marks.note(tx, 7, 9, at(3))
    assert [indexed(tx, seq) for seq in (3, 4, 7, 8)] == [iso(at(1)), None, None, iso(at(3))]


def test_the_first_time_stays(tx):
    index_marks.note(tx, 0, 3, at(1))
    index_marks.note(tx, 0, 3, at(100))
    assert indexed(tx, 3) == iso(at(1))


def test_what_is_old_is_forgotten_and_nothing_else(tx):
    for day in range(40):
        index_marks.note(tx, day, day + 1, START + timedelta(days=day))
    kept = tx.scalars(select(table.c.mark).order_by(table.c.mark)).all()
    assert kept == list(range(40 - index_marks.KEPT.days, 41))
