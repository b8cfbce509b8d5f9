"""Searches under a deadline that ends them: warm processes, killed and replaced.

Nothing inside a process can end it for certain while C code runs: a thread may wait for the
interpreter's lock for ever. So a search that somebody waits for runs in a process of its own.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing import Pipe
from signal import SIGALRM, Signals
from typing import Any, Self

from newscrawl import settings
from newscrawl.home import Home
from newscrawl.index.bounds import (
    Bounds,
    SearchBusy,
    SearchFailed,
    SearchTimedOut,
    SearchTooLarge,
)
from newscrawl.index.serving import Answered

PROGRAM = "newscrawl.index.worker"
START_SECONDS = 60.0
"""A worker that is not ready by then is replaced; loading takes it about one."""
WAITING = 8
"""For each worker so many may wait; who comes then is refused at once."""


class SearchPool:
    """Answers searches in worker processes, as many at a time as there are workers.

    For any number of threads. Close it; workers whose pool was killed end by themselves.
    """

    def __init__(
        self, home: Home, bounds: Bounds, workers: int = 2, *, program: str = PROGRAM
    ) -> None:
        self._home, self.bounds, self._program = home, bounds, program
        self._count = workers
        self._places = threading.BoundedSemaphore(workers * (1 + WAITING))
        # Taken in turn, so that none keeps an old state of the index, and its files, for long.
        self._free: queue.Queue[_Worker | None] = queue.Queue()
        for _ in range(workers):
            self._free.put(self._started())

    @classmethod
    def of(cls, home: Home) -> Self:
        """As it is set: its bounds, and how many workers it has."""
        bounds = Bounds(settings.QUERY_SECONDS, settings.QUERY_MEGABYTES)
        return cls(home, bounds, settings.SEARCH_WORKERS)

    def ask(self, asked: Any) -> Any:
        """The answer to a search, its seconds counted from now, however long it had to wait.

        Raises SearchEnded where there is none in time, in memory, or because too many others
        wait, and what the search itself raises.
        """
        deadline = time.monotonic() + self.bounds.seconds
        if not self._places.acquire(blocking=False):
            raise SearchBusy("too many searches are waiting: try again in a moment")
        try:
            answered = self._asked(asked, deadline)
        finally:
            self._places.release()
        if answered.error is not None:
            raise answered.error
        return answered.value

    def close(self) -> None:
        """End the workers; those that still answer are waited for, and nobody is to ask again."""
        for _ in range(self._count):
            if worker := self._free.get():
                worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, asked: Any, deadline: float) -> Answered:
        try:
            worker = self._free.get(timeout=_left(deadline))
        except queue.Empty:
            raise SearchBusy(
                f"no search ended within {self.bounds.seconds:g} seconds: try again in a moment"
            ) from None
        try:
            worker = self._running(worker)
            answered = worker.ask(asked, deadline)
        except BaseException:
            keeps = worker is not None and worker.is_starting
            self._free.put(worker if keeps else self._another(worker))
            raise
        spent = isinstance(answered.error, SearchTooLarge)
        self._free.put(self._another(worker) if spent else worker)
        return answered

    def _running(self, worker: _Worker | None) -> _Worker:
        """This one, or another if somebody ended it while nobody asked it."""
        if worker and worker.runs():
            return worker
        if other := self._another(worker):
            return other
        raise SearchFailed("no process can be started to search in: too many run, or memory is out")

    def _another(self, worker: _Worker | None) -> _Worker | None:
        if worker:
            worker.end()
        return self._started()

    def _started(self) -> _Worker | None:
        """A new worker; None where the system has no room for one now."""
        try:
            return _Worker(self._home, self.bounds, self._program)
        except OSError:
            return None


class _Worker:
    """One process, and the pipe to it."""

    def __init__(self, home: Home, bounds: Bounds, program: str) -> None:
        self._bounds = bounds
        self._ready = False
        self._began = time.monotonic()
        self._pipe, theirs = Pipe()
        words = ["--seconds", str(bounds.seconds), "--megabytes", str(bounds.megabytes)]
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    program,
                    str(home.root),
                    f"--pipe={theirs.fileno()}",
                    *words,
                ],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # an interrupt at the terminal is for those who asked
            )

    def runs(self) -> bool:
        return self._process.poll() is None

    @property
    def is_starting(self) -> bool:
        """Whether it has not said yet that it is ready, and may still do so."""
        return not self._ready and self.runs() and time.monotonic() - self._began < START_SECONDS

    def ask(self, asked: Any, deadline: float) -> Answered:
        """What it answers. Raises SearchTimedOut and SearchFailed; then it is of no more use,
        unless it has only not started yet.
        """
        if not self._ready:
            self._received(_left(deadline))
            self._ready = True
        with suppress(ConnectionError):
            self._pipe.send(asked)
        answered: Answered = self._received(_left(deadline))
        return answered

    def end(self) -> None:
        """Kill it and wait until it is gone; it has nothing to lose."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def _received(self, seconds: float) -> Any:
        if not self._pipe.poll(seconds):
            raise SearchTimedOut(self._bounds.seconds)
        try:
            return self._pipe.recv()
        except (EOFError, ConnectionError):
            raise self._fate() from None

    def _fate(self) -> SearchTimedOut | SearchFailed:
        status = self._process.wait()
        if status == -SIGALRM:
            return SearchTimedOut(self._bounds.seconds)
        how = f"was ended by {Signals(-status).name}" if status < 0 else f"ended with {status}"
        return SearchFailed(
            f"the process that searched {how}: try again; if it happens again, "
            "run `newscrawl doctor`"
        )


def _left(deadline: float) -> float:
    """Seconds until then; none where it is over."""
    return max(0.0, deadline - time.monotonic())
