"""What a crawl or an import has to do with the indexer: start it, hand it words, wait for it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import sums
from newscrawl.index.handed import line
from newscrawl.index.store import Store
from newscrawl.items import Words

PIPE_BYTES = 1 << 20


class IndexerStopped(NewscrawlError):
    """The indexer ended before it had caught up."""


class IndexerClient:
    """Sees to it that an indexer runs. Nothing here waits for a disk or for the indexer."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._store = Store(home.indexes)
        self._process: subprocess.Popen[bytes] | None = None
        self._unsent = b""

    def signal(self) -> None:
        """Something was committed: start an indexer unless one is at work, or ours has failed."""
        if self._process is not None and self._process.poll() != 0:
            return
        try:
            with FileLock(self._store.lock, timeout=0):
                pass
        except Timeout:
            return
        self._start()

    def hand(self, seq: int, words: Words) -> None:
        """Spare the indexer a segmentation, if ours is at work and listens; else do nothing."""
        if self._process is None or self._process.poll() is not None:
            return
        if not self._send():
            return
        self._unsent = line(seq, words)
        self._send()

    def wait(self, seq: int, seconds: float, progress: Callable[[int], None]) -> None:
        """Wait until a search finds this version. Raises IndexerStopped, saying where to
        look, once our indexer has failed or after `seconds` without any progress.
        """
        reached, since = -1, time.monotonic()
        while True:
            mark = sums.mark(self._store.current()) if self._store.exists() else 0
            progress(mark)
            if mark >= seq:
                return
            if mark > reached:
                reached, since = mark, time.monotonic()
            if self._failed() or time.monotonic() - since > seconds:
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
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                self._unsent = b""

    def _failed(self) -> bool:
        return self._process is not None and self._process.poll() not in (None, 0)

    @property
    def _log(self) -> Path:
        return self._home.logs / "indexer.log"

    def _start(self) -> None:
        self._home.logs.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "newscrawl.index", str(self._home.root)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                bufsize=0,
                start_new_session=True,
            )
        self._unsent = b""
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
