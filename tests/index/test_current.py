"""The newest state of the index is opened as soon as it is there, and once."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.index import indexer
from newscrawl.index.current import CurrentSearcher
from newscrawl.index.damage import IndexUnusable
from newscrawl.index.handed import Handed
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import SearchRequest
from newscrawl.index.store import Store
from tests.index.kinds import counting_parts
from tests.makers import article, indexed, record


@pytest.fixture
def home_and_catalogue(tmp_path):
    items = [article(number, edition=f"2023-{3 * number:02}-01") for number in range(1, 4)]
    home, made = indexed(tmp_path / "home", items)
    yield home, made
    made.close()


@pytest.fixture
def opened_parts(monkeypatch):
    return counting_parts(monkeypatch)


def follow(home, made):
    with Path("/dev/null").open("rb") as nothing:
        indexer.run(Store(home.indexes), made, Handed(nothing), idle_seconds=0.2)


def test_it_stays_the_same_until_something_is_committed(home_and_catalogue):
    home, made = home_and_catalogue
    with closing(CurrentSearcher(home)) as current:
        first = current.get()
        assert current.get() is first
        rebuild(Store(home.indexes), made)
        assert current.get() is not first


def test_a_commit_in_the_same_moment_as_a_look_is_seen(home_and_catalogue):
    """A look between the writing of a state and its taking the old one's place."""
    home, made = home_and_catalogue
    directory = Store(home.indexes).current().directory
    with closing(CurrentSearcher(home)) as current:
        assert current.get().count() == 3
        moment = directory.stat()
        record(made, article(4))
        follow(home, made)
        os.utime(directory, ns=(moment.st_atime_ns, moment.st_mtime_ns))
        assert current.get().count() == 4


def test_without_an_index_it_says_so_until_there_is_one(home_and_catalogue):
    home, _made = home_and_catalogue
    pointer = home.indexes / "CURRENT"
    named = pointer.read_text()
    pointer.unlink()
    with closing(CurrentSearcher(home)) as current:
        with pytest.raises(IndexUnusable):
            current.get()
        pointer.write_text(named)
        assert current.get().count() == 3


def test_a_commit_opens_the_quarter_that_it_changed_and_no_other(home_and_catalogue, opened_parts):
    home, made = home_and_catalogue
    with closing(CurrentSearcher(home)) as current:
        current.get()
        assert opened_parts == ["2023-Q1", "2023-Q2", "2023-Q3"]
        opened_parts.clear()
        record(made, article(4, edition="2023-09-02"))
        follow(home, made)
        assert total(current) == 4
        assert opened_parts == ["2023-Q3"]


def test_of_an_index_that_was_built_anew_all_is_opened(home_and_catalogue, opened_parts):
    home, made = home_and_catalogue
    with closing(CurrentSearcher(home)) as current:
        assert total(current) == 3
        opened_parts.clear()
        rebuild(Store(home.indexes), made)
        assert total(current) == 3
        assert opened_parts == ["2023-Q1", "2023-Q2", "2023-Q3"]


def test_where_the_newest_cannot_be_opened_the_next_look_tries_again(home_and_catalogue):
    home, made = home_and_catalogue
    with closing(CurrentSearcher(home)) as current:
        assert total(current) == 3
        record(made, article(4, edition="2023-06-02"), article(5, edition="2023-09-02"))
        follow(home, made)
        grams = Store(home.indexes).current().directory / "2023-Q3" / "grams.db"
        away = grams.rename(grams.with_suffix(".away"))
        for _look in range(2):
            with pytest.raises(IndexUnusable):
                current.get()
        away.rename(grams)
        assert total(current) == 5


def total(current):
    return current.get().search(SearchRequest("渡口")).total
