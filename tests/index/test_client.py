"""A crawl's client and an indexer that fails."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from newscrawl import background
from newscrawl.background import MOST_KILLED
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


def test_an_indexer_that_was_killed_is_started_again_but_not_for_ever(tmp_path, monkeypatch):
    home, made = indexed(tmp_path / "home", [article(1)])
    made.close()
    monkeypatch.setattr(background, "sys", SimpleNamespace(executable=killed_at_once(tmp_path)))
    client = IndexerClient(home)
    with pytest.raises(IndexerStopped, match="1 of 2"):
        client.wait(2, 60, lambda _mark: None)
    client.close()
    assert (tmp_path / "started").read_text() == "x" * (1 + MOST_KILLED)


def killed_at_once(place):
    """A program that notes that it was started, and is killed."""
    program = place / "killed"
    program.write_text(f"#!/bin/sh\nprintf x >> {place}/started\nkill -9 $$\n")
    program.chmod(0o700)
    return str(program)
