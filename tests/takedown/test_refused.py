"""A disk that refuses while something is erased: one line says so, and nothing is left open."""

from __future__ import annotations

import errno
import os

import pytest

from newscrawl.alerts.client import MatcherClient
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.layout import archive_files
from newscrawl.archive.rewrite import UNFINISHED, fresh_name
from newscrawl.catalogue import erasure
from newscrawl.catalogue.connection import Catalogue
from newscrawl.index.client import IndexerClient
from newscrawl.ops import erasing, settling, sweeping
from newscrawl.ops.place import HomeUnusable
from newscrawl.ops.session import Session
from tests.makers import DAY, PAPER
from tests.takedown.test_running import ID, OTHER, run_of, state


def refuses(*_given):
    raise OSError(errno.EIO, os.strerror(errno.EIO), "daily.warc.gz")


@pytest.fixture
def half(home):
    """Makes a half copied file that cannot be removed, whoever asks: it is a folder."""
    return (home.snapshots / PAPER / DAY / "20231215T000000000000Z-0a0a0a0a.warc.gz.new").mkdir


def test_f6_a_disk_that_refuses_at_the_end_of_a_run_is_logged(home, monkeypatch, caplog):
    monkeypatch.setattr(sweeping, "Remover", refuses)
    with run_of(home, PAPER):
        pass
    assert "still archived: daily.warc.gz: cannot be written (Input/output error)" in caplog.text


def test_f6_what_keeps_an_erasure_from_going_on_after_a_run_is_logged(
    home, held, ordered, half, caplog
):
    stone = ordered(ID, "erase").tombstone
    with run_of(home, OTHER):
        half()
    assert "an erasure is not done: the archive cannot be written" in caplog.text
    assert state(held, stone) == "told"


def test_f6_a_run_that_cannot_clear_up_says_so_and_lets_go_of_the_catalogue(
    home, half, monkeypatch
):
    half()
    closed, close = [], Catalogue.close
    monkeypatch.setattr(Catalogue, "close", lambda self: closed.append(close(self)))
    with pytest.raises(ArchiveError, match="the archive cannot be written"):
        Session(home, PAPER, None)
    assert closed


def test_f6_an_interrupted_erasure_that_cannot_be_ended_says_so(home, held):
    [file] = archive_files(home.snapshots)
    path = str(file.relative_to(home.snapshots))
    fresh = fresh_name(path)
    with held.write() as tx:
        erasure.begin_rewriting(tx, path, fresh)
    (home.snapshots / f"{fresh}{UNFINISHED}").mkdir()
    with pytest.raises(HomeUnusable, match="cannot be written"):
        erasing.resume(home, held)


def test_f6_a_run_lets_go_of_its_stores_whatever_fails(home, monkeypatch):
    session, closed = Session(home, PAPER, None), []
    for store in (IndexerClient, MatcherClient, Catalogue):

        def close(self, its=store.close):
            closed.append(type(self))
            its(self)

        monkeypatch.setattr(store, "close", close)
    monkeypatch.setattr(settling, "sweep", refuses)
    with pytest.raises(OSError, match="Input/output"):
        session.close()
    assert [each for each in closed if each is not Catalogue] == [IndexerClient, MatcherClient]
    assert closed[-1] is Catalogue
