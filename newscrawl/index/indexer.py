"""The indexer: follows the catalogue by sequence number and makes each version findable."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from filelock import FileLock, Timeout

from newscrawl.background import alone
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.index import aside, dictionary
from newscrawl.index.aside import Aside
from newscrawl.index.batches import next_batch, write_batch
from newscrawl.index.damage import IndexDamaged, IndexIncomplete, IndexOfAnother
from newscrawl.index.engine import Writer
from newscrawl.index.handed import Handed
from newscrawl.index.noting import Noting
from newscrawl.index.reach import is_of, require
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Build, Store
from newscrawl.text.segment import Segmenter

BATCH = 250
"""Versions in one commit at most: what a commit holds in memory, and how late it can be."""
PACE_SECONDS = 1.0
"""Between the beginnings of two commits: a small one costs three times as much per version."""
POLL_SECONDS = 0.1

_log = logging.getLogger(__name__)


def follow(store: Store, catalogue: Catalogue, handed: Handed, idle_seconds: float) -> None:
    """Index what comes until nothing has come for a while, or somebody asks for the index.

    An index that is damaged, or of another catalogue, or lacks what can be read again, is built
    anew. Raises IndexUnusable for one that is not ours or of another version, and for what the
    system refuses.
    """
    build = store.current() if store.exists() else rebuild(store, catalogue)
    try:
        _follow(build, store, catalogue, handed, idle_seconds)
    except (IndexDamaged, IndexOfAnother, IndexIncomplete) as unusable:
        _log.warning("%s: the index is built anew", unusable.what)
        _follow(rebuild(store, catalogue), store, catalogue, handed, idle_seconds)


def _follow(
    build: Build, store: Store, catalogue: Catalogue, handed: Handed, idle_seconds: float
) -> None:
    """Raises IndexDamaged, IndexOfAnother, IndexIncomplete, IndexHindered."""
    cut = dictionary.wanted(catalogue)
    _require_complete(build, catalogue)
    with _writing(build, catalogue) as writer:
        _follow_dictionary(build, writer, catalogue, cut)
        unfit, more = Aside(build.directory, cut), True
        while more:
            _index_what_comes(writer, unfit, build, store, catalogue, handed, idle_seconds)
            writer.tidy(lambda: _let_go(build, store) or _beyond(catalogue, writer.mark))
            more = _beyond(catalogue, writer.mark) and not _let_go(build, store)


def _require_complete(build: Build, catalogue: Catalogue) -> None:
    with catalogue.read() as view:
        for each in aside.mended(view, build.directory):
            raise IndexIncomplete.of(build.directory, each.article_id)


@contextmanager
def _writing(build: Build, catalogue: Catalogue) -> Iterator[Writer]:
    """A writer of a build whose files were looked at; they are noted again at a clean end."""
    checked, reached = build.check(), build.reached()
    with catalogue.read() as view:
        require(view, reached, build.directory)
    with build.sound():
        checked.forget()
        with closing(build.writer()) as writer:
            yield writer
        checked.note()


def _index_what_comes(
    writer: Writer,
    unfit: Aside,
    build: Build,
    store: Store,
    catalogue: Catalogue,
    handed: Handed,
    idle_seconds: float,
) -> None:
    last_work, due, noting = time.monotonic(), 0.0, Noting(catalogue)
    while time.monotonic() - last_work < idle_seconds and not _let_go(build, store):
        began = time.monotonic()
        if began < due:
            time.sleep(POLL_SECONDS)
            continue
        before = writer.mark
        batch = next_batch(catalogue, before, BATCH)
        if not batch.size:
            handed.wait(POLL_SECONDS)
            continue
        found = write_batch(writer, batch, unfit.cut, handed.take, unfit)
        noting.note(before, batch.reached.mark, found)
        handed.forget(batch.reached.mark)
        last_work = time.monotonic()
        due = began if batch.size == BATCH else began + PACE_SECONDS


def follow_dictionary(
    store: Store, catalogue: Catalogue, progress: dictionary.Progress = lambda _done, _of: None
) -> int:
    """Index anew what a changed dictionary concerns; how many versions.

    The caller has the index to itself. Raises IndexUnusable for an index that is not ours.
    """
    cut, build = dictionary.wanted(catalogue), store.current()
    with _writing(build, catalogue) as writer:
        return _follow_dictionary(build, writer, catalogue, cut, progress)


def run(store: Store, catalogue: Catalogue, handed: Handed, idle_seconds: float) -> None:
    """Be the indexer, if nobody else is."""
    alone(
        store.lock,
        lambda: follow(store, catalogue, handed, idle_seconds),
        lambda: not asked_for(store) and behind(store, catalogue),
    )


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


def _let_go(build: Build, store: Store) -> bool:
    """Whether somebody waits for the index, or has met damage in it."""
    return build.doubted or asked_for(store)


def behind(store: Store, catalogue: Catalogue) -> bool:
    """Whether the catalogue holds versions, or words of the user, that the index does not; or the
    index is doubted.
    """
    return store.steady(lambda build: _is_behind(build, catalogue))


def _is_behind(build: Build, catalogue: Catalogue) -> bool:
    reached = build.reached()
    if build.doubted or dictionary.outdated(build.directory, dictionary.wanted(catalogue)):
        return True
    with catalogue.read() as view:
        if not is_of(view, reached) or versions.newest_seq(view) > reached.mark:
            return True
        return bool(aside.mended(view, build.directory))


def _beyond(catalogue: Catalogue, mark: int) -> bool:
    """Whether the catalogue holds versions beyond a mark."""
    with catalogue.read() as connection:
        return versions.newest_seq(connection) > mark


def _follow_dictionary(
    build: Build,
    writer: Writer,
    catalogue: Catalogue,
    cut: Segmenter,
    progress: dictionary.Progress = lambda _done, _of: None,
) -> int:
    if not dictionary.outdated(build.directory, cut):
        return 0
    reader = build.reader()
    try:
        return dictionary.follow(build.directory, reader, writer, catalogue, cut, progress)
    finally:
        reader.close()
