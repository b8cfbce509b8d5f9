"""What a crawl or an import has to do with the indexer: start it, hand it words, wait for it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from typing import IO

from newscrawl import settings
from newscrawl.background import Background
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index.handed import line
from newscrawl.index.reach import is_of
from newscrawl.index.store import Build, Store
from newscrawl.items import Words

PIPE_BYTES = 1 << 20
AT_WORK = 10
"""How much longer than an idle index one is waited for that somebody has in hand."""


class IndexerStopped(NewscrawlError):
    """The indexer ended before it had caught up."""


class IndexerClient:
    """Sees to it that an indexer runs. Nothing here waits for a disk or for the indexer."""

    def __init__(
        self, home: Home, address: str = "", *, catalogue: Catalogue | None = None
    ) -> None:
        """Of the index at an address; without one, at that of the settings.

        Who waits for it gives the catalogue that it is to follow.
        """
        address = address or settings.INDEX
        self._catalogue = catalogue
        self._store = Store.of(home, address)
        self._indexer = Background(
            "newscrawl.index",
            (str(home.root), address),
            lock=self._store.lock,
            log=home.logs / "indexer.log",
        )
        self._unsent = b""

    def signal(self) -> None:
        """Something was committed: start an indexer unless one is at work, or ours has failed."""
        if self._indexer.signal():
            self._unsent = b""
            _widen(self._indexer.pipe)

    def hand(self, seq: int, words: Words) -> None:
        """Spare the indexer a segmentation, if ours is at work and listens; else do nothing."""
        if not self._indexer.working:
            return
        if not self._send():
            return
        self._unsent = line(seq, words)
        self._send()

    def mark(self) -> int:
        """The last sequence number that a search finds; 0 before the first index, and as long as
        it is the index of another catalogue.
        """
        if not self._store.exists():
            return 0
        reached = self._store.steady(Build.reached)
        if self._catalogue is None:
            return reached.mark
        with self._catalogue.read() as view:
            return reached.mark if is_of(view, reached) else 0

    def wait(
        self,
        seq: int,
        stalled: float,
        progress: Callable[[int], None],
        most: float | None = None,
    ) -> bool:
        """Wait until a search finds this version; False when it takes longer than `most` seconds.

        Raises IndexerStopped, saying where to look, once our indexer has failed, or after
        `stalled` seconds without progress; ten times as many while somebody rebuilds or merges.
        """
        reached, began = -1, time.monotonic()
        since = began
        while True:
            mark, now = self.mark(), time.monotonic()
            progress(mark)
            if mark >= seq:
                return True
            if most is not None and now - began > most:
                return False
            if mark > reached:
                reached, since = mark, now
            patience = stalled * (AT_WORK if self._indexer.busy else 1)
            if self._indexer.failed or now - since > patience:
                raise IndexerStopped(
                    f"{self._store.root}: the index stands at {mark} of {seq}; nothing is lost: "
                    f"see {self._indexer.log}, then run `newscrawl reindex`"
                )
            self.signal()
            time.sleep(0.05)

    def close(self) -> None:
        """Hand over what is left, as far as the pipe takes it, and let the indexer go on."""
        if self._indexer.pipe is not None:
            self._send()
            self._unsent = b""
            self._indexer.close()

    def _send(self) -> bool:
        """Write what the pipe takes without waiting; True when nothing is left."""
        pipe = self._indexer.pipe
        assert pipe is not None
        try:
            while self._unsent:
                sent = os.write(pipe.fileno(), self._unsent)
                self._unsent = self._unsent[sent:]
        except BlockingIOError:
            return False
        except BrokenPipeError:
            self._unsent = b""
            return False
        return True


def _widen(pipe: IO[bytes] | None) -> None:
    assert pipe is not None
    os.set_blocking(pipe.fileno(), False)
    fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
