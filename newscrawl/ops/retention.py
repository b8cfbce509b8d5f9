"""Taking down what is older than its paper is kept: a tombstone for each edition, then the rest.

Nobody asked for the texts to be gone: what other papers print of them stays, unlike with a takedown
that somebody asks for.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newscrawl.alerts.feed_keeper import FeedKeeper
from newscrawl.catalogue import belongings, retention, targets, tombstone_file, tombstones
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.retention import Expired, Retention
from newscrawl.catalogue.tombstone_lines import Raised
from newscrawl.catalogue.withdrawn import RETENTION, Tombstone, address_mark
from newscrawl.home import Home
from newscrawl.ops import erasing
from newscrawl.ops.locks import ErasureOpen
from newscrawl.text.dates import iso, today


@dataclass(frozen=True, slots=True)
class Retired:
    """What became of one paper's editions."""

    retention: Retention
    days: tuple[str, ...]
    articles: int
    records: int = 0
    """Taken out of the archive."""


def due(catalogue: Catalogue, now: datetime) -> list[Retired]:
    """What would be taken down at the aware time `now`."""
    return [
        Retired(held, tuple(each.day for each in found), sum(len(each.articles) for each in found))
        for held, found in _expired(catalogue, now)
    ]


def retire(home: Home, catalogue: Catalogue, now: datetime, by: str) -> list[Retired]:
    """Take down what is older than it is kept, and erase it where that is asked for.

    What an earlier call has left undone is done as well. Raises what `erasing.erase` raises, and
    ErasureOpen: then the tombstones stand, and the next call goes on.
    """
    retired = []
    for held, found in _expired(catalogue, now):
        for each in found:
            if not each.begun:
                _raise(catalogue, held, each, iso(now), by)
        days = tuple(each.day for each in found)
        retired.append(Retired(held, days, sum(len(each.articles) for each in found)))
    if retired:
        with catalogue.write() as tx:
            tombstone_file.follow(tx, catalogue.path)
        FeedKeeper(home, catalogue).keep()
    with catalogue.read() as view:
        waiting = [each for each in tombstones.unfinished(view) if each.category == RETENTION]
    done = erasing.erase_all(home, catalogue, waiting)
    if damaged := {path: why for each in done for path, why in each.damaged.items()}:
        raise ErasureOpen(damaged)
    return [_with_records(each, waiting, done) for each in retired]


def _expired(catalogue: Catalogue, now: datetime) -> list[tuple[Retention, list[Expired]]]:
    with catalogue.read() as view:
        every = [
            (held, list(retention.expired(view, held, today(now))))
            for held in retention.stored(view)
        ]
    return [(held, found) for held, found in every if found]


def _raise(catalogue: Catalogue, held: Retention, edition: Expired, at: str, by: str) -> None:
    """A tombstone for an edition: durable beside the catalogue before it is in it."""
    tombstone = Tombstone(
        id=secrets.token_hex(6),
        kind="article",
        target=f"{edition.paper}/{edition.day}",
        scope=held.scope,
        reason=f"retention: kept for {held.days} days",
        category=RETENTION,
        by=by,
        at=at,
        paper=edition.paper,
        day=edition.day,
        state="told" if held.scope == "erase" else "done",
    )
    with catalogue.read() as view:
        raised = Raised(tombstone, _marks(view, held, edition), edition.articles)
    tombstone_file.append(catalogue.path, raised)
    with catalogue.write() as tx:
        tombstone_file.do(tx, raised)


def _marks(view: Transaction, held: Retention, edition: Expired) -> tuple[str, ...]:
    """By which a crawl knows what it is not to bring in again: places, and no texts."""
    marks = targets.places_of(view, edition.articles)
    if held.scope == "erase":
        marks += map(address_mark, belongings.addresses_of(view, edition.articles))
    return tuple(dict.fromkeys(marks))


def _with_records(
    retired: Retired, stones: Iterable[Tombstone], done: Iterable[erasing.Erased]
) -> Retired:
    mine = {each.id for each in stones if each.paper == retired.retention.paper}
    records = sum(each.records for each in done if each.tombstone in mine)
    return Retired(retired.retention, retired.days, retired.articles, records)
