"""Taking down: the tombstone, from which on nothing is shown, and lifting it again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from newscrawl.alerts.feed_keeper import FeedKeeper
from newscrawl.catalogue import belongings, covered, targets, tombstone_file, tombstones
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.tombstone_lines import Lifted, Raised
from newscrawl.catalogue.withdrawn import (
    Category,
    Scope,
    Tombstone,
    address_mark,
    prefix_of,
)
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.text.dates import iso


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for."""

    scope: Scope
    reason: str
    category: Category
    by: str
    legal_hold: bool = False

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise UsageError("--reason: say why; it is kept as it is written, so name no content")
        if self.legal_hold and self.scope != "erase":
            raise UsageError("--legal-hold: seals what is erased: it goes with --scope erase")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a tombstone covers of what is held."""

    tombstone: Tombstone
    articles: list[str]
    twins: list[str]
    """Those of them that were not named, and have the same text."""


def take_down(
    home: Home, catalogue: Catalogue, order: Order, now: datetime, *, wanted: str, prefix: bool
) -> Taken:
    """Put up a tombstone for an id, a URL, or all URLs that begin so.

    It is durable beside the catalogue before it is in it. Raises UsageError for what is neither
    held nor a URL.
    """
    with catalogue.read() as view:
        raised, named = _raised(view, order, iso(now), wanted, prefix=prefix)
    tombstone_file.append(catalogue.path, raised)
    with catalogue.write() as tx:
        tombstone_file.follow(tx, catalogue.path)
        taken = tombstones.taken_by(tx, raised.tombstone.id)
    FeedKeeper(home, catalogue).keep()
    twins = [each for each in taken if each not in named]
    return Taken(raised.tombstone, taken, [] if prefix else twins)


def lift(home: Home, catalogue: Catalogue, tombstone_id: str, now: datetime, why: str) -> list[str]:
    """Show again what a tombstone has hidden; the articles. Raises UsageError."""
    with catalogue.read() as view:
        standing = tombstones.named(view, tombstone_id)
    if standing.scope == "erase":
        raise UsageError(f"{tombstone_id}: what is erased does not come back: nothing to lift")
    if standing.state == "lifted":
        raise UsageError(f"{tombstone_id}: lifted already, on {standing.lifted}")
    with catalogue.read() as view:
        taken = tombstones.taken_by(view, tombstone_id)
    tombstone_file.append(catalogue.path, Lifted(tombstone_id, iso(now), why))
    with catalogue.write() as tx:
        tombstone_file.follow(tx, catalogue.path)
        free = [each for each in taken if covered.of_article(tx, each) is None]
    FeedKeeper(home, catalogue).keep()
    return free


def _raised(
    view: Transaction, order: Order, at: str, wanted: str, *, prefix: bool
) -> tuple[Raised, list[str]]:
    tombstone = Tombstone(
        id=secrets.token_hex(6),
        kind="prefix" if prefix else "address" if "://" in wanted else "article",
        target=wanted,
        scope=order.scope,
        reason=order.reason,
        category=order.category,
        by=order.by,
        at=at,
        state="told" if order.scope == "erase" else "done",
        legal_hold=order.legal_hold,
    )
    if prefix:
        start = prefix_of(wanted)
        held = targets.held_under(view, start)
        raised = Raised(replace(tombstone, target=start), (), tuple(held))
        return _marked(view, raised, held), held
    held = targets.held_as(view, wanted)
    if not held and tombstone.kind == "article":
        raise UsageError(
            f"{wanted}: not held, and no URL; give the URL of what is not to be collected"
        )
    marks: tuple[str, ...] = ()
    if tombstone.kind == "address":
        marks = (address_mark(wanted),)
        tombstone = replace(tombstone, target=marks[0])
    for paper, day in belongings.days_of(view, held):
        tombstone = replace(tombstone, paper=paper, day=day)
    return _marked(view, Raised(tombstone, marks, tuple(held)), held), held


def _marked(view: Transaction, raised: Raised, held: list[str]) -> Raised:
    """With the marks of what it covers now."""
    all_of_it = tombstone_file.covered(view, raised) if held else []
    marks = [*raised.marks, *targets.marks_of(view, all_of_it)]
    if raised.tombstone.scope == "erase":
        marks += map(address_mark, belongings.addresses_of(view, all_of_it))
    return replace(raised, marks=tuple(dict.fromkeys(marks)), articles=tuple(all_of_it))
