"""What is held for an address that nobody has confirmed yet, and what becomes of it.

It waits as everything does, and is leased to nobody. Once the address is confirmed it is one
message of each subscription, without what its person has heard of otherwise; what nobody confirms
in time leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, select, update

from newscrawl.catalogue import hearing, letters, outbox, subscriptions
from newscrawl.catalogue.alert_schema import addresses, deliveries, delivery_matches
from newscrawl.catalogue.alert_schema import matches as matched
from newscrawl.catalogue.outbox import Delivery
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import articles
from newscrawl.catalogue.subscribers import Address

HEARD_ELSEWHERE = "heard elsewhere"


def release(connection: Connection, address: Address, now: str) -> None:
    """What was due by now is due now, together: in the transaction that confirms the address, and
    before it is confirmed.
    """
    mine = [each.id for each in subscriptions.of_subscriber(connection, address.subscriber_id)]
    asked = {"subscriptions": mine, "address": address.id}
    once(connection, mine, [row.id for row in connection.execute(_HELD, asked)])
    firsts: dict[int, Delivery] = {}
    for row in connection.execute(_HELD.where(deliveries.c.due <= now), asked):
        firsts.setdefault(row.subscription_id, Delivery(*row))
    for first in firsts.values():
        due = {"slot": now, "due": now}
        connection.execute(update(deliveries).where(deliveries.c.id == first.id).values(due))
        outbox.gather(connection, first, now)


def once(connection: Connection, mine: Collection[int], held: Collection[int]) -> None:
    """Let deliveries that are held tell each story once, and none of which a match by another of a
    person's subscriptions, `mine`, is told. The same match may be told at two addresses.
    """
    waiting = [
        row for part in in_parts(held) for row in connection.execute(_TELLING, {"ids": part})
    ]
    told = hearing.told(connection, mine, (row.story_id for row in waiting))
    repeats = []
    for row in waiting:
        tellers = told.setdefault(row.story_id, set())
        if tellers and row.match_id not in tellers:
            repeats.append((row.delivery_id, row.match_id))
        else:
            tellers.add(row.match_id)
    letters.untell(connection, repeats, HEARD_ELSEWHERE)


def forget(connection: Connection, before: str) -> None:
    """Take away what was due before that time and nobody has confirmed."""
    for part in in_parts(connection.scalars(_OLD, {"before": before}).all()):
        told = delivery_matches.c.delivery_id.in_(part)
        connection.execute(delete(delivery_matches).where(told))
        connection.execute(delete(deliveries).where(deliveries.c.id.in_(part)))


_WAITING = deliveries.c.state == "waiting"
_HELD = (
    select(deliveries)
    .where(
        deliveries.c.subscription_id.in_(bindparam("subscriptions", expanding=True)),
        deliveries.c.address_id == bindparam("address"),
        _WAITING,
        *outbox.NEVER_TRIED,
    )
    .order_by(deliveries.c.id)
)
_TELLING = (
    select(delivery_matches.c.delivery_id, delivery_matches.c.match_id, articles.c.story_id)
    .join(deliveries, deliveries.c.id == delivery_matches.c.delivery_id)
    .join(matched, matched.c.id == delivery_matches.c.match_id)
    .join(articles, articles.c.id == matched.c.article_id)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(deliveries.c.slot, matched.c.id)
)
_OLD = (
    select(deliveries.c.id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(_WAITING, deliveries.c.slot < bindparam("before"), addresses.c.state == "pending")
)
