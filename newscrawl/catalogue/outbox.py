"""What is to be sent, where, and when: written with the matches, sent by whoever leases it.

Times are ISO 8601, UTC, as `text.dates.iso` writes them, and the caller's. Of one subscription
at one address one delivery is on its way at most, in the order in which they were written; a dead
one lets the next pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql.elements import ColumnElement

from newscrawl.catalogue.alert_schema import (
    addresses,
    deliveries,
    delivery_matches,
    subscriptions,
)
from newscrawl.catalogue.parts import in_parts

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


def next_due(connection: Connection) -> str | None:
    """When the next that waits and may be sent is due, or the next lease ends; None: nothing is."""
    soonest: str | None = connection.scalar(_NEXT_DUE)
    return soonest


def lease(
    connection: Connection, now: str, until: str, most: int, but: Collection[int] = ()
) -> list[Delivery]:
    """Take deliveries that are due, at most `most`, those due longest first; each is its taker's
    until then. What was leased until now, and not told of since, is due again.

    `but`: not at these addresses. Those of a paused subscription, and at an address that is not
    confirmed, wait.
    """
    connection.execute(_LET_GO, {"now": now})
    asked = _DUE.limit(most)
    if but:
        asked = asked.where(deliveries.c.address_id.not_in(but))
    ids = connection.scalars(asked, {"now": now}).all()
    if not ids:
        return []
    taken = {"taken_ids": ids, "taker": uuid4().hex, "until": until}
    connection.execute(_TAKE, taken)
    rows = connection.execute(_BY_ID, {"ids": ids})
    found = {row.id: Delivery(*row) for row in rows}
    return [found[each] for each in ids]


def gather(connection: Connection, leased: Delivery, now: str) -> int:
    """Let a delivery that was never tried before tell also what waits behind it and is overdue:
    after an outage one message and not many. How many deliveries it has taken the place of.
    """
    if leased.attempts > 1 or leased.error is not None:
        return 0  # it may have arrived, and whoever has it takes the same key for the same message
    behind = connection.scalars(
        select(deliveries.c.id).where(
            deliveries.c.subscription_id == leased.subscription_id,
            deliveries.c.address_id == leased.address_id,
            deliveries.c.state == "waiting",
            *_NEVER_TRIED,
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


def sent(connection: Connection, leased: Delivery, now: str, confirmed: str | None = None) -> bool:
    """It was sent. False where it is no longer its taker's to say so: somebody else has taken it
    since, or it was cancelled.
    """
    return _end(connection, leased, state="sent", sent=now, confirmed=confirmed, error=None)


def later(connection: Connection, leased: Delivery, due: str, error: str, parts: int = 0) -> bool:
    """It could not be sent but for its first `parts`, and is to be tried again then.

    False as `sent` says.
    """
    return _end(connection, leased, state="waiting", due=due, error=error, parts=parts)


def release(connection: Connection, leased: Delivery, due: str | None = None) -> None:
    """Give it back as if it had not been taken; it is due then, or as it was."""
    back: dict[str, Any] = {"state": "waiting", "lease": None, "leased_until": None}
    connection.execute(
        update(deliveries)
        .where(*_own(leased), deliveries.c.state == "leased")
        .values(**back, attempts=deliveries.c.attempts - 1, due=due or leased.due)
    )


def cancel(connection: Connection, leased: Delivery, reason: str) -> bool:
    """There is nothing to be sent of it. False as `sent` says."""
    return _end(connection, leased, state="cancelled", error=reason)


def dead(connection: Connection, leased: Delivery, error: str) -> bool:
    """It will not be tried again by itself. False as `sent` says."""
    return _end(connection, leased, state="dead", error=error)


def holds(connection: Connection, leased: Delivery) -> bool:
    """Whether a delivery is still its taker's: to be asked just before it is sent."""
    held = exists().where(*_own(leased), deliveries.c.state == "leased")
    return bool(connection.scalar(select(held)))


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


def _own(leased: Delivery) -> tuple[ColumnElement[bool], ...]:
    """The delivery of this taker: also when the lease has run out, while nobody else has it."""
    return deliveries.c.id == leased.id, deliveries.c.lease == (leased.lease or "")


def _end(connection: Connection, leased: Delivery, **values: str | int | None) -> bool:
    ended = connection.execute(
        update(deliveries)
        .where(*_own(leased), deliveries.c.state.in_(("leased", "waiting")))
        .values(**values, lease=None, leased_until=None)
    )
    return ended.rowcount == 1


_NEVER_TRIED = (deliveries.c.attempts == 0, deliveries.c.error.is_(None))
_OPEN = select(
    deliveries.c.id, deliveries.c.subscription_id, deliveries.c.address_id, deliveries.c.slot
).where(
    deliveries.c.subscription_id.in_(bindparam("ids", expanding=True)),
    deliveries.c.state == "waiting",
    *_NEVER_TRIED,
)
_BEGIN = (
    upsert(deliveries)
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(deliveries.c.key, deliveries.c.id)
)
_LINK = upsert(delivery_matches).on_conflict_do_nothing()
_LET_GO = (
    update(deliveries)
    .where(deliveries.c.state == "leased", deliveries.c.leased_until <= bindparam("now"))
    .values(state="waiting", leased_until=None)
)
_SENDABLE = (subscriptions.c.state == "active", addresses.c.state == "confirmed")
_WHEN = case((deliveries.c.state == "leased", deliveries.c.leased_until), else_=deliveries.c.due)
_EARLIER, _ON_ITS_WAY = deliveries.alias(), deliveries.alias()
_BEHIND = or_(
    exists().where(
        _EARLIER.c.subscription_id == deliveries.c.subscription_id,
        _EARLIER.c.address_id == deliveries.c.address_id,
        _EARLIER.c.id < deliveries.c.id,
        _EARLIER.c.state == "waiting",
        _EARLIER.c.attempts > 0,
    ),
    exists().where(
        _ON_ITS_WAY.c.subscription_id == deliveries.c.subscription_id,
        _ON_ITS_WAY.c.address_id == deliveries.c.address_id,
        _ON_ITS_WAY.c.state == "leased",
    ),
)
"""It has to wait for another, which is due itself some time."""
_NEXT_DUE = (
    select(func.min(_WHEN))
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(
        or_(deliveries.c.state == "leased", and_(deliveries.c.state == "waiting", ~_BEHIND)),
        *_SENDABLE,
    )
)
_DUE = (
    select(deliveries.c.id)
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(
        deliveries.c.state == "waiting",
        deliveries.c.due <= bindparam("now"),
        *_SENDABLE,
        ~exists().where(
            _EARLIER.c.subscription_id == deliveries.c.subscription_id,
            _EARLIER.c.address_id == deliveries.c.address_id,
            _EARLIER.c.id < deliveries.c.id,
            _EARLIER.c.state == "waiting",
            # A digest of later, which was not tried yet, holds up nothing.
            or_(_EARLIER.c.due <= bindparam("now"), _EARLIER.c.attempts > 0),
        ),
        ~exists().where(
            _ON_ITS_WAY.c.subscription_id == deliveries.c.subscription_id,
            _ON_ITS_WAY.c.address_id == deliveries.c.address_id,
            _ON_ITS_WAY.c.state == "leased",
        ),
    )
    .order_by(deliveries.c.due, deliveries.c.id)
    .with_for_update(of=deliveries, skip_locked=True)
)
_TAKE = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("taken_ids", expanding=True)))
    .values(
        state="leased",
        lease=bindparam("taker"),
        leased_until=bindparam("until"),
        attempts=deliveries.c.attempts + 1,
    )
)
_BY_ID = select(deliveries).where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
