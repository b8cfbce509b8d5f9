"""Ending processes as a loss of power would: at a moment of their own, without a word."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable
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


def cut_off(room: Newsroom, jobs: Iterable[Job], commits: Iterable[float] = ()) -> Counter[str]:
    """Let jobs begin and be killed, each at its moment, and the indexer at the moments `commits`.

    How many were at work then, by name; the indexer's is `commit`.
    """
    at_work: dict[str, subprocess.Popen[str]] = {}
    killed: Counter[str] = Counter()

    def begin(job: Job) -> None:
        at_work[job.name] = room.start(*job.words)

    def kill(job: Job) -> None:
        process = at_work[job.name]
        killed[job.name] += process.poll() is None
        process.kill()
        process.communicate()

    def kill_commit() -> None:
        killed["commit"] += kill_indexer(room.home)

    plan: list[tuple[float, Callable[[], None]]] = [(moment, kill_commit) for moment in commits]
    for job in jobs:
        plan += [(job.begins, partial(begin, job)), (job.ends, partial(kill, job))]
    began = time.monotonic()
    for moment, act in sorted(plan, key=itemgetter(0)):
        time.sleep(max(began + moment - time.monotonic(), 0))
        act()
    return killed


def kill_indexer(home: Path) -> bool:
    """The indexer is a process of its own, and outlives a crawl that is killed. Whether one ran."""
    found = False
    for process in psutil.process_iter(["cmdline"]):
        if {"newscrawl.index", str(home)} <= set(process.info["cmdline"] or ()):
            process.kill()
            found = True
    return found
