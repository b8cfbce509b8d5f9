"""Ending processes as a loss of power would: at a moment of their own, without a word."""

from __future__ import annotations

import math
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path

import psutil

from tests.crawls import Newsroom


@dataclass(frozen=True, slots=True)
class Job:
    """A command, when it begins, and when it is killed; in seconds from the beginning."""

    name: str
    words: tuple[str, ...]
    begins: float
    ends: float


def cut_off(room: Newsroom, jobs: Iterable[Job]) -> Counter[str]:
    """Let jobs begin and be killed, each at its moment; how many were at work then, by name."""
    at_work: dict[str, subprocess.Popen[str]] = {}
    killed: Counter[str] = Counter()

    def begin(job: Job) -> None:
        at_work[job.name] = room.start(*job.words)

    def kill(job: Job) -> None:
        process = at_work[job.name]
        killed[job.name] += process.poll() in {None, -signal.SIGKILL}  # by us, or by itself
        process.kill()
        process.communicate()

    plan: list[tuple[float, Callable[[], None]]] = []
    for job in jobs:
        plan += [(job.begins, partial(begin, job)), (job.ends, partial(kill, job))]
    began = time.monotonic()
    for moment, act in sorted(plan, key=itemgetter(0)):
        time.sleep(max(began + moment - time.monotonic(), 0))
        act()
    return killed


@contextmanager
def commits_cut_off(home: Path, seconds: Callable[[], float]) -> Iterator[Counter[str]]:
    """Within it every indexer of a home is killed so many seconds after it was seen first.

    How many were, as `commit`.
    """
    killed, ended = Counter[str](), threading.Event()
    seen: dict[int, float] = {}

    def kill() -> None:
        while not ended.wait(0.05):
            for process in indexers(home):
                end = seen.setdefault(process.pid, time.monotonic() + seconds())
                if time.monotonic() >= end:
                    process.kill()
                    killed["commit"] += 1
                    seen[process.pid] = math.inf

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        ended.set()
        killer.join()


def kill_indexer(home: Path) -> None:
    """The indexer is a process of its own, and outlives a crawl that is killed."""
    for process in indexers(home):
        process.kill()


def indexers(home: Path) -> list[psutil.Process]:
    """Those of a home."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if {"newscrawl.index", str(home)} <= set(process.info["cmdline"] or ())
    ]
