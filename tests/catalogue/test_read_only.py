"""A catalogue in a folder that may not be written: it is read, and nothing is left beside it."""

from __future__ import annotations

import os

import pytest

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from tests.makers import article, catalogue, record


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Nobody may write here, as far as asking tells: a test may be root, to whom all is allowed."""
    path = tmp_path / "100% 家?" / "newscrawl.db"
    path.parent.mkdir()
    made = catalogue(path)
    record(made, article(1))
    made.close()
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    return path


def test_it_is_read_and_nothing_is_made(path):
    before = sorted(path.parent.iterdir())
    made = Catalogue.existing(path)
    with made.read() as connection:
        assert versions.newest_seq(connection) == 1
        assert sorted(path.parent.iterdir()) == before
    made.close()


def test_writing_is_refused_in_one_line(path):
    made = Catalogue.existing(path)
    with pytest.raises(CatalogueError, match="readonly"):
        record(made, article(2))
    made.close()


def test_what_stands_in_the_log_alone_is_not_passed_over(path, monkeypatch):
    monkeypatch.undo()
    writing = Catalogue.existing(path)
    record(writing, article(2))
    assert path.with_name("newscrawl.db-wal").stat().st_size
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    made = Catalogue.existing(path)
    with made.read() as connection:
        assert versions.newest_seq(connection) == 2
    made.close()
    writing.close()


def test_f12_what_was_left_of_reading_it_then_is_written_to_when_it_may_be_again(tmp_path):
    """SQLite gives the files beside a database its mode."""
    made = catalogue(tmp_path / "newscrawl.db")
    left = [made.path.with_name(f"newscrawl.db-{each}") for each in ("wal", "shm")]
    for each in left:
        assert each.exists()
        each.chmod(0o444)
    again = Catalogue.open(made.path)
    record(again, article(1))
    again.close()
    assert not any(each.exists() and each.stat().st_mode & 0o777 == 0o444 for each in left)
    made.close()
