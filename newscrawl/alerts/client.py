"""Who matches and who sends: processes of their own, started when there is work for them."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from newscrawl.background import Background
from newscrawl.catalogue import active, subscriptions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home

LOOK_SECONDS = 1.0
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
