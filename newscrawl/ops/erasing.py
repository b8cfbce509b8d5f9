"""Erasing what is taken down: archive, logs, catalogue, index, copies; each step may be done twice.

The tombstone stands before any of it begins, so that however often it is interrupted, nothing is
shown again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from filelock import Timeout

from newscrawl import settings
from newscrawl.archive.errors import DamagedArchive
from newscrawl.catalogue import erasure, tombstones
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.withdrawn import RETENTION, Tombstone
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.client import IndexerClient
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from newscrawl.ops.covering import cover_logs
from newscrawl.ops.locks import ErasureWaits, Locks, waits_for
from newscrawl.ops.place import explained
from newscrawl.ops.purge import Purge, records_of
from newscrawl.ops.recovery import adopt_all, recover
from newscrawl.ops.removing import Remover
from newscrawl.ops.sweeping import sweep

PATIENCE_SECONDS = 120
"""For which the indexer is waited for."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure came to."""

    tombstone: str
    articles: int
    records: int
    """Taken out of the archive."""
    quoted: Mapping[str, str] = field(default_factory=dict)
    """Captures that quote it and stay, each with its file: other articles were read from them."""
    indexes: Sequence[Path] = ()
    """Other indexes below the home, which only their owner can build anew."""
    damaged: Mapping[str, DamagedArchive] = field(default_factory=dict)
    """Archive files that could not be read to their end: the tombstone stays open for them."""


def erase(home: Home, catalogue: Catalogue, tombstone: Tombstone) -> Erased:
    """Erase what a tombstone covers, or go on with that.

    Raises ErasureWaits while a crawl runs that may have some of it, ArchiveError, CatalogueError,
    IndexUnusable.
    """
    return erase_all(home, catalogue, [tombstone])[0]


def erase_all(
    home: Home, catalogue: Catalogue, stones: Iterable[Tombstone], ours: Sequence[str] = ()
) -> list[Erased]:
    """Erase what several cover; index and catalogue are written anew once, at the end. `ours`: the
    papers whose locks this process has.

    Raises what `erase` raises, for the first that could not be; the others are done.
    """
    done: list[Erased] = []
    failed: NewscrawlError | None = None
    begun = False
    with explained(home):
        recover(home, catalogue)
        with ExitStack() as held:
            locks = Locks(home, held, ours)
            remover = Remover(home, catalogue, locks)
            remover.finish()  # else what is about to go would be catalogued
            remover.repoint()
            adopt_all(home, catalogue, {*ours, *locks.others_at_work()})
    for each in stones:
        with catalogue.read() as view:
            was = tombstones.named(view, each.id).state
        try:
            with explained(home), ExitStack() as held:
                done.append(_erase(home, catalogue, each, Locks(home, held, ours)))
            begun = begun or was != "told"
        except NewscrawlError as error:
            failed = failed or error
    with explained(home):
        _write_anew(home, catalogue, done, begun=begun)
    with catalogue.write() as tx:
        for one in done:
            if not one.damaged:
                tombstones.set_state(tx, one.tombstone, "done")
    if failed is not None:
        raise failed
    return done


def resume(home: Home, catalogue: Catalogue) -> list[Erased]:
    """Go on with every erasure that is not done, and with what crawls have brought in again.

    Raises what `erase` raises, ErasureOpen where that is in damaged files.
    """
    with catalogue.read() as view:
        waiting = tombstones.unfinished(view)
    done = erase_all(home, catalogue, waiting)
    with explained(home), ExitStack() as held:
        locks = Locks(home, held)
        Remover(home, catalogue, locks).finish()
        sweep(home, catalogue, {}, locks)
    return done


def resume_after_run(home: Home, catalogue: Catalogue, paper: str) -> list[Erased]:
    """At the end of a run of `paper`, go on with what waited for it. What other runs have to end
    for is left to them, and what damaged files are left of to `resume`.

    Raises what `erase` raises.
    """
    with catalogue.read() as view:
        waiting = [
            each for each in tombstones.unfinished(view) if not tombstones.unread(view, each.id)
        ]
    if not waiting:
        return []
    with explained(home):
        recover(home, catalogue)
    with ExitStack() as held:
        locks = Locks(home, held, [paper])
        free = [each for each in waiting if not _waited_for(catalogue, each, locks)]
    return erase_all(home, catalogue, free, [paper]) if free else []


def _write_anew(home: Home, catalogue: Catalogue, done: Iterable[Erased], *, begun: bool) -> None:
    """Index and catalogue, where something was taken out of them, or in a call before that was cut
    off: of articles nothing tells that but that they are there.
    """
    if any(each.articles for each in done):
        rebuild_index(home, catalogue)
    if begun or any(each.articles or each.records for each in done):
        for copy in catalogue.copies():
            copy.unlink(missing_ok=True)
        catalogue.scrub()


def rebuild_index(home: Home, catalogue: Catalogue) -> None:
    """Build the index anew from what is left. Raises ErasureWaits while the indexer keeps it."""
    store = Store.of(home)
    if not store.exists():
        return
    try:
        with indexer.taken(store, PATIENCE_SECONDS):
            rebuild(store, catalogue, processes=settings.INDEX_PROCESSES)
    except Timeout:
        raise ErasureWaits(
            f"{store.lock}: the indexer did not let go for {PATIENCE_SECONDS} s: see "
            f"{home.logs / 'indexer.log'}, then `newscrawl takedown --resume`"
        ) from None
    if indexer.behind(store, catalogue):
        client = IndexerClient(home)
        client.signal()
        client.close()


def _erase(home: Home, catalogue: Catalogue, tombstone: Tombstone, locks: Locks) -> Erased:
    """From archive, logs and the catalogue's rows."""
    with catalogue.read() as view:
        ids = tombstones.taken_by(view, tombstone.id)
    remover = Remover(home, catalogue, locks)
    remover.finish()
    cleared = _clear(catalogue, tombstone, ids, remover, locks)
    purge = cleared.purge
    cover_logs(home, purge.near)
    with catalogue.write() as tx:
        gone = purge.records - cleared.left
        erasure.forget_captures(tx, gone)
        erasure.settle_unwanted(tx, gone)
        erasure.empty(tx, ids, purge.marks, purge.listed)
        tombstones.leave_unread(tx, tombstone.id, cleared.damaged)
        quoted = erasure.places(tx, purge.quoted)
    return Erased(tombstone.id, len(ids), cleared.records, quoted, _others(home), cleared.damaged)


@dataclass(frozen=True, slots=True)
class _Cleared:
    """What became of the archive."""

    purge: Purge
    records: int
    left: Set[str]
    """Captures in damaged files, and those that a run takes out which is at work."""
    damaged: Mapping[str, DamagedArchive]


def _clear(
    catalogue: Catalogue,
    tombstone: Tombstone,
    ids: Sequence[str],
    remover: Remover,
    locks: Locks,
) -> _Cleared:
    """Take it out of every file, and of those that came up meanwhile, until there is none.

    Raises ErasureWaits where a run has been at work that may have some of it in what it has open:
    until it ends, the catalogue keeps what it is known by.
    """
    looked_at: set[str] = set()
    count = 0
    with catalogue.read() as view:
        unread = tombstones.unread(view, tombstone.id)
        marks = tombstones.marks_at(view, tombstone.id)
        known = records_of(view, tombstone, ids, marks)
    _begin(catalogue, tombstone, known, locks)  # before all texts are looked through
    with catalogue.read() as view:
        purge = Purge.of(view, tombstone, ids)
    while True:
        waited_for = _waited_for(catalogue, tombstone, locks)  # before looking: they may end now
        with catalogue.read() as view:
            purge = purge.renewed(view, ids)
        files = {*remover.files(purge), *remover.there(unread)} - looked_at
        if not files:
            break
        count += remover.take_out(purge, sorted(files))
        looked_at |= files
    left, writers = _left(catalogue, purge, remover, looked_at)
    _wait_for(waited_for | writers | remover.busy)
    return _Cleared(purge, count, left, remover.damaged)


def _waited_for(catalogue: Catalogue, tombstone: Tombstone, locks: Locks) -> Set[str]:
    """The papers of which a run at work may have archived some of it, not knowing better: it began
    before the tombstone. Whatever is retired is of its own paper, and known by its day alone.
    """
    if tombstone.category == RETENTION:
        return locks.others_at_work() & {tombstone.paper}
    with catalogue.read() as view:
        knowing = tombstones.known_to(view, tombstone.id)
    return locks.others_at_work(knowing)


def _begin(catalogue: Catalogue, tombstone: Tombstone, known: Set[str], locks: Locks) -> None:
    """Where all that is known of it lies with papers that are at work, nothing is looked through
    for it in vain: it is begun when one of these runs ends.
    """
    with catalogue.read() as view:
        papers = {path.partition("/")[0] for path in erasure.files_of(view, known)}
    if papers <= locks.others_at_work():
        _wait_for(papers)
    with catalogue.write() as tx:
        tombstones.set_state(tx, tombstone.id, "erasing")


def _left(
    catalogue: Catalogue, purge: Purge, remover: Remover, looked_at: Set[str]
) -> tuple[frozenset[str], set[str]]:
    """The captures that lie in files which are damaged or open, or were open until now, and the
    papers to be waited for: what a run knows that it has met, it takes out itself when it ends.
    """
    with catalogue.read() as view:
        paths = remover.open_files(erasure.files_of(view, purge.records) - looked_at)
        left = erasure.captures_in(view, purge.records, {*paths, *remover.damaged})
        unknown = erasure.captures_in(view, purge.records - erasure.unwanted(view).keys(), paths)
        where = erasure.places(view, unknown)
    return frozenset(left), {path.partition("/")[0] for path in where.values()}


def _wait_for(papers: Set[str]) -> None:
    if papers:
        raise waits_for(", ".join(sorted(papers)))


def _others(home: Home) -> list[Path]:
    """Indexes that are not the one which is searched."""
    mine = Store.of(home).root
    found = (pointer.parent for pointer in home.root.glob("*/CURRENT"))
    return sorted(each for each in found if each != mine)
