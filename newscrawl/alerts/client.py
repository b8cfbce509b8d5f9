"""Who matches and who sends: processes of their own, started when there is work for them."""

from __future__ import annotations

import logging
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.background import Background
from newscrawl.catalogue import active, subscriptions, upcoming
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.text.dates import iso

LOOK_SECONDS = 1.0
DUE_AHEAD_SECONDS = 5.0
"""Who sends waits so long for what will be due; so it is there when it is."""
FAILED_SECONDS = 60.0
"""Before one that has failed is followed by another."""
_log = logging.getLogger(__name__)


def matcher_lock(home: Home) -> Path:
    """Held by whoever matches."""
    return home.run / "matcher.lock"


def deliverer_lock(home: Home) -> Path:
    """Held by whoever sends."""
    return home.run / "deliverer.lock"


def deliverer(home: Home) -> Background:
    """Sends what is due, and ends when nothing is for a while."""
    return Background(
        "newscrawl.alerts",
        ("deliver", str(home.root)),
        lock=deliverer_lock(home),
        log=home.logs / "alerts.log",
    )


class DelivererClient:
    """Sees to it that what was put off is sent when it is due, where nothing is crawled then: what
    is tried again, a digest, what waits for the end of quiet hours. Waits for nothing.

    It raises nothing: whoever looks looks again.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._deliverer = deliverer(home)
        self._failed: float | None = None

    def look(self) -> None:
        """Start who sends where something is due, or will be in DUE_AHEAD_SECONDS.

        One that has ended with an error, which its log tells, is started again after a while.
        """
        with suppress(NewscrawlError, OSError, RuntimeError):  # the last: no thread can begin
            if self._due() and self._may_start():
                self._deliverer.signal()

    def close(self) -> None:
        """Nothing more is looked for; who sends goes on."""
        self._deliverer.close()

    def _due(self) -> bool:
        """The catalogue is opened for it: a file that was restored meanwhile is another file."""
        with closing(Catalogue.existing(self._home.catalogue)) as opened, opened.read() as view:
            due = upcoming.next_due(view)
        ahead = datetime.now(UTC) + timedelta(seconds=DUE_AHEAD_SECONDS)
        return due is not None and due <= iso(ahead)

    def _may_start(self) -> bool:
        if not self._deliverer.failed:
            return True
        now = time.monotonic()
        self._failed = now if self._failed is None else self._failed
        if now - self._failed < FAILED_SECONDS:
            return False
        self._deliverer.close()
        self._deliverer, self._failed = deliverer(self._home), None
        return True


class MatcherClient:
    """Sees to it that somebody matches, where anybody subscribes. Waits for nothing.

    It raises nothing: what a run records is kept, and is matched by whoever is started next.
    """

    def __init__(self, home: Home, catalogue: Catalogue) -> None:
        self.problem: str | None = None
        """Why nobody may be matching, and what to do; None where all is well."""
        self._catalogue = catalogue
        self._matcher = Background(
            "newscrawl.alerts",
            ("match", str(home.root)),
            lock=matcher_lock(home),
            log=home.logs / "alerts.log",
        )
        self._looked = float("-inf")
        self._seen: tuple[int, bool] | None = None
        """The revision of the subscriptions, and whether there was an active one."""

    def signal(self) -> None:
        """Versions were recorded; it is looked at once a second whether anybody wants to know."""
        now = time.monotonic()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._look()

    def close(self) -> None:
        """Everything is recorded; who matches goes on."""
        self._look()
        self._matcher.close()

    def _look(self) -> None:
        try:
            if self._anybody():
                self._matcher.signal()
        except (NewscrawlError, OSError, RuntimeError) as error:  # the last: no thread can begin
            self._note(" ".join(str(error).split()))
        else:
            ended = f"the matcher has ended with an error: see {self._matcher.log}"
            self._note(ended if self._matcher.failed else None)

    def _anybody(self) -> bool:
        """Looked for again only after a change: among very many that pause it takes long."""
        with self._catalogue.read() as view:
            revision = subscriptions.revision(view)
            if self._seen is None or self._seen[0] != revision:
                self._seen = revision, active.anybody(view)
            return self._seen[1]

    def _note(self, why: str | None) -> None:
        before, self.problem = self.problem, None
        if why is not None:
            self.problem = f"subscribers may not be told: {why}; the next run tries again"
            if self.problem != before:
                _log.warning("%s", self.problem)
