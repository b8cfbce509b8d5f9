"""`python -m benchmarks.asker HOME FILE`: a reader who asks the queries of a file over and over.

One process, with a pause after each answer. Where there is a new state of the index it opens that
first, as a worker of the pool does. For each answer a line is printed: the number of the query in
the file, a JSON list, and the milliseconds that it took, the opening included. It ends when its
standard input does.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import cycle
from pathlib import Path

from benchmarks.asking import queries_of, timed
from benchmarks.programs import PROJECT, BenchmarkFailed, environment, python
from benchmarks.queries import Query
from newscrawl.home import Home
from newscrawl.index.current import CurrentSearcher
from newscrawl.text.segment import use_cache

PAUSE_SECONDS = 0.02
LONGEST_SECONDS = 600.0

Times = dict[Query, list[float]]
"""Milliseconds of each answer."""


class Asker:
    """Such a process, seen from outside."""

    def __init__(self, home: Home, asked: Sequence[Query], file: Path) -> None:
        self._into: Times = {}
        self._asked = asked
        self._answers = 0
        file.write_text(json.dumps([asdict(query) for query in asked]), encoding="utf-8")
        self._process = subprocess.Popen(
            python("benchmarks.asker", str(home.root), str(file)),
            env=environment({"HOME": str(home.root)}),
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._thread = threading.Thread(target=self._read, name="asker", daemon=True)
        self._thread.start()

    def count(self, times: Times) -> None:
        """Add every answer from now on to these."""
        self._into = times

    def rounds(self, count: int) -> None:
        """Wait until every query is answered so many times more.

        Raises BenchmarkFailed where the process ends first, or after ten minutes.
        """
        wanted = self._answers + count * len(self._asked)
        until = time.monotonic() + LONGEST_SECONDS
        while self._answers < wanted:
            if self._process.poll() is not None or time.monotonic() > until:
                raise BenchmarkFailed(f"{self._answers} answers only, of {wanted}")
            time.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._thread.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                number, took = line.split()
                self._into.setdefault(self._asked[int(number)], []).append(float(took))
                self._answers += 1


def main() -> None:
    """Ask until nobody listens."""
    home, file = Home(Path(sys.argv[1])), Path(sys.argv[2])
    use_cache(home.cache)
    current = CurrentSearcher(home)
    current.get()
    asked = queries_of(json.loads(file.read_text(encoding="utf-8")))
    for number, query in cycle(enumerate(asked)):
        took, _total = timed(current.get, query)
        print(number, took, flush=True)
        if select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
            break
    current.close()


if __name__ == "__main__":
    main()
