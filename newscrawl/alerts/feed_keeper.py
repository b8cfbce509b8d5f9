"""Feeds as files, in step with what changes: while messages are sent, and after a command."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from newscrawl import settings
from newscrawl.alerts.feed_files import kept_in, write
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue import active, letters, matches, subscriptions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home

LOOK_SECONDS = 30.0
"""Between two looks at whether anything has changed, while messages are sent."""
_log = logging.getLogger(__name__)


class _Mark(NamedTuple):
    """How far what feeds say has come."""

    revision: int
    match: int
    withdrawn: int

    @classmethod
    def of(cls, view: Transaction) -> _Mark:
        return cls(subscriptions.revision(view), matches.newest_id(view), letters.withdrawn(view))


class FeedKeeper:
    """Keeps the directory of the settings, where they name one; for one thread at a time."""

    def __init__(self, home: Home, catalogue: Catalogue) -> None:
        self._home = home
        self._catalogue = catalogue
        self._folder = kept_in(home)
        self._kept: _Mark | None = None

    def begin(self) -> None:
        """Take it that all is up to date by now: only what changes from here on is written."""
        if self._folder:
            with self._catalogue.read() as view:
                self._kept = _Mark.of(view)

    def keep(self) -> None:
        """Write what has changed since it was called last, at first everything.

        Where nothing has, it costs three look-ups. Raises FeedsUnwritten and SecretsError.
        """
        if self._folder is None:
            return
        with self._catalogue.read() as view:
            mark = _Mark.of(view)
            changed = None if self._kept is None else _changed(view, self._kept, mark)
        if changed is None or changed:
            secrets = Secrets.of(settings.secret_key(), self._home.secret_key)
            write(self._folder, self._home, self._catalogue, secrets, changed)
        self._kept = mark

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep it every LOOK_SECONDS, beside what is done meanwhile, which waits for nothing."""
        if self._folder is None:
            yield
            return
        ended = threading.Event()
        thread = threading.Thread(target=self._follow, args=(ended,), name="feeds")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _follow(self, ended: threading.Event) -> None:
        said = ""
        while not ended.wait(LOOK_SECONDS):
            try:
                self.keep()
            except NewscrawlError as error:
                if str(error) != said:
                    said = str(error)
                    _log.warning("%s", said)


def _changed(view: Transaction, before: _Mark, now: _Mark) -> Collection[int] | None:
    """The subscriptions whose feeds may say something else; None: all of them."""
    if now.withdrawn != before.withdrawn:
        return None
    changes = active.changes(view, before.revision)
    changed = {*changes.dropped, *(each.id for each in changes.put)}
    return changed | matches.subscriptions_after(view, before.match)
