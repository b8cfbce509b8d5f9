"""A crawl's client and an indexer that fails."""

from __future__ import annotations

import time

import pytest

from newscrawl.home import Home
from newscrawl.index.client import IndexerClient, IndexerStopped
from tests.makers import article, indexed


@pytest.fixture
def unreadable(tmp_path) -> Home:
    """A home whose indexer ends at once, for it cannot read the catalogue."""
    home, made = indexed(tmp_path / "home", [article(1)])
    made.close()
    home.catalogue.write_bytes(b"no database " * 1000)
    return home


def test_an_indexer_that_failed_is_started_once_and_waited_for_no_longer(unreadable):
    client = IndexerClient(unreadable)
    began = time.monotonic()
    with pytest.raises(IndexerStopped, match=r"1 of 2.*indexer\.log"):
        client.wait(2, 60, lambda _mark: None)
    assert time.monotonic() - began < 30
    log = unreadable.logs / "indexer.log"
    said = log.read_text(encoding="utf-8")
    assert said
    for _ in range(3):
        client.signal()
        with pytest.raises(IndexerStopped):
            client.wait(2, 60, lambda _mark: None)
    client.close()
    assert log.read_text(encoding="utf-8") == said
