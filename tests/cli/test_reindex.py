"""`newscrawl reindex` forgets nobody who committed while it held the index."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from newscrawl import settings
from newscrawl.cli.reindex import reindex
from newscrawl.errors import UsageError
from newscrawl.index import indexer, rebuilding
from newscrawl.index.client import IndexerClient
from newscrawl.index.engines import ENGINES
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from tests.makers import article, indexed, record, spoil


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
    assert catches_up(store, 3)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_index_moves_to_another_engine(home_and_catalogue, monkeypatch, capsys, engine):
    home, made = home_and_catalogue
    record(made, replace(article(1), paragraphs=["渡口今日停航。"]))
    before = Store(home.indexes).current()
    address = f"{engine}:indexes/{engine}"
    reindex(address)
    said = capsys.readouterr().err
    assert f"export NEWSCRAWL_INDEX={address}; what comes before that" in said
    assert Store(home.indexes).current() == before
    monkeypatch.setattr(settings, "INDEX", address)
    searcher = Searcher(home, made)
    assert searcher.count() == 2
    assert searcher.search(SearchRequest("渡口")).total == 2
    assert searcher.search(SearchRequest("停航")).total == 1
    searcher.close()


def catches_up(store: Store, seq: int) -> bool:
    """Whether an indexer makes it findable, and has let go of the index."""
    deadline = time.monotonic() + 30
    while store.current().mark() < seq and time.monotonic() < deadline:
        time.sleep(0.05)
    with indexer.taken(store, 30):
        return store.current().mark() == seq


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_committed_meanwhile_is_indexed_where_the_index_was_built(
    home_and_catalogue, monkeypatch, engine
):
    home, made = home_and_catalogue
    address = f"{engine}:indexes/{engine}"
    before, store, rebuild = Store.of(home).current(), Store.of(home, address), rebuilding.rebuild

    def rebuild_while_a_crawl_goes_on(*arguments):
        rebuild(*arguments)
        record(made, article(3))

    monkeypatch.setattr(rebuilding, "rebuild", rebuild_while_a_crawl_goes_on)
    reindex(address)
    assert catches_up(store, 3)
    assert before.mark() == 2
    record(made, article(4))  # the setting is not changed yet: nobody follows
    client = IndexerClient(home, address)  # a crawl's, once it is
    client.signal()
    client.close()
    assert catches_up(store, 4)


def test_it_says_how_many_cannot_be_prepared(home_and_catalogue, capsys):
    _home, made = home_and_catalogue
    spoil(made, 2)
    reindex()
    assert "reindexed 1 articles; 1 cannot be prepared: see `newscrawl status`" in (
        capsys.readouterr().err
    )


def test_an_index_goes_nowhere_else(home_and_catalogue):
    with pytest.raises(UsageError, match="engines are whoosh, tantivy"):
        reindex("lucene:indexes")


def test_no_indexer_is_started_for_nothing(home_and_catalogue):
    home, _made = home_and_catalogue
    before = Store(home.indexes).current()
    reindex()
    assert Store(home.indexes).current() != before
    assert not home.logs.exists()
