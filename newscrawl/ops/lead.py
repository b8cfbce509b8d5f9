"""How far what an import records may be ahead of what a search finds."""

from __future__ import annotations

import time
from contextlib import suppress

from newscrawl.index.client import IndexerClient, IndexerStopped

SECONDS = 0.5
"""Of the indexer's work, at the speed that it has shown: whatever anybody records meanwhile, a
crawl too, comes after it and is to be found in 2 seconds.
"""
LEAST = 250
"""Versions that may always be ahead."""
PATIENCE_SECONDS = 60.0


class Lead:
    """Holds an import back while the indexer is further behind than it should be.

    It ends no sooner without: it waits in any case until the last article is found.
    """

    def __init__(self, indexer: IndexerClient) -> None:
        self._indexer = indexer
        self._began, self._first = time.monotonic(), indexer.mark()
        self._stuck: int | None = None

    def keep(self, newest: int) -> None:
        """Wait until the index is close to sequence number `newest`.

        One that does not move in a minute, because it is rebuilt or its indexer has failed,
        holds nobody back until it moves again.
        """
        mark = self._indexer.mark()
        if mark == self._stuck:
            return
        self._stuck = mark
        passed = max(time.monotonic() - self._began, 0.001)
        ahead = max(LEAST, int((mark - self._first) / passed * SECONDS))
        with suppress(IndexerStopped):  # told at the end, when all is recorded
            if self._indexer.wait(newest - ahead, PATIENCE_SECONDS, _unseen, PATIENCE_SECONDS):
                self._stuck = None


def _unseen(_mark: int) -> None:
    pass
