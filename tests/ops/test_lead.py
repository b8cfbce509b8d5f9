"""An import waits for the index where it is behind, and not for one that does not move."""

from __future__ import annotations

import threading
import time

from filelock import FileLock

from newscrawl.index.client import IndexerClient
from newscrawl.index.store import Store
from newscrawl.ops import lead
from newscrawl.ops.lead import Lead
from tests.makers import article, indexed, record

PATIENCE = 2.0


def test_what_is_close_is_not_waited_for(tmp_path):
    home, made = indexed(tmp_path, [article(1)])
    with FileLock(Store(home.indexes).lock):
        kept = Lead(IndexerClient(home))
        record(made, *map(article, range(2, 5)))
        assert not waits(kept, 4)
    made.close()


def test_what_is_far_is_waited_for_until_it_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(lead, "LEAST", 0)
    home, made = indexed(tmp_path, [article(1)])
    client = IndexerClient(home)
    kept = Lead(client)
    with FileLock(Store(home.indexes).lock):
        record(made, *map(article, range(2, 10)))
        waiting = threading.Thread(target=kept.keep, args=(9,))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
    waiting.join(30)
    assert client.mark() == 9
    client.close()
    made.close()


def test_an_index_that_does_not_move_holds_nobody_back_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(lead, "LEAST", 0)
    monkeypatch.setattr(lead, "PATIENCE_SECONDS", PATIENCE)
    home, made = indexed(tmp_path, [article(1)])
    with FileLock(Store(home.indexes).lock):
        record(made, *map(article, range(2, 10)))
        kept = Lead(IndexerClient(home))
        assert waits(kept, 9)
        assert not waits(kept, 9)
    made.close()


def waits(kept, newest):
    began = time.monotonic()
    kept.keep(newest)
    return time.monotonic() - began >= PATIENCE
