"""What one reader sees while others write."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from newscrawl.catalogue import sqlite
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.catalogue.versions import newest_seq
from tests.homes import small_home
from tests.makers import article, catalogue, record


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Catalogue]:
    opened = catalogue(tmp_path / "newscrawl.db")
    record(opened, article(1))
    yield opened
    opened.close()


def newest(made: Catalogue) -> int:
    with made.read() as connection:
        return newest_seq(connection)


def test_all_that_is_read_within_a_view_is_of_one_state(made: Catalogue) -> None:
    with made.view():
        with made.view():
            assert newest(made) == 1
        record(made, article(2))
        assert newest(made) == 1
    assert newest(made) == 2


def test_a_lost_catalogue_is_not_taken_for_one_that_was_never_made(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home")
    home.catalogue.unlink()
    with pytest.raises(CatalogueError, match=r"newscrawl\.db: missing, and there is an archive"):
        Catalogue.existing(home.catalogue)
    with pytest.raises(CatalogueError, match="nothing collected yet"):
        Catalogue.existing(tmp_path / "none" / "newscrawl.db")


def test_f13_what_is_put_in_its_place_is_read_next(made: Catalogue, tmp_path: Path) -> None:
    """As a web server does, which runs on while a backup is put back."""
    copy = tmp_path / "copy.db"
    made.back_up(copy)
    record(made, article(2))
    assert newest(made) == 2
    sqlite.put_back(copy, made.path)
    assert newest(made) == 1
    made.path.unlink()
    assert newest(made) == 1
    assert not made.path.exists()


def test_f13_what_is_put_in_its_place_while_it_is_opened_is_read(
    made: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.db"
    made.back_up(copy)
    record(made, article(2))
    opens = sqlite3.connect

    def meanwhile(*given: Any, **named: Any) -> sqlite3.Connection:
        opened = opens(*given, **named)
        if copy.exists():
            sqlite.put_back(copy, made.path)
        return opened

    made.close()
    monkeypatch.setattr("sqlite3.dbapi2.connect", meanwhile)
    assert newest(made) == 1
    assert not copy.exists()


def test_a_view_is_of_its_thread_alone(made: Catalogue) -> None:
    seen: list[int] = []
    with made.view():
        assert newest(made) == 1
        record(made, article(2))
        other = threading.Thread(target=lambda: seen.append(newest(made)))
        other.start()
        other.join()
    assert seen == [2]


def test_a_view_that_failed_is_over(made: Catalogue) -> None:
    with (
        pytest.raises(CatalogueError, match="no such table"),
        made.view(),
        made.read() as connection,
    ):
        connection.execute(text("SELECT 1 FROM nowhere"))
    record(made, article(2))
    assert newest(made) == 2
