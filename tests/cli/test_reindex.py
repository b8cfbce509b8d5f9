"""`newscrawl reindex` forgets nobody who committed while it held the index."""

from __future__ import annotations

import time

import pytest

from newscrawl import settings
from newscrawl.cli.reindex import reindex
from newscrawl.index import indexer
from newscrawl.index.store import Store
from tests.makers import article, indexed, record


@pytest.fixture
def home_and_catalogue(tmp_path, monkeypatch):
    home, made = indexed(tmp_path / "home", [article(1), article(2)])
    monkeypatch.setattr(settings, "home", lambda: home)
    yield home, made
    made.close()


def test_what_is_committed_before_it_lets_go_is_indexed_too(home_and_catalogue, monkeypatch):
    home, made = home_and_catalogue
    store, rebuild = Store(home.indexes), indexer.rebuild

    def rebuild_while_a_crawl_goes_on(*arguments):
        rebuild(*arguments)
        record(made, article(3))

    monkeypatch.setattr(indexer, "rebuild", rebuild_while_a_crawl_goes_on)
    reindex()
    deadline = time.monotonic() + 30
    while store.current().mark() < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    with indexer.taken(store, 30):
        assert store.current().mark() == 3


def test_no_indexer_is_started_for_nothing(home_and_catalogue):
    home, _made = home_and_catalogue
    before = Store(home.indexes).current()
    reindex()
    assert Store(home.indexes).current() != before
    assert not home.logs.exists()
