"""Running the real programs, timed, each with a data directory of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newscrawl.errors import NewscrawlError

ENGINE = "NEWSCRAWL_INDEX"
DATA = "NEWSCRAWL_BENCH_DATA"
KEPT = (ENGINE, DATA, "NEWSCRAWL_SHARED")
PROJECT = Path(__file__).parents[1]
COMMANDS = Path(sys.executable).parent
LONGEST = 7200.0
"""Seconds that one program may take."""


class BenchmarkFailed(NewscrawlError):
    """A program failed, or two programs did not do the same work."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A program that ended well."""

    began: float
    """Of the monotonic clock, as its process was started."""
    ended: float
    output: str

    @property
    def seconds(self) -> float:
        return self.ended - self.began


def python(*words: str) -> list[str]:
    """`python -m WORDS…`."""
    return [sys.executable, "-m", *words]


def command(name: str, *words: str) -> list[str]:
    """A command that is installed beside the interpreter."""
    return [str(COMMANDS / name), *words]


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours without any setting of newscrawl's but the engine, and with these: `HOME` for
    NEWSCRAWL_HOME. Where benchmarks find their data stays too.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not name.startswith("NEWSCRAWL_")
    }
    return kept | {f"NEWSCRAWL_{name}": value for name, value in settings.items()}


def run(words: Sequence[str], settings: Mapping[str, str] | None = None) -> Ran:
    """Run a program to its end. Raises BenchmarkFailed with its last words."""
    began = time.monotonic()
    done = subprocess.run(
        words,
        env=environment(settings or {}),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    ended = time.monotonic()
    check(words, done.returncode, done.stdout + done.stderr)
    return Ran(began, ended, done.stdout)


def check(words: Sequence[str], status: int, said: str) -> None:
    """Raise BenchmarkFailed unless the status is 0."""
    if status:
        raise BenchmarkFailed(f"{' '.join(words)}: exit status {status}\n{said[-2000:]}")
