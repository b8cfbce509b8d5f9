"""Seeing to it that what is recorded is matched, where nobody crawls: for who sends by hand."""

from __future__ import annotations

import time

from newscrawl.alerts.client import MatcherClient
from newscrawl.alerts.unmatched import Unmatched, passed
from newscrawl.catalogue import matches, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home

STALLED_SECONDS = 60.0
"""Without a version more that is matched, it is waited for no longer; who matches goes on."""


class CatchingUp:
    """What is recorded by now, being matched. For one thread."""

    def __init__(self, home: Home, catalogue: Catalogue) -> None:
        self._home = home
        self._catalogue = catalogue
        self._client: MatcherClient | None = None
        with catalogue.read() as view:
            self._newest = versions.newest_seq(view)
        self._mark = -1
        self._moved = 0.0

    def coming(self) -> bool:
        """Whether more may be to be sent soon; starts who matches, unless somebody does.

        False once all is matched, where it cannot be, and after STALLED_SECONDS of nothing.
        """
        with self._catalogue.read() as view:
            mark = passed(view, matches.matched(view))
        if mark >= self._newest:
            return False
        now = time.monotonic()
        if mark > self._mark:
            self._mark, self._moved = mark, now
        self._client = self._client or MatcherClient(self._home, self._catalogue)
        self._client.signal()
        return self._client.problem is None and now - self._moved < STALLED_SECONDS

    @property
    def problem(self) -> str | None:
        """What is left and why, where it is known; None where all is matched."""
        if self._client is not None and self._client.problem:
            return self._client.problem
        with self._catalogue.read() as view:
            left = Unmatched.of(view)
        return f"{left.what}: {left.remedy}" if left else None

    def close(self) -> None:
        """Who matches goes on."""
        if self._client is not None:
            self._client.close()
