"""Feeds as files, in step with what changes: while messages are sent, and after a command.

How far they have come is written beside them, so that whoever sends next goes on from there. Once a
day all are looked at, for what nobody has noted: a file that somebody has changed, another paper
of a story, another newscrawl.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from newscrawl import durable, settings
from newscrawl.alerts.feed_files import FeedsUnwritten, kept_in, write
from newscrawl.alerts.secrets import Secrets, digest
from newscrawl.catalogue import active, letters, matches, subscriptions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home

KEPT = ".newscrawl-kept"
"""The file in a directory of feeds that says how far they have come; no secret."""
WHOLE_SECONDS = 86_400.0
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

    def reaches(self, other: _Mark) -> bool:
        """Whether it may come after the other in one catalogue."""
        return all(mine >= its for mine, its in zip(self, other, strict=True))


class _Kept(NamedTuple):
    """How far the files of a directory have come."""

    whose: str
    """Of which home they are, and at which address: its digest."""
    mark: _Mark
    whole: float
    """When all were looked at last: seconds since 1970."""

    def write(self, folder: Path) -> None:
        """Beside the files. Raises OSError."""
        durable.replace(folder / KEPT, json.dumps(self._asdict()))

    @classmethod
    def read(cls, folder: Path) -> _Kept | None:
        """What is written there; None where there is nothing, or what cannot be read."""
        try:
            found = json.loads((folder / KEPT).read_bytes())
            return cls(str(found["whose"]), _Mark(*map(int, found["mark"])), float(found["whole"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None


class FeedKeeper:
    """Keeps the directory of the settings, where they name one; for one thread at a time."""

    def __init__(self, home: Home, catalogue: Catalogue) -> None:
        self._home = home
        self._catalogue = catalogue
        self._folder = kept_in(home)
        self._begun: _Mark | None = None
        self._kept: _Kept | None = None

    def begin(self) -> None:
        """Take it that all is up to date by now: only what changes from here on is written.

        It is not: how far the files have come stays as it is.
        """
        if self._folder:
            with self._catalogue.read() as view:
                self._begun = _Mark.of(view)

    def keep(self) -> None:
        """Write what has changed since this, or anybody before, has done so last; everything where
        nobody has, or not since WHOLE_SECONDS.

        Where nothing has changed, it costs three look-ups. Raises FeedsUnwritten and SecretsError.
        """
        if self._folder is None:
            return
        now = time.time()
        since = self._begun or self._since(self._folder, now)
        with self._catalogue.read() as view:
            mark = _Mark.of(view)
            changed = None if since is None else _changed(view, since, mark)
        if changed is None or changed:
            secrets = Secrets.of(settings.secret_key(), self._home.secret_key)
            write(self._folder, self._home, self._catalogue, secrets, changed)
        if self._begun is not None:
            self._begun = mark
        elif mark != since:
            whole = now if changed is None or self._kept is None else self._kept.whole
            self._note(self._folder, _Kept(self._whose(), mark, whole))

    def _since(self, folder: Path, now: float) -> _Mark | None:
        """From where on something is to be written; None: all of it."""
        self._kept = kept = self._kept or _Kept.read(folder)
        if kept is None or kept.whose != self._whose():
            return None
        return kept.mark if 0 <= now - kept.whole < WHOLE_SECONDS else None

    def _whose(self) -> str:
        return digest(f"{self._home.root.resolve()}\n{settings.PUBLIC_URL}")

    def _note(self, folder: Path, kept: _Kept) -> None:
        self._kept = kept
        try:
            kept.write(folder)
        except OSError as error:
            raise FeedsUnwritten(
                f"{folder}: how far feeds have come cannot be written: {error.strerror}"
            ) from None

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
    """The subscriptions whose feeds may say something else; None: all of them, also where the
    catalogue is an older one than before.
    """
    if now.withdrawn != before.withdrawn or not now.reaches(before):
        return None
    changes = active.changes(view, before.revision)
    changed = {*changes.dropped, *(each.id for each in changes.put)}
    return changed | matches.subscriptions_after(view, before.match)
