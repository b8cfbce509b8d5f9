"""The indexer: follows the catalogue by sequence number and makes each version findable."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.versions import Version
from newscrawl.index import sums
from newscrawl.index.documents import document_of
from newscrawl.index.grams import AddGrams, GramReader, GramWriter
from newscrawl.index.handed import Handed
from newscrawl.index.store import Build, IndexUnusable, Store
from newscrawl.index.whoosh_engine import AddWords, Merge, WhooshReader, WhooshWriter
from newscrawl.items import Words

BATCH = 250
"""Versions in one commit at most: what a commit holds in memory, and how late it can be."""
PACE_SECONDS = 1.0
"""Between the beginnings of two commits: a small one costs three times as much per version."""
POLL_SECONDS = 0.1

Progress = Callable[[int], None]
Made = Callable[[int], Words | None]
"""The words of a version, where somebody has made them already."""


class Appender:
    """Writes versions to one build, side table first."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._grams = GramWriter(build.grams)
        self._words = WhooshWriter(build.words)

    def write(self, batch: list[Version], made: Made) -> int:
        """Index a batch in order; the new mark. Superseded and quarantined versions are passed."""
        mark = batch[-1].seq
        live = [version for version in batch if version.live]
        with self._adding(len(live), mark) as (add_words, add_grams):
            add_words.replace(version.article_id for version in live if version.n > 1)
            # One document at a time: all of a batch weigh more than all else that it needs.
            for version in live:
                document = document_of(version, made(version.seq))
                add_grams(document.seq, document.grams)
                add_words(document)
        if self._words.crowded():
            # A commit of its own: the batch is found before, and its memory is free again.
            self._merge(mark, Merge.SMALL)
        return mark

    def tidy(self, mark: int) -> None:
        """Drop deleted versions from the statistics of ranking, where there are any."""
        if self._words.needs_tidying():
            self._merge(mark, Merge.OUTDATED)

    def close(self) -> None:
        self._grams.close()
        self._words.close()

    def _merge(self, mark: int, merge: Merge) -> None:
        with self._adding(0, mark, merge):
            pass

    @contextmanager
    def _adding(
        self, count: int, mark: int, merge: Merge = Merge.NOTHING
    ) -> Iterator[tuple[AddWords, AddGrams]]:
        """What is added in the block becomes visible together; the side table commits first."""
        with (
            self._words.adding(count, merge) as words,
            self._grams.adding(self._words.generation + 1, mark) as grams,
        ):
            yield words, grams
        sums.note(self._build, mark)


def mark_of(build: Build) -> int:
    """The last sequence number that the newest generation covers."""
    words, grams = WhooshReader(build.words), GramReader(build.grams)
    try:
        return grams.mark(words.generation)
    finally:
        words.close()
        grams.close()


def follow(store: Store, catalogue: Catalogue, handed: Handed, idle_seconds: float) -> None:
    """Index what comes until nothing has come for a while, or somebody asks for the index.

    Raises IndexUnusable for an index that is not ours or of another version; a damaged one is
    rebuilt.
    """
    mark, appender = _open_or_rebuild(store, catalogue)
    try:
        last_work, due = time.monotonic(), 0.0
        while time.monotonic() - last_work < idle_seconds and not asked_for(store):
            began = time.monotonic()
            if began < due:
                time.sleep(POLL_SECONDS)
                continue
            with catalogue.read() as connection:
                batch = versions.after(connection, mark, BATCH)
            if not batch:
                handed.wait(POLL_SECONDS)
                continue
            mark = appender.write(batch, handed.take)
            handed.forget(mark)
            last_work = time.monotonic()
            due = began if len(batch) == BATCH else began + PACE_SECONDS
        if not asked_for(store):
            appender.tidy(mark)
    finally:
        appender.close()


def rebuild(store: Store, catalogue: Catalogue, progress: Progress = lambda _done: None) -> Build:
    """Build the index anew beside the current one and swap it in.

    What a running crawl goes on adding is left to the indexer: nothing is found before the swap.
    """
    build = store.create()
    appender, mark = Appender(build), 0
    sums.note(build, mark)
    full = True
    while full and (batch := _next(catalogue, mark)):
        mark = appender.write(batch, lambda _seq: None)
        progress(mark)
        full = len(batch) == BATCH
    appender.tidy(mark)
    appender.close()
    store.swap(build)
    return build


def run(store: Store, catalogue: Catalogue, handed: Handed, idle_seconds: float) -> None:
    """Be the indexer, if nobody else is.

    After letting go of the lock it looks once more, so that whoever committed while it was
    leaving, and saw the lock held, is not forgotten.
    """
    while True:
        try:
            with FileLock(store.lock, timeout=0):
                follow(store, catalogue, handed, idle_seconds)
        except Timeout:
            return
        if asked_for(store) or not behind(store, catalogue):
            return


@contextmanager
def taken(store: Store, seconds: float) -> Iterator[None]:
    """Have the index to oneself: ask the indexer to let go of it, and wait until it has.

    Asking is holding a lock, which the system frees however the asker ends. Raises
    filelock.Timeout after `seconds`.
    """
    with FileLock(store.asked, timeout=seconds):
        held = FileLock(store.lock).acquire(timeout=seconds)
    with held:
        yield


def asked_for(store: Store) -> bool:
    """Whether somebody waits for the index."""
    try:
        with FileLock(store.asked, timeout=0):
            return False
    except Timeout:
        return True


def behind(store: Store, catalogue: Catalogue) -> bool:
    """Whether the catalogue holds versions that the index does not."""
    with catalogue.read() as connection:
        return versions.newest_seq(connection) > sums.mark(store.current())


def _next(catalogue: Catalogue, mark: int) -> list[Version]:
    with catalogue.read() as connection:
        return versions.after(connection, mark, BATCH)


def _open_or_rebuild(store: Store, catalogue: Catalogue) -> tuple[int, Appender]:
    build = store.current() if store.exists() else rebuild(store, catalogue)
    if any(sums.damaged(build)):
        build = rebuild(store, catalogue)
    try:
        return mark_of(build), Appender(build)
    except IndexUnusable:
        raise
    except Exception:  # noqa: BLE001 - Whoosh fails on damaged files in every way there is
        build = rebuild(store, catalogue)
        return mark_of(build), Appender(build)
