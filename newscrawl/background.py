"""Processes of ours that are at work while there is work, one at a time: who starts them."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

MOST_KILLED = 3
"""Processes that may be killed before no further one is started: what kills them is not chance."""

PATIENCE = 0.3
"""Seconds for which the lock is wanted: whoever looks whether it is held has it for a moment."""


class Background:
    """Sees to it that a process runs. It holds its lock while it works, and ends by itself.

    Nothing here waits for a disk or for the process.
    """

    def __init__(self, module: str, arguments: Sequence[str], *, lock: Path, log: Path) -> None:
        """`python -m MODULE ARGUMENT…`; what it says is appended to `log`."""
        self._command = ("-m", module, *arguments)
        self._lock = lock
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = 0
        self._held = False
        """Whether ours was seen at work: when it then holds the lock no more, it is ending."""

    def signal(self) -> bool:
        """There is work: start the process unless one is at work, or ours has failed.

        Whether it was started.
        """
        if self.failed or self._at_work():
            return False
        self._held = False
        former = self._process.returncode if self._process is not None else None
        self._killed += former is not None and former < 0
        self.close()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                bufsize=0,
                start_new_session=True,
            )
        threading.Thread(target=self._process.wait, name=self._command[1], daemon=True).start()
        return True

    def _at_work(self) -> bool:
        if self.busy:
            self._held = self._held or self.working
            return True
        return self.working and not self._held

    def close(self) -> None:
        """Nothing more comes through the pipe; the process goes on as long as it has work."""
        if self.pipe is not None:
            self.pipe.close()

    @property
    def pipe(self) -> IO[bytes] | None:
        """What our process, if there ever was one, reads as its standard input."""
        return self._process.stdin if self._process is not None else None

    @property
    def busy(self) -> bool:
        """Whether anybody holds the lock, ours or not."""
        try:
            with FileLock(self._lock, timeout=0):
                return False
        except Timeout:
            return True

    @property
    def working(self) -> bool:
        """Whether ours runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def failed(self) -> bool:
        """Whether another one would fare no better: ours ended with an error that it has told,
        or one after the other was killed.
        """
        status = self._process.poll() if self._process is not None else 0
        return status is not None and (status > 0 or (status < 0 and self._killed >= MOST_KILLED))


def alone(lock: Path, work: Callable[[], None], more: Callable[[], bool]) -> bool:
    """Work while holding the lock. False, and nothing is done, where somebody else holds it.

    After letting go of it, whether there is `more` is looked at once more, so that whoever came
    with work while this was leaving, and saw the lock held, is not forgotten.
    """
    worked = False
    while not worked or more():
        try:
            with FileLock(lock, timeout=PATIENCE, poll_interval=0.02):
                work()
        except Timeout:
            return worked
        worked = True
    return True
