"""The feeds of all subscriptions as files, for who serves them, or reads them, by other means.

A file is named by the secret of its subscription's address on the web, and has the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from newscrawl import durable, settings
from newscrawl.alerts.feeding import feed_of
from newscrawl.alerts.feeds import WRITERS, Language
from newscrawl.alerts.links import Links
from newscrawl.alerts.secrets import Secrets, digest
from newscrawl.catalogue import subscribers, subscriptions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home

PATIENCE = 60.0
"""Seconds for which somebody else's writing is waited for."""
_OURS = re.compile(r"([\w-]{43})\.(?:atom|json)(?:\.new)?", re.ASCII)
"""Names that may be ours, also of what a kill left half written."""


class FeedsUnwritten(NewscrawlError):
    """The directory cannot be written to. No name of a file is said: it is a secret."""


@dataclass(slots=True)
class Written:
    """What became of a directory."""

    feeds: int = 0
    """Subscriptions that have theirs there, an Atom and a JSON one."""
    written: int = 0
    """Files that are new or changed."""
    removed: int = 0
    """Files of subscriptions that are removed."""


def kept_in(home: Home) -> Path | None:
    """The directory of the settings, from the home on where it is relative; None without one."""
    return home.root / settings.FEEDS if settings.FEEDS else None


def write(
    folder: Path,
    home: Home,
    catalogue: Catalogue,
    secrets: Secrets,
    only: Collection[int] | None = None,
) -> Written:
    """Let a directory, made if need be, hold the feeds of all subscriptions, paused ones too.

    `only`: look at those of these subscriptions alone. A file that would not change is not
    touched, and a file that is not ours is left alone. Raises
    FeedsUnwritten, and SecretsError where the key is another than that of the subscriptions.
    """
    made = _Folder(folder, catalogue, secrets, Links.parse(settings.PUBLIC_URL))
    try:
        _make(folder)
        home.run.mkdir(parents=True, exist_ok=True)
        with FileLock(feeds_lock(home), timeout=PATIENCE):
            return made.write() if only is None else made.write_some(only)
    except Timeout:
        raise FeedsUnwritten(f"{folder}: somebody else is writing feeds") from None
    except OSError as error:
        raise FeedsUnwritten(f"{folder}: feeds cannot be written: {error.strerror}") from None


def feeds_lock(home: Home) -> Path:
    """The lock of whoever writes feeds; no paper's name begins with a dot."""
    return home.run / ".feeds.lock"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise FeedsUnwritten(
            f"{folder}: a file is in the way; feeds are written into a directory"
        ) from None


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path
    catalogue: Catalogue
    secrets: Secrets
    links: Links | None

    def write(self) -> Written:
        done = Written()
        with self.catalogue.read() as view:
            people = subscribers.everybody(view)
        for person in people:
            with self.catalogue.read() as view:
                asked = subscriptions.of_subscriber(view, person.id)
                files = list(self._files(view, asked, person.language))
            self._put_all(files, done)
        done.removed = self._clear()
        return done

    def write_some(self, wanted: Collection[int]) -> Written:
        """Those of these subscriptions."""
        done = Written()
        with self.catalogue.read() as view:
            asked = subscriptions.by_ids(view, wanted)
            people = subscribers.by_ids(view, {each.subscriber_id for each in asked.values()})
        for each in asked.values():
            if each.state != "removed":
                with self.catalogue.read() as view:
                    language = people[each.subscriber_id].language
                    files = list(self._files(view, [each], language))
                self._put_all(files, done)
            else:
                done.removed += sum(map(_drop, self._paths(each)))
        return done

    def _files(
        self, view: Transaction, asked: Iterable[Subscription], language: Language
    ) -> Iterator[tuple[str, bytes]]:
        for each in asked:
            secret = self.secrets.opened(each.feed.sealed)
            made = feed_of(view, each, language, links=self.links, address="")
            for form, written in WRITERS.items():
                address = self.links.feed(secret, form) if self.links else ""
                yield f"{secret}.{form}", written(replace(made, address=address))

    def _put_all(self, files: Sequence[tuple[str, bytes]], done: Written) -> None:
        done.feeds += len(files) // len(WRITERS)
        done.written += sum(_put(self.path / name, content) for name, content in files)

    def _paths(self, subscription: Subscription) -> list[Path]:
        secret = self.secrets.opened(subscription.feed.sealed)
        return [self.path / f"{secret}.{form}" for form in WRITERS]

    def _clear(self) -> int:
        """Remove what is of a removed subscription; by its name it is known whose it was."""
        paths = list(self.path.iterdir())
        with self.catalogue.read() as view:
            left = [path for path in paths if _is_left(view, path)]
        for path in left:
            path.unlink()
        return len(left)


def _is_left(view: Transaction, path: Path) -> bool:
    """Whether it is ours, and of nothing that is written any more."""
    named = _OURS.fullmatch(path.name)
    whose = subscriptions.by_feed(view, digest(named[1])) if named else None
    return whose is not None and (whose.state == "removed" or path.suffix == ".new")


def _drop(path: Path) -> bool:
    """Whether it was there."""
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def _put(path: Path, content: bytes) -> bool:
    """Whether it was to be written."""
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    durable.replace(path, content)
    return True
