"""The newest state of the index, kept open; after a commit, what that has changed is opened."""

from __future__ import annotations

from typing import TypeAlias

from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index.search import Searcher
from newscrawl.index.store import Store

_Stamp: TypeAlias = tuple[str, int, int, int]
"""A build, and inode, size and time of the file that every commit replaces."""
_Place: TypeAlias = tuple[int, int]
"""Device and inode of the catalogue."""


class CurrentSearcher:
    """Gives the searcher of the newest state. For one thread; nothing is opened before."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._store = Store.of(home)
        self._catalogue: Catalogue | None = None
        self._place: _Place | None = None
        self._searcher: Searcher | None = None
        self._stamp: _Stamp | None = None

    def get(self) -> Searcher:
        """The same one as long as nothing is committed, and no copy of the catalogue put back.

        Raises IndexUnusable without an index, CatalogueError without a catalogue.
        """
        if self._catalogue is not None and self._place != _place(self._home):
            self.close()
        stamp = self._now()
        if self._searcher is None or stamp != self._stamp:
            newest = Searcher(self._home, self._opened(), self._searcher)
            self._let_go()
            self._searcher, self._stamp = newest, stamp
        return self._searcher

    def close(self) -> None:
        self._let_go()
        if self._catalogue is not None:
            self._catalogue.close()
            self._catalogue = None

    def _opened(self) -> Catalogue:
        if self._catalogue is None:
            self._place = _place(self._home)
            self._catalogue = Catalogue.existing(self._home.catalogue)
        return self._catalogue

    def _let_go(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None

    def _now(self) -> _Stamp | None:
        """Which commit is the newest.

        The directory's own time would not do: it changes when the new file is written, and may be
        the same still when it has taken the place of the old one.
        """
        named = self._store.named()
        try:
            status = (self._store.root / named / self._store.engine.committed).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return named, status.st_ino, status.st_size, status.st_mtime_ns


def _place(home: Home) -> _Place | None:
    try:
        status = home.catalogue.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
