"""Running the real commands against the demo site, as a user's shell or cron would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newscrawl.demo.edition import load_edition
from newscrawl.demo.server import DemoServer, serve
from newscrawl.demo.site import Site
from newscrawl.demo.skins import PLAIN, Skin

PROJECT = Path(__file__).parents[1]
FIRST, SECOND = date(2023, 12, 15), date(2023, 12, 16)
SECONDS = 180


@dataclass(frozen=True)
class Newsroom:
    """A home of its own and the environment in which commands run on it."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run `python -m WORDS…` to its end."""
        return subprocess.run(
            [sys.executable, "-m", *words],
            env=self.variables(),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            **more,
        )

    def start(self, *words: str, **more: Any) -> subprocess.Popen[str]:
        """Start `python -m WORDS…`."""
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            env=self.variables(),
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    def crawl(
        self, site: str, *given: str, paper: str = "hangzhou_daily", day: date | None = FIRST
    ) -> subprocess.CompletedProcess[str]:
        """`scrapy crawl` of one day's edition on a site."""
        return self.run(*crawl_words(site, *given, paper=paper, day=day))

    def search(self, query: str, *options: str) -> dict[str, Any]:
        """The result of `newscrawl search --json`."""
        done = self.run("newscrawl.search", query, "--json", *options)
        assert done.returncode in {0, 1}, done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def variables(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name != "NEWSCRAWL_HOME"},
            "NEWSCRAWL_HOME": str(self.home),
            "NEWSCRAWL_DOWNLOAD_DELAY": "0",
            "NEWSCRAWL_AUTOTHROTTLE_ENABLED": "0",
            **self.environment,
        }


def crawl_words(
    site: str, *given: str, paper: str = "hangzhou_daily", day: date | None = FIRST
) -> list[str]:
    """The words after `python -m` for a crawl."""
    arguments = [f"site={site}", *given, *([f"date={day}"] if day else [])]
    return ["scrapy", "crawl", paper, *(word for each in arguments for word in ("-a", each))]


@contextmanager
def demo(
    home: Path, skin: Skin = PLAIN, *, late: bool = True
) -> Iterator[tuple[Newsroom, Site, DemoServer]]:
    """The demo newspaper on loopback, and a newsroom that may fetch it."""
    site = Site({FIRST: load_edition("first"), SECOND: load_edition("second")}, skin)
    if late:
        site.publish_late()
    with serve(site) as server:
        allowed = {"NEWSCRAWL_ALLOW_PRIVATE": urlsplit(server.url).netloc}
        yield Newsroom(home, allowed), site, server
