"""What is to be sent, where, and when: written with the matches, sent by whoever leases it.

Times are ISO 8601, UTC, as `text.dates.iso` writes them, and the caller's. How it is leased:
`leases`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from newscrawl.catalogue.alert_schema import deliveries, delivery_matches
from newscrawl.catalogue.parts import in_parts

WITHHELD = (
    "e-mail needs NEWSCRAWL_PUBLIC_URL, for its link to unsubscribe leads there: "
    "set it for whatever sends, also in cron and in units of systemd"
)
"""Why a message waits that was not tried for want of it; see `leases.withhold`."""
NEVER_TRIED = (
    deliveries.c.attempts == 0,
    or_(deliveries.c.error.is_(None), deliveries.c.error == WITHHELD),
)
State = Literal["waiting", "leased", "sent", "dead", "cancelled", "expired"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that is to be sent, or was."""

    id: int
    key: str
    """By which whoever receives it twice knows it again."""
    subscription_id: int
    address_id: int
    state: State
    slot: str
    """When it was due at first."""
    due: str
    """When it is tried next."""
    attempts: int
    """How often it was leased."""
    lease: str | None
    leased_until: str | None
    created: str
    sent: str | None
    confirmed: str | None
    """When the receiver said that it has it."""
    error: str | None
    """Why the last attempt failed; says nothing of the address."""
    parts: int
    """Of a message that is sent in several, those that have arrived."""
    division: list[list[int]] | None = None
    """Of a message that is sent in several, the matches that each tells of: the same in every
    attempt.
    """
    failing: str | None = None
    """Since when; None for what was not tried, or not put off."""
    left_out: int = 0
    """Matches that it told of, and that became old while it waited."""

    @property
    def arrived(self) -> set[int]:
        """The matches that have arrived of a message that is sent in several."""
        return {match for part in (self.division or [])[: self.parts] for match in part}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A match that is to be told at an address."""

    subscription_id: int
    address_id: int
    match_id: int
    key: str
    """Of the delivery that it begins."""
    due: str
    joins: bool
    """Whether it goes with what waits for the same time, if anything does."""


def put(connection: Connection, wanted: Iterable[Wanted], now: str) -> int:
    """Write what is to be sent, in this order; how many deliveries that has begun."""
    given = list(wanted)
    open_digests = _digests(connection, {each.subscription_id for each in given if each.joins})
    keys: dict[str, Wanted] = {}
    links: list[tuple[int | str, int]] = []
    for each in given:
        slot = each.subscription_id, each.address_id, each.due
        there = open_digests.get(slot) if each.joins else None
        if there is None:
            there = each.key
            keys.setdefault(each.key, each)
            if each.joins:
                open_digests[slot] = there
        links.append((there, each.match_id))
    begun = _begin(connection, keys.values(), now)
    _link(connection, [(begun.get(there, there), match) for there, match in links])
    return len(begun)


def gather(connection: Connection, leased: Delivery, now: str) -> int:
    """Let a delivery that was never tried before tell also what else waits there and is overdue:
    after an outage one message and not many. How many deliveries it has taken the place of.
    """
    if leased.attempts > 1 or leased.error not in (None, WITHHELD) or leased.division is not None:
        return 0  # it may have arrived, and whoever has it takes the same key for the same message
    behind = connection.scalars(
        select(deliveries.c.id).where(
            deliveries.c.subscription_id == leased.subscription_id,
            deliveries.c.address_id == leased.address_id,
            deliveries.c.id != leased.id,
            deliveries.c.state == "waiting",
            *NEVER_TRIED,
            deliveries.c.due <= now,
        )
    ).all()
    for part in in_parts(behind):
        told = delivery_matches.c.delivery_id.in_(part)
        more = connection.scalars(select(delivery_matches.c.match_id).where(told))
        _link(connection, [(leased.id, match) for match in more])
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(part))
            .values(state="cancelled", error=f"told in {leased.key}")
        )
    return len(behind)


def part(
    connection: Connection, leased: Delivery, wanted: Collection[int], key: str, now: str
) -> bool:
    """Let some of its matches be told by a delivery of their own, due as it was, and not by it.
    False where that key is there already: then they are left with it.
    """
    fresh = Wanted(leased.subscription_id, leased.address_id, 0, key, leased.due, joins=False)
    begun = _begin(connection, [fresh], now)
    if key not in begun:
        return False
    _link(connection, [(begun[key], match) for match in wanted])
    connection.execute(
        delete(delivery_matches).where(
            delivery_matches.c.delivery_id == leased.id, delivery_matches.c.match_id.in_(wanted)
        )
    )
    return True


def _digests(
    connection: Connection, wanted: Iterable[int]
) -> dict[tuple[int, int, str], int | str]:
    """What waits of subscriptions and was never tried, by subscription, address and time."""
    rows = (row for part in in_parts(wanted) for row in connection.execute(_OPEN, {"ids": part}))
    return {(row.subscription_id, row.address_id, row.slot): row.id for row in rows}


def _begin(connection: Connection, fresh: Iterable[Wanted], now: str) -> dict[int | str, int]:
    """Begin deliveries, those left out whose keys there are already; their numbers by key."""
    rows = [
        {
            "key": each.key,
            "subscription_id": each.subscription_id,
            "address_id": each.address_id,
            "state": "waiting",
            "slot": each.due,
            "due": each.due,
            "created": now,
        }
        for each in fresh
    ]
    if not rows:
        return {}
    added = connection.execute(_BEGIN, rows)
    return {key: delivery for key, delivery in added}


def _link(connection: Connection, links: Iterable[tuple[int | str, int]]) -> None:
    rows = [
        {"delivery_id": delivery, "match_id": match}
        for delivery, match in links
        if isinstance(delivery, int)  # a key stays where its delivery was there already
    ]
    if rows:
        connection.execute(_LINK, rows)


_OPEN = select(
    deliveries.c.id, deliveries.c.subscription_id, deliveries.c.address_id, deliveries.c.slot
).where(
    deliveries.c.subscription_id.in_(bindparam("ids", expanding=True)),
    deliveries.c.state == "waiting",
    *NEVER_TRIED,
)
_BEGIN = (
    upsert(deliveries)
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(deliveries.c.key, deliveries.c.id)
)
_LINK = upsert(delivery_matches).on_conflict_do_nothing()
