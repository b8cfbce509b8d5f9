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
from newscrawl.index.store import Store
from tests.makers import article, indexed, record


@pytest.fixture
def home_and_catalogue(tmp_path):
    home, made = indexed(tmp_path / "home", [article(number) for number in range(1, 4)])
    yield home, made
    made.close()


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
        with Path("/dev/null").open("rb") as nothing:
            indexer.run(Store(home.indexes), made, Handed(nothing), idle_seconds=0.2)
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
