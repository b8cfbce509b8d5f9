"""What a crawl or an import has to do with the indexer: start it, hand it words, wait for it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from newscrawl import settings
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index.handed import line
from newscrawl.index.store import Store
from newscrawl.items import Words

PIPE_BYTES = 1 << 20
AT_WORK = 10
"""How much longer than an idle index one is waited for that somebody has in hand."""
MOST_KILLED = 3
"""Indexers that may be killed before a run gives up: whatever kills them is not chance."""


class IndexerStopped(NewscrawlError):
    """The indexer ended before it had caught up."""


class IndexerClient:
    """Sees to it that an indexer runs. Nothing here waits for a disk or for the indexer."""

    def __init__(self, home: Home, address: str = "") -> None:
        """Of the index at an address; without one, at that of the settings."""
        self._home = home
        self._address = address or settings.INDEX
        self._store = Store.of(home, self._address)
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = 0
        self._unsent = b""

    def signal(self) -> None:
        """Something was committed: start an indexer unless one is at work, or ours has failed."""
        if self._working() or self._failed():
            return
        if not self._busy():
            self._start()

    def hand(self, seq: int, words: Words) -> None:
        """Spare the indexer a segmentation, if ours is at work and listens; else do nothing."""
        if not self._working():
            return
        if not self._send():
            return
        self._unsent = line(seq, words)
        self._send()

    def mark(self) -> int:
        """The last sequence number that a search finds; 0 before the first index."""
        return self._store.current().mark() if self._store.exists() else 0

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
            patience = stalled * (AT_WORK if self._busy() else 1)
            if self._failed() or now - since > patience:
                raise IndexerStopped(
                    f"{self._store.root}: the index stands at {mark} of {seq}; nothing is lost: "
                    f"see {self._log}, then run `newscrawl reindex`"
                )
            self.signal()
            time.sleep(0.05)

    def close(self) -> None:
        """Hand over what is left, as far as the pipe takes it, and let the indexer go on."""
        if self._process is not None and self._process.stdin is not None:
            self._send()
            self._unsent = b""
            with suppress(BrokenPipeError):
                self._process.stdin.close()

    def _busy(self) -> bool:
        """Whether anybody has the index in hand: an indexer, a rebuild."""
        try:
            with FileLock(self._store.lock, timeout=0):
                return False
        except Timeout:
            return True

    def _working(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _failed(self) -> bool:
        """Whether another one would fare no better: ours ended with an error that it has told,
        or one after the other was killed.
        """
        status = self._process.poll() if self._process is not None else 0
        return status is not None and (status > 0 or (status < 0 and self._killed >= MOST_KILLED))

    @property
    def _log(self) -> Path:
        return self._home.logs / "indexer.log"

    def _start(self) -> None:
        if self._process is not None and self._process.returncode < 0:
            self._killed += 1
        self.close()
        self._home.logs.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "newscrawl.index", str(self._home.root), self._address],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                bufsize=0,
                start_new_session=True,
            )
        _widen(self._process.stdin)
        threading.Thread(target=self._process.wait, name="indexer", daemon=True).start()

    def _send(self) -> bool:
        """Write what the pipe takes without waiting; True when nothing is left."""
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            while self._unsent:
                sent = os.write(self._process.stdin.fileno(), self._unsent)
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
