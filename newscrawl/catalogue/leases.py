"""Whose a delivery is that is due, and what has become of it.

Times are ISO 8601, UTC, as `text.dates.iso` writes them, and the caller's. Of one subscription
at one address one delivery is on its way at most, in the order in which they were written; a dead
one lets the next pass.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, case, exists, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from newscrawl.catalogue.alert_schema import addresses, deliveries, subscriptions
from newscrawl.catalogue.outbox import Delivery

Division = Sequence[Sequence[int]]
"""Numbers of matches, of each part of a message."""


def next_due(connection: Connection) -> str | None:
    """When the next that waits and may be sent is due, or the next lease ends; None: nothing is."""
    times = [connection.scalar(_NEXT_WAITING), connection.scalar(_NEXT_RUN_OUT)]
    return min((each for each in times if each is not None), default=None)


def take(
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


def sent(connection: Connection, leased: Delivery, now: str, confirmed: str | None = None) -> bool:
    """It was sent. False where it is no longer its taker's to say so: somebody else has taken it
    since, or it was cancelled.
    """
    return _end(connection, leased, state="sent", sent=now, confirmed=confirmed, error=None)


def later(connection: Connection, leased: Delivery, due: str, error: str, parts: int = 0) -> bool:
    """It could not be sent but for its first `parts`, and is to be tried again then.

    False as `sent` says.
    """
    known = _at_least(parts)
    return _end(connection, leased, state="waiting", due=due, error=error, parts=known)


def release(
    connection: Connection, leased: Delivery, due: str | None = None, parts: int | None = None
) -> None:
    """Give it back as if it had not been taken; it is due then, or as it was.

    `parts`: those that have arrived by now. Where that is more than before, it was tried.
    """
    back: dict[str, Any] = {"state": "waiting", "lease": None, "leased_until": None}
    parts = leased.parts if parts is None else parts
    if parts == leased.parts:
        back["attempts"] = deliveries.c.attempts - 1
    connection.execute(
        update(deliveries)
        .where(*_own(leased), _UNENDED)
        .values(**back, parts=_at_least(parts), due=due or leased.due)
    )


def divide(connection: Connection, leased: Delivery, division: Division) -> None:
    """Before the first of several parts is sent: what each is of, in every attempt."""
    connection.execute(
        update(deliveries).where(*_own(leased)).values(division=[list(part) for part in division])
    )


def dead(connection: Connection, leased: Delivery, error: str, parts: int = 0) -> bool:
    """It is not tried again by itself; its first `parts` have arrived. False as `sent` says."""
    return _end(connection, leased, state="dead", error=error, parts=_at_least(parts))


def holds(connection: Connection, leased: Delivery) -> bool:
    """Whether a delivery is still its taker's, and somebody wants it: its subscription is active
    and its address confirmed. To be asked just before it is sent.
    """
    return _wanted(connection, leased, deliveries.c.state == "leased")


def renew(connection: Connection, leased: Delivery, until: str, parts: int) -> bool:
    """Between two parts: it is its taker's until then, also where the lease had run out and nobody
    else has taken it, and its first `parts` have arrived. False as `holds` says.
    """
    if not _wanted(connection, leased, _UNENDED):
        return False
    kept = {"state": "leased", "leased_until": until, "parts": _at_least(parts)}
    connection.execute(update(deliveries).where(*_own(leased)).values(**kept))
    return True


def _wanted(connection: Connection, leased: Delivery, state: ColumnElement[bool]) -> bool:
    held = exists().where(
        *_own(leased),
        state,
        subscriptions.c.id == deliveries.c.subscription_id,
        addresses.c.id == deliveries.c.address_id,
        *_SENDABLE,
    )
    return bool(connection.scalar(select(held)))


def _at_least(parts: int) -> ColumnElement[int]:
    """What was noted on the way is never taken back."""
    return case((deliveries.c.parts > parts, deliveries.c.parts), else_=parts)


def _own(leased: Delivery) -> tuple[ColumnElement[bool], ...]:
    """The delivery of this taker: also when the lease has run out, while nobody else has it."""
    return deliveries.c.id == leased.id, deliveries.c.lease == (leased.lease or "")


def _end(
    connection: Connection, leased: Delivery, **values: str | ColumnElement[int] | None
) -> bool:
    ended = connection.execute(
        update(deliveries)
        .where(*_own(leased), _UNENDED)
        .values(**values, lease=None, leased_until=None)
    )
    return ended.rowcount == 1


_UNENDED = deliveries.c.state.in_(("leased", "waiting"))
"""With its taker's lease: waiting again where that has run out, and nobody else has taken it."""
_LET_GO = (
    update(deliveries)
    .where(deliveries.c.state == "leased", deliveries.c.leased_until <= bindparam("now"))
    .values(state="waiting", leased_until=None)
)
_SENDABLE = (subscriptions.c.state == "active", addresses.c.state == "confirmed")
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
_NEXT_WAITING = (
    select(deliveries.c.due)
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(deliveries.c.state == "waiting", ~_BEHIND, *_SENDABLE)
    .order_by(deliveries.c.due)
    .limit(1)
)
"""Not the least of all: of many that wait, only those are looked at that are due before it."""
_NEXT_RUN_OUT = (
    select(func.min(deliveries.c.leased_until))
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(deliveries.c.state == "leased", *_SENDABLE)
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
