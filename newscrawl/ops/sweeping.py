"""Taking out of the archive what runs have brought in again of what is erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from functools import reduce
from operator import or_

from newscrawl.catalogue import erasure, quotations, tombstones
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.withdrawn import Tombstone
from newscrawl.home import Home
from newscrawl.ops.locks import ErasureOpen, Locks, waits_for
from newscrawl.ops.purge import Purge
from newscrawl.ops.removing import Remover
from newscrawl.text.traces import Traces


def sweep(
    home: Home,
    catalogue: Catalogue,
    met: Mapping[str, Traces],
    locks: Locks,
    since: str | None = None,
    paper: str = "",
) -> int:
    """Take out what came in again although it is erased: by tombstone, what to look for in files
    of a paper from a day on. How many records. Raises ErasureWaits, ErasureOpen, ArchiveError.
    """
    with catalogue.read() as view:
        unwanted = erasure.unwanted(view)
        stones = {each.id: each for each in tombstones.listed(view)}
        common = quotations.shared(view, reduce(or_, met.values(), Traces())).common
    remover, count = Remover(home, catalogue, locks), 0
    for stone in {*unwanted.values(), *met}:
        records = frozenset(each for each, its in unwanted.items() if its == stone)
        purge = _met(stones[stone], records, met.get(stone, Traces()), common)
        purge = replace(purge, since=since, within=f"{paper}/" if paper else "")
        others = locks.others_at_work()
        count += remover.take_out(purge, remover.files(purge))
        with catalogue.write() as tx:
            gone = records - _left(tx, remover, records, others | remover.busy)
            erasure.forget_captures(tx, gone)
            erasure.settle_unwanted(tx, gone)
    if remover.busy:
        raise waits_for(", ".join(sorted(remover.busy)))
    if remover.damaged:
        raise ErasureOpen(remover.damaged)
    return count


def _met(tombstone: Tombstone, records: frozenset[str], traces: Traces, common: Traces) -> Purge:
    """What a crawl has brought in again; `common`: what others say as well."""
    folders = {f"{tombstone.paper}/{tombstone.day}/"} if tombstone.day else set()
    own = traces - common
    near = own | Traces(traces.headings)
    return Purge(tombstone, records, own.telling, near, frozenset(folders))


def _left(
    view: Transaction, remover: Remover, records: Iterable[str], papers: Set[str]
) -> set[str]:
    """Those that are in a file still which is damaged, or may be open."""
    files = {
        path
        for path in erasure.files_of(view, records)
        if path in remover.damaged or path.partition("/")[0] in papers
    }
    return erasure.captures_in(view, records, files)
