"""When something is to be sent next, and how much waits for a setting that its sender lacks."""

from __future__ import annotations

from sqlalchemy import Connection, exists, func, or_, select

from newscrawl.catalogue.alert_schema import addresses, deliveries, subscriptions
from newscrawl.catalogue.leases import NOT_RESTING, SENDABLE
from newscrawl.catalogue.outbox import WITHHELD


def next_due(connection: Connection) -> str | None:
    """When the next that waits and may be sent is due, the next lease ends, or the next address has
    rested; None: nothing is.
    """
    times = [connection.scalar(each) for each in (_NEXT_WAITING, _NEXT_RUN_OUT, _NEXT_RESTED)]
    return min((each for each in times if each is not None), default=None)


def withheld(connection: Connection) -> int:
    """How many wait for one, of subscriptions that are kept, at addresses that may be used."""
    return connection.scalar(_WITHHELD) or 0


_WITHHELD = (
    select(func.count())
    .select_from(deliveries)
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(deliveries.c.state == "waiting", deliveries.c.error == WITHHELD, *SENDABLE)
)
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
    .where(deliveries.c.state == "waiting", ~_BEHIND, NOT_RESTING, *SENDABLE)
    .order_by(deliveries.c.due)
    .limit(1)
)
"""Not the least of all: of many that wait, only those are looked at that are due before it."""
_NEXT_RUN_OUT = (
    select(func.min(deliveries.c.leased_until))
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(deliveries.c.state == "leased", *SENDABLE)
)
_NEXT_RESTED = select(func.min(addresses.c.rests)).where(addresses.c.rests.is_not(None))
"""Whatever waits there: whoever looks then finds out."""
