"""`newscrawl reindex` forgets nobody who committed while it held the index."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from newscrawl import settings
from newscrawl.cli.reindex import reindex
from newscrawl.errors import UsageError
from newscrawl.index import indexer, rebuilding
from newscrawl.index.engines import ENGINES
from newscrawl.index.search import Searcher, SearchRequest
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
    store, rebuild = Store(home.indexes), rebuilding.rebuild

    def rebuild_while_a_crawl_goes_on(*arguments):
        rebuild(*arguments)
        record(made, article(3))

    monkeypatch.setattr(rebuilding, "rebuild", rebuild_while_a_crawl_goes_on)
    reindex()
    deadline = time.monotonic() + 30
    while store.current().mark() < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    with indexer.taken(store, 30):
        assert store.current().mark() == 3


@pytest.mark.parametrize("engine", ENGINES)
def test_an_index_moves_to_another_engine(home_and_catalogue, monkeypatch, capsys, engine):
    home, made = home_and_catalogue
    record(made, replace(article(1), paragraphs=["渡口今日停航。"]))
    before = Store(home.indexes).current()
    address = f"{engine}:indexes/{engine}"
    reindex(address)
    assert f"export NEWSCRAWL_INDEX={address}" in capsys.readouterr().err
    assert Store(home.indexes).current() == before
    monkeypatch.setattr(settings, "INDEX", address)
    searcher = Searcher(home, made)
    assert searcher.count() == 2
    assert searcher.search(SearchRequest("渡口")).total == 2
    assert searcher.search(SearchRequest("停航")).total == 1
    searcher.close()


def test_an_index_goes_nowhere_else(home_and_catalogue):
    with pytest.raises(UsageError, match="engines are whoosh, tantivy"):
        reindex("lucene:indexes")


def test_no_indexer_is_started_for_nothing(home_and_catalogue):
    home, _made = home_and_catalogue
    before = Store(home.indexes).current()
    reindex()
    assert Store(home.indexes).current() != before
    assert not home.logs.exists()
