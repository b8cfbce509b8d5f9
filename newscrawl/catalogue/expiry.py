"""What has waited until it is old news is not sent; what waits beside it in one message is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from newscrawl.catalogue.alert_schema import deliveries, delivery_matches, matches
from newscrawl.catalogue.outbox import Delivery
from newscrawl.catalogue.parts import in_parts


class _Told(NamedTuple):
    """A match of a delivery."""

    article_id: str
    slot: str
    """When it was first to be told: a delivery that has gathered others tells of younger ones."""


def any_old(connection: Connection, before: str) -> bool:
    """Whether `expire` would find anything to look at."""
    return bool(connection.scalar(select(exists().where(*_OLD)), {"before": before}))


def expire(connection: Connection, before: str, keyed: Callable[[str], str]) -> list[int]:
    """Let what waits and was first due before that time not be sent; the deliveries that expired.

    One that also tells of younger matches goes on with those, under its own key: whoever has it
    already has these. The old ones expire in a delivery of their own.
    """
    old = [Delivery(*row) for row in connection.execute(_WAITING, {"before": before})]
    told = _told(connection, [each.id for each in old])
    expired, whole = [], []
    for delivery in old:
        of = told.get(delivery.id, {})
        young = {match: each.slot for match, each in of.items() if each.slot >= before}
        if not young:
            whole.append(delivery.id)
            continue
        stale = {match: of[match] for match in of.keys() - young.keys() - delivery.arrived}
        if stale:
            first = min(stale)
            key = keyed(f"{delivery.key} but {stale[first].article_id}")
            expired.append(_split(connection, delivery, stale, key))
        connection.execute(_GO_ON, {"id_": delivery.id, "to": min(young.values())})
    for part in in_parts(whole):
        connection.execute(
            update(deliveries).where(deliveries.c.id.in_(part)).values(state="expired")
        )
    return [*whole, *expired]


def slots(connection: Connection, ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """When each match of some deliveries was first to be told."""
    return {
        delivery: {match: each.slot for match, each in of.items()}
        for delivery, of in _told(connection, ids).items()
    }


def _told(connection: Connection, ids: Iterable[int]) -> dict[int, dict[int, _Told]]:
    found: dict[int, dict[int, _Told]] = {}
    for part in in_parts(ids):
        for delivery, match, *told in connection.execute(_SLOTS, {"ids": part}):
            found.setdefault(delivery, {})[match] = _Told(*told)
    return found


def _split(connection: Connection, delivery: Delivery, stale: Collection[int], key: str) -> int:
    """Let these matches of a delivery be in an expired one; its number."""
    apart: int = connection.execute(
        insert(deliveries)
        .values(
            key=key,
            subscription_id=delivery.subscription_id,
            address_id=delivery.address_id,
            state="expired",
            slot=delivery.slot,
            due=delivery.due,
            created=delivery.created,
            error=f"left out of {delivery.key}",
        )
        .returning(deliveries.c.id)
    ).scalar_one()
    for part in in_parts(stale):
        connection.execute(
            update(delivery_matches)
            .where(
                delivery_matches.c.delivery_id == delivery.id,
                delivery_matches.c.match_id.in_(part),
            )
            .values(delivery_id=apart)
        )
    connection.execute(_LEAVE_OUT, {"id_": delivery.id, "count": len(stale)})
    return apart


_OLD = (deliveries.c.state == "waiting", deliveries.c.slot < bindparam("before"))
_WAITING = select(deliveries).where(*_OLD).order_by(deliveries.c.id)
_ORIGIN, _THERE = deliveries.alias(), delivery_matches.alias()
_SLOTS = (
    select(
        delivery_matches.c.delivery_id,
        delivery_matches.c.match_id,
        matches.c.article_id,
        func.max(_ORIGIN.c.slot),
    )
    .join(deliveries, deliveries.c.id == delivery_matches.c.delivery_id)
    .join(matches, matches.c.id == delivery_matches.c.match_id)
    .join(_THERE, _THERE.c.match_id == delivery_matches.c.match_id)
    .join(_ORIGIN, _ORIGIN.c.id == _THERE.c.delivery_id)
    .where(
        delivery_matches.c.delivery_id.in_(bindparam("ids", expanding=True)),
        _ORIGIN.c.subscription_id == deliveries.c.subscription_id,
        _ORIGIN.c.address_id == deliveries.c.address_id,
    )
    .group_by(delivery_matches.c.delivery_id, delivery_matches.c.match_id, matches.c.article_id)
)
"""What was gathered is still linked to the delivery that it came in, which is cancelled."""
_GO_ON = update(deliveries).where(deliveries.c.id == bindparam("id_")).values(slot=bindparam("to"))
_LEAVE_OUT = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("id_"))
    .values(left_out=deliveries.c.left_out + bindparam("count"))
)
