"""When versions were committed, and when a search first found them."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass

from benchmarks.searchable import phrase
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.versions import Version
from newscrawl.index.finding import MOST_HITS
from newscrawl.index.search import Searcher, SearchRequest

LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Commit:
    """A transaction that has brought versions."""

    first: int
    last: int
    """Sequence numbers."""
    since: float
    """Of the monotonic clock: the last time that it was looked for and was not there."""


class Watch:
    """Sees what is committed to a catalogue, from its making until `close`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._seen, self._since = self._newest(), time.monotonic()
        self._commits: deque[Commit] = deque()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()

    def take(self) -> list[Commit]:
        """The commits since the last call."""
        return [self._commits.popleft() for _ in range(len(self._commits))]

    def close(self) -> None:
        self._closing.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            now, newest = time.monotonic(), self._newest()
            if newest > self._seen:
                self._commits.append(Commit(self._seen + 1, newest, self._since))
                self._seen = newest
            self._since = now

    def _newest(self) -> int:
        with self._catalogue.read() as connection:
            return versions.newest_seq(connection)


def finds(searcher: Searcher, catalogue: Catalogue, seq: int) -> bool:
    """Whether a search for words of this version, on its day, finds it."""
    with catalogue.read() as connection:
        version = versions.by_seq(connection, [seq])[seq]
    found = searcher.search(_request(version))
    return any(hit.version.seq == seq for hit in found.hits)


def _request(version: Version) -> SearchRequest:
    day = version.article.edition
    return SearchRequest(f"{phrase(version)} date:{day}", sort="newest", limit=MOST_HITS)
