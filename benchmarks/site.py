"""The sample newspaper with as many articles as asked, served by a process of its own."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.programs import PROJECT, environment, python
from newscrawl.demo.bulk import bulk_editions

SEED = 1
ROBOTS = "/robots.txt"


@dataclass(frozen=True, slots=True)
class Visit:
    """What the server saw of one crawl."""

    answers: Counter[tuple[str, int]]
    """Paths and statuses, robots.txt left out."""
    first: float
    """Of the monotonic clock, when the first request had been read."""
    last: float

    @property
    def pages(self) -> int:
        """Answers of every kind, pictures included."""
        return self.answers.total()

    @property
    def rate(self) -> float:
        """Pages per second from the first request to the last."""
        return self.pages / (self.last - self.first)


class BulkSite:
    """A running site and the log of what it was asked."""

    def __init__(self, url: str, days: list[date], log: Path) -> None:
        self.url = url
        self.since, self.until = min(days), max(days)
        self._log = log
        self._read = 0

    @property
    def netloc(self) -> str:
        return urlsplit(self.url).netloc

    def visit(self) -> Visit:
        """What was asked since the last call."""
        with self._log.open(encoding="utf-8") as lines:
            lines.seek(self._read)
            served = [json.loads(line) for line in iter(lines.readline, "")]
            self._read = lines.tell()
        pages = [each for each in served if each["path"] != ROBOTS]
        times = [each["arrived"] for each in pages]
        answers = Counter((each["path"], each["status"]) for each in pages)
        return Visit(answers, min(times), max(times))


@contextmanager
def bulk_site(articles: int, log: Path) -> Iterator[BulkSite]:
    """Serve consecutive editions of `articles` in all, until the block ends."""
    words = python("newscrawl.demo.server", "--articles", str(articles), "--seed", str(SEED))
    process = subprocess.Popen(
        [*words, "--log", str(log), "--seconds", "86400"],
        env=environment({}),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        yield BulkSite(url, list(bulk_editions(articles, SEED)), log)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
