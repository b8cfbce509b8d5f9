"""One reading of a paper for `watch`: a `scrapy crawl` of its own, loaded before it is wanted."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from newscrawl.home import Home

TOLD_BYTES = 4096
"""Of what a crawl has said, at its end."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a crawl ended."""

    status: int
    """Its exit status; negative for the signal that ended it."""
    said: str
    """The last line that it wrote."""


def words(paper: str, given: Mapping[str, str]) -> list[str]:
    """The call of a crawl that loads everything and then waits until it is told to begin."""
    arguments = [f"{name}={value}" for name, value in given.items()]
    more = [word for each in arguments for word in ("-a", each)]
    return [sys.executable, "-m", "scrapy", "crawl", paper, "--when-told", *more]


class Poll:
    """A process that is told to begin, watched until it ends, and ended when it must.

    It leads a process group of its own: what ends it ends everything it has started, but the
    indexer, which is on its own on purpose. Should we be killed, one that was not told to begin
    ends by itself, and one that was reads on to its end, with the paper's lock.
    """

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self._log = log

    @classmethod
    async def load(cls, call: Sequence[str], home: Home, log: Path) -> Self:
        """Start a call; what it says is in `log`, in the place of what the last one said."""
        environment = os.environ | {
            "NEWSCRAWL_HOME": str(home.root),
            "SCRAPY_SETTINGS_MODULE": "newscrawl.settings",
        }
        with log.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                *call,
                stdin=PIPE,
                stdout=said,
                stderr=STDOUT,
                env=environment,
                start_new_session=True,
            )
        return cls(process, log)

    async def read(self, seconds: float | None) -> Ended:
        """Have it begin, and wait for its end; one that takes longer than `seconds` is killed."""
        pipe = self._process.stdin
        assert pipe is not None
        with suppress(ConnectionError):  # it has ended already: why is in the log
            pipe.write(b"\n")
            await pipe.drain()
        try:
            # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the end.
            async with asyncio.timeout(seconds):
                status = await self._process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            status = await self._process.wait()
        return Ended(status, _last_line(self._log))

    async def end(self, grace: float) -> None:
        """End it: at once where it only waits, else within `grace` seconds, in which it finishes
        what it has in hand.
        """
        if self._process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(grace):
                await self._process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def _last_line(log: Path) -> str:
    with log.open("rb") as said:
        said.seek(max(0, log.stat().st_size - TOLD_BYTES))
        lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
