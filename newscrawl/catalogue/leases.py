"""Whose a delivery is that is due, and what has become of it.

Times are ISO 8601, UTC, as `text.dates.iso` writes them, and the caller's. Of one subscription
at one address one delivery is on its way at most, in the order in which they were written; a dead
one lets the next pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, exists, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from newscrawl.catalogue.alert_schema import (
    addresses,
    deliveries,
    delivery_matches,
    subscriptions,
)
from newscrawl.catalogue.outbox import WITHHELD, Delivery

Division = Sequence[Sequence[int]]
"""Numbers of matches, of each part of a message."""


def take(
    connection: Connection, now: str, until: str, most: int, but: Collection[int] = ()
) -> list[Delivery]:
    """Take deliveries that are due, at most `most`, those due longest first; each is its taker's
    until then. What was leased until now, and not told of since, is due again.

    `but`: not at these addresses. Those of a paused subscription, and at an address that is not
    confirmed or rests, wait.
    """
    connection.execute(_LET_GO, {"now": now})
    connection.execute(_RESTED, {"now": now})
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


def rest(connection: Connection, address_id: int, until: str) -> None:
    """Let nothing be taken at an address before then, nor where others have the same URL."""
    same = select(addresses.c.fingerprint).where(addresses.c.id == address_id).scalar_subquery()
    connection.execute(
        update(addresses)
        .where(
            addresses.c.fingerprint == same,
            or_(addresses.c.rests.is_(None), addresses.c.rests < until),
        )
        .values(rests=until)
    )


def renew(connection: Connection, leased: Iterable[Delivery], until: str) -> None:
    """Let them be their taker's until then: also where a lease has run out, while nobody else has
    taken it.
    """
    held = [{"mine": each.id, "taker": each.lease, "until": until} for each in leased]
    if held:
        connection.execute(_RENEW, held)


def arrived(connection: Connection, leased: Delivery, parts: int) -> None:
    """Its first `parts` have arrived, whoever has it by now: the next attempt begins there."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == leased.id)
        .values(parts=func.max(deliveries.c.parts, parts))
    )


def sent(connection: Connection, leased: Delivery, now: str, confirmed: str | None = None) -> bool:
    """It was sent. False where it is no longer its taker's to say so: somebody else has taken it
    since, or it was cancelled.
    """
    return _end(connection, leased, state="sent", sent=now, confirmed=confirmed, error=None)


def later(
    connection: Connection,
    leased: Delivery,
    due: str,
    error: str,
    parts: int = 0,
    now: str | None = None,
) -> bool:
    """It could not be sent but for its first `parts`, and is to be tried again then.

    It fails since `now` where it has not before. False as `sent` says.
    """
    arrived(connection, leased, parts)
    failing = func.coalesce(deliveries.c.failing, now)
    return _end(connection, leased, state="waiting", due=due, error=error, failing=failing)


def release(
    connection: Connection, leased: Delivery, due: str | None = None, parts: int | None = None
) -> None:
    """Give it back as if it had not been taken; it is due then, or as it was.

    `parts`: those that have arrived by now. Where that is more than before, it was tried.
    """
    _give_back(connection, leased, due, parts)


def withhold(connection: Connection, leased: Delivery, due: str, parts: int = 0) -> None:
    """Give it back as `release` does, due then, for it needs a setting that its taker lacks.

    It says so, unless it says why an attempt failed of which nothing else is known any more.
    """
    tried = leased.attempts == 1 and leased.error is not None
    _give_back(connection, leased, due, parts, error=leased.error if tried else WITHHELD)


def _give_back(
    connection: Connection, leased: Delivery, due: str | None, parts: int | None, **values: Any
) -> None:
    back: dict[str, Any] = {"state": "waiting", "lease": None, "leased_until": None} | values
    parts = leased.parts if parts is None else parts
    if parts == leased.parts:
        back["attempts"] = deliveries.c.attempts - 1
    arrived(connection, leased, parts)
    connection.execute(
        update(deliveries)
        .where(*_own(leased), deliveries.c.state.in_(("leased", "waiting")))
        .values(**back, due=due or leased.due)
    )


def divide(connection: Connection, leased: Delivery, division: Division) -> bool:
    """Before the first of several parts is sent: what each is of, in every attempt. False as `sent`
    says: whoever has it now divides it.
    """
    kept = connection.execute(
        update(deliveries).where(*_own(leased)).values(division=[list(part) for part in division])
    )
    return kept.rowcount == 1


def cancel(connection: Connection, leased: Delivery, reason: str) -> bool:
    """There is nothing to be sent of it. False as `sent` says."""
    return _end(connection, leased, state="cancelled", error=reason)


def dead(connection: Connection, leased: Delivery, error: str, parts: int = 0) -> bool:
    """It will not be tried again by itself, and if anybody asks for it, without its first `parts`,
    which have arrived. False as `sent` says.
    """
    arrived(connection, leased, parts)
    return _end(connection, leased, state="dead", error=error)


def holds(connection: Connection, leased: Delivery) -> bool:
    """Whether a delivery is still its taker's, and somebody wants it: its subscription is active
    and its address confirmed. To be asked just before it is sent.
    """
    held = exists().where(
        *_own(leased),
        deliveries.c.state == "leased",
        subscriptions.c.id == deliveries.c.subscription_id,
        addresses.c.id == deliveries.c.address_id,
        *SENDABLE,
    )
    return bool(connection.scalar(select(held)))


def told(connection: Connection, leased: Delivery) -> set[int]:
    """The matches that it is to tell of now: less than when it was taken, where an article was
    withdrawn since.
    """
    return set(connection.scalars(_MATCHES, {"mine": leased.id}))


def _own(leased: Delivery) -> tuple[ColumnElement[bool], ...]:
    """The delivery of this taker: also when the lease has run out, while nobody else has it."""
    return deliveries.c.id == leased.id, deliveries.c.lease == (leased.lease or "")


def _end(connection: Connection, leased: Delivery, **values: Any) -> bool:
    ended = connection.execute(
        update(deliveries)
        .where(*_own(leased), deliveries.c.state.in_(("leased", "waiting")))
        .values(**values, lease=None, leased_until=None)
    )
    return ended.rowcount == 1


_LET_GO = (
    update(deliveries)
    .where(deliveries.c.state == "leased", deliveries.c.leased_until <= bindparam("now"))
    .values(state="waiting", leased_until=None)
)
_RENEW = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("mine"),
        deliveries.c.lease == bindparam("taker"),
        # Said without `in_`, which is not for many rows at once.
        or_(deliveries.c.state == "leased", deliveries.c.state == "waiting"),
    )
    .values(state="leased", leased_until=bindparam("until"))
)
_RESTED = update(addresses).where(addresses.c.rests <= bindparam("now")).values(rests=None)
NOT_RESTING = addresses.c.rests.is_(None)
SENDABLE = (subscriptions.c.state == "active", addresses.c.state == "confirmed")
_EARLIER, _ON_ITS_WAY = deliveries.alias(), deliveries.alias()
_DUE = (
    select(deliveries.c.id)
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(
        deliveries.c.state == "waiting",
        deliveries.c.due <= bindparam("now"),
        NOT_RESTING,
        *SENDABLE,
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
_MATCHES = select(delivery_matches.c.match_id).where(
    delivery_matches.c.delivery_id == bindparam("mine")
)
_BY_ID = select(deliveries).where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
