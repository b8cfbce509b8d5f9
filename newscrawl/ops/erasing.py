"""Erasing what is taken down: archive, logs, catalogue, index, copies; each step may be done twice.

The tombstone stands before any of it begins, so that however often it is interrupted, nothing is
shown again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from filelock import Timeout

from newscrawl import settings
from newscrawl.catalogue import belongings, erasure, quotations, tombstones
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.withdrawn import RETENTION, Tombstone
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.client import IndexerClient
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from newscrawl.ops.recovery import recover
from newscrawl.ops.removing import ErasureWaits, Locks, Purge, Remover
from newscrawl.text.traces import Traces

PATIENCE_SECONDS = 120
"""For which the indexer is waited for."""
_COVER = ord("#")


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


def erase(home: Home, catalogue: Catalogue, tombstone: Tombstone) -> Erased:
    """Erase what a tombstone covers, or go on with that.

    Raises ErasureWaits while a crawl of a paper concerned runs, DamagedArchive, ArchiveError,
    CatalogueError, IndexUnusable.
    """
    return erase_all(home, catalogue, [tombstone])[0]


def erase_all(home: Home, catalogue: Catalogue, stones: Iterable[Tombstone]) -> list[Erased]:
    """Erase what several cover; index and catalogue are written anew once, at the end.

    Raises what `erase` raises, for the first that could not be; the others are done.
    """
    done: list[Erased] = []
    failed: NewscrawlError | None = None
    with ExitStack() as held:
        locks = Locks(home, held)
        for each in stones:
            try:
                done.append(_erase(home, catalogue, each, locks))
            except NewscrawlError as error:
                failed = failed or error
        if any(each.articles or each.records for each in done):
            rebuild_index(home, catalogue)
            for copy in catalogue.copies():
                copy.unlink(missing_ok=True)
            catalogue.scrub()
        with catalogue.write() as tx:
            for one in done:
                tombstones.set_state(tx, one.tombstone, "done")
    if failed is not None:
        raise failed
    return done


def resume(home: Home, catalogue: Catalogue) -> list[Erased]:
    """Go on with every erasure that is not done, and with what crawls have brought in again."""
    with catalogue.read() as view:
        waiting = tombstones.unfinished(view)
    done = erase_all(home, catalogue, waiting)
    with ExitStack() as held:
        locks = Locks(home, held)
        Remover(home, catalogue, locks).finish()
        sweep(home, catalogue, {}, locks)
    return done


def sweep(
    home: Home,
    catalogue: Catalogue,
    met: Mapping[str, Traces],
    locks: Locks,
    since: str | None = None,
) -> int:
    """Take out what came in again although it is erased: by tombstone, what to look for in files
    from a day on. How many records. Raises what `erase` raises.
    """
    with catalogue.read() as view:
        unwanted = erasure.unwanted(view)
        stones = {each.id: each for each in tombstones.listed(view)}
    remover, count = Remover(home, catalogue, locks), 0
    for stone in {*unwanted.values(), *met}:
        records = frozenset(each for each, its in unwanted.items() if its == stone)
        purge = _met(catalogue, stones[stone], records, met.get(stone, Traces()))
        count += remover.take_out(purge, remover.files(purge, since))
        with catalogue.write() as tx:
            erasure.forget_captures(tx, records)
            erasure.settle_unwanted(tx, records)
    return count


def cover_logs(home: Home, traces: Traces) -> None:
    """Overwrite what logs say of it: in place, for others go on writing to them."""
    for log in sorted(home.logs.glob("*")):
        if log.is_file() and traces:
            _cover(log, traces)


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
    ids = _begin(home, catalogue, tombstone, locks)
    remover = Remover(home, catalogue, locks)
    remover.finish()
    remover.repoint()
    purge, since, marks = _purge(catalogue, tombstone, ids)
    count = remover.take_out(purge, remover.files(purge, since))
    cover_logs(home, purge.traces | purge.near)
    with catalogue.write() as tx:
        erasure.forget_captures(tx, purge.records)
        erasure.settle_unwanted(tx, purge.records)
        erasure.empty(tx, ids, marks)
        quoted = erasure.places(tx, purge.quoted)
    return Erased(tombstone.id, len(ids), count, quoted, _others(home))


def _begin(home: Home, catalogue: Catalogue, tombstone: Tombstone, locks: Locks) -> list[str]:
    """The articles, once nobody writes of their papers."""
    with catalogue.read() as view:
        ids = tombstones.taken_by(view, tombstone.id)
    for paper in sorted({each.partition("/")[0] for each in ids}):
        locks.take(paper)
    recover(home, catalogue)
    with catalogue.write() as tx:
        tombstones.set_state(tx, tombstone.id, "erasing")
    return ids


def _purge(
    catalogue: Catalogue, tombstone: Tombstone, ids: Iterable[str]
) -> tuple[Purge, str | None, list[str]]:
    """What is to go, the first day of it, and the marks of its addresses."""
    with catalogue.read() as view:
        marks = tombstones.marks_at(view, tombstone.id)
        records = belongings.captures_of(view, ids, marks)
        if tombstone.kind == "prefix":
            records |= belongings.captures_under(view, tombstone.target)
        unwanted = erasure.unwanted(view)
        records |= {each for each, its in unwanted.items() if its == tombstone.id}
        if tombstone.category == RETENTION:  # what others print of it stays
            records |= belongings.captures_of_day(view, tombstone.paper, tombstone.day)
            return Purge(tombstone, frozenset(records), Traces()), None, marks
        traces, since = erasure.traces_of(view, ids), belongings.first_day(view, ids)
        shared = quotations.shared(view, traces)
        purge = Purge(
            tombstone,
            frozenset(records),
            traces - shared.common,
            near=erasure.names_of(view, ids),
            folders=frozenset(belongings.folders_of(view, ids)),
            quoted=erasure.places(view, shared.reprints - records),
        )
    return purge, since, marks


def _met(
    catalogue: Catalogue, tombstone: Tombstone, records: frozenset[str], traces: Traces
) -> Purge:
    """What a crawl has brought in again."""
    with catalogue.read() as view:
        common = quotations.shared(view, traces).common
    folders = {f"{tombstone.paper}/{tombstone.day}/"} if tombstone.day else set()
    near = Traces(traces.headings)
    return Purge(tombstone, records, traces - common, near, frozenset(folders))


def _cover(log: Path, traces: Traces) -> None:
    with log.open("r+b") as file:
        while line := file.readline():
            if traces.in_bytes(line) or traces.in_text(line.decode("utf-8", "replace")):
                end = file.tell()
                file.seek(end - len(line))
                file.write(bytes([_COVER]) * len(line.rstrip(b"\n")))
                file.seek(end)


def _others(home: Home) -> list[Path]:
    """Indexes that are not the one which is searched."""
    mine = Store.of(home).root
    found = (pointer.parent for pointer in home.root.glob("*/CURRENT"))
    return sorted(each for each in found if each != mine)
