"""The log of versions is read past what cannot be read."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from newscrawl.catalogue import log, versions
from newscrawl.catalogue.illegible import Illegible
from tests.makers import DAY, ILLEGIBLE, PAPER, article, catalogue, record, ruin


@pytest.fixture
def made(tmp_path):
    held = catalogue(tmp_path / "newscrawl.db")
    record(held, *(article(number) for number in range(1, 8)))
    yield held
    held.close()


def kinds(entries):
    return [(each.seq, isinstance(each, Illegible)) for each in entries]


def illegible(view):
    return [each for entries in log.every(view) for each in entries if not log.readable(each)]


@pytest.mark.parametrize("how", ILLEGIBLE)
def test_what_cannot_be_read_stands_in_its_place(made, how):
    with made.read() as view:
        whole = versions.by_seq(view, [3])[3]
    ruin(made, how, 3)
    with made.read() as view:
        entries = log.after(view, 1, 4, 4)
        assert kinds(entries) == [(2, False), (3, True), (4, False)]
        assert kinds(log.after(view, 1, 2)) == [(2, False), (3, True)]
        assert kinds(log.named(view, [5, 3, 99, 1])) == [(1, False), (3, True), (5, False)]
        assert kinds(illegible(view)) == [(3, True)]
        assert versions.editions(view, 7) == [(seq, DAY) for seq in range(1, 8)]
    [one] = [each for each in entries if isinstance(each, Illegible)]
    assert (one.article_id, one.n, one.live) == (whole.article_id, 1, True)
    assert (one.day, one.identity) == (DAY, whole.identity)
    assert one.article_id.startswith(f"{PAPER}/")


def test_of_a_sound_log_all_is_read(made):
    with made.read() as view:
        assert log.after(view, 0, 99) == versions.after(view, 0, 99)
        assert illegible(view) == []


def test_what_the_database_refuses_is_the_fault_of_no_row(made, monkeypatch):
    def refusing(*_given):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise OperationalError("SELECT", {}, error)

    monkeypatch.setattr(versions, "after", refusing)
    monkeypatch.setattr(versions, "by_seq", refusing)
    with made.read() as view:
        with pytest.raises(OperationalError):
            log.after(view, 0, 9)
        with pytest.raises(OperationalError):
            list(log.named(view, [1]))
