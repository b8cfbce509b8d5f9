"""Looking after the outbox: what is dead is sent again, what is unwanted is not sent. What is
old: `expiry`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql.elements import ColumnElement

from newscrawl.catalogue.alert_schema import (
    addresses,
    deliveries,
    delivery_matches,
    marks,
    matches,
    routes,
    subscriptions,
)
from newscrawl.catalogue.outbox import Delivery, State
from newscrawl.catalogue.parts import in_parts

REDIRECTED, FORGOTTEN = "redirected", "forgotten"
"""Why deliveries are cancelled that were taken from an address."""
RENEWABLE: tuple[State, ...] = ("dead", "expired")
"""States of what was not sent and may be after all, where somebody wants it."""


def listed(
    connection: Connection, states: Collection[State], limit: int, before: int | None = None
) -> list[Delivery]:
    """Deliveries in these states, the newest first; `before`: those of smaller numbers only."""
    earlier = () if before is None else (deliveries.c.id < before,)
    rows = connection.execute(
        select(deliveries)
        .where(deliveries.c.state.in_(states), *earlier)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    return [Delivery(*row) for row in rows]


def counts(connection: Connection) -> dict[State, int]:
    """How many deliveries are in each state; states without any are left out."""
    rows = connection.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    return {state: count for state, count in rows}


def dead(connection: Connection) -> dict[int, int]:
    """How many deliveries of each subscription are dead; without those of removed ones."""
    rows = connection.execute(_DEAD)
    return {subscription: count for subscription, count in rows}


def drop_at(connection: Connection, address_id: int) -> int:
    """As `drop`, what is dead or expired at an address: none of it can be sent again."""
    mine = deliveries.c.address_id == address_id
    return _update(connection, {"state": "cancelled"}, mine, _in(*RENEWABLE))


def drop(connection: Connection, ids: Iterable[int]) -> int:
    """Let dead deliveries rest, each with the reason it died of; how many those were."""
    return sum(
        _update(connection, {"state": "cancelled"}, deliveries.c.id.in_(part), _in("dead"))
        for part in in_parts(ids)
    )


def states(connection: Connection, ids: Iterable[int]) -> dict[int, State]:
    """In which state deliveries are; numbers of none are left out."""
    wanted = select(deliveries.c.id, deliveries.c.state)
    rows = (
        row
        for part in in_parts(ids)
        for row in connection.execute(wanted.where(deliveries.c.id.in_(part)))
    )
    return {delivery: state for delivery, state in rows}


def again(connection: Connection, ids: Iterable[int], now: str) -> int:
    """Let dead or expired deliveries be begun anew, under their own keys; how many those were."""
    renewed: dict[str, str | int | None] = {"state": "waiting", "attempts": 0, "failing": None}
    renewed |= {"created": now, "slot": now, "due": now}
    return sum(
        _update(connection, renewed, deliveries.c.id.in_(part), _in(*RENEWABLE))
        for part in in_parts(ids)
    )


def failing(connection: Connection, since: str, now: str) -> list[int]:
    """What waits at addresses where something of the same subscription fails since then, and what
    has waited since then for an address that rests: where there are addresses for that case.
    """
    times = {"since": since, "now": now}
    if not connection.scalar(_ANY_FAILING, times):  # as a rule there is none
        return []
    return list(connection.scalars(_FAILING, times))


def by_ids(connection: Connection, ids: Iterable[int]) -> list[Delivery]:
    """Deliveries in the order in which they were written; numbers of none are left out."""
    chosen = select(deliveries)
    rows = (
        row
        for part in in_parts(sorted(ids))
        for row in connection.execute(chosen.where(deliveries.c.id.in_(part)))
    )
    return sorted((Delivery(*row) for row in rows), key=lambda each: each.id)


def unsent(
    connection: Connection, subscription_id: int, but: Collection[int] = ()
) -> list[Delivery]:
    """What of a subscription is to be sent and has not begun to arrive, but at these addresses."""
    rows = connection.execute(
        select(deliveries)
        .where(
            deliveries.c.subscription_id == subscription_id,
            deliveries.c.address_id.not_in(but),
            deliveries.c.parts == 0,
            _in("waiting", "leased"),
        )
        .order_by(deliveries.c.id)
    )
    return [Delivery(*row) for row in rows]


def told_at(connection: Connection, match_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Where which of these matches is told, or was: addresses and matches, in pairs."""
    return _pairs(connection, _PLACES.where(deliveries.c.state != "cancelled"), match_ids)


def ever_at(connection: Connection, match_ids: Iterable[int]) -> set[tuple[int, int]]:
    """As `told_at`, and also where it was only to be told, unless it was taken from there."""
    taken = deliveries.c.error.in_((REDIRECTED, FORGOTTEN))
    return _pairs(connection, _PLACES.where(or_(deliveries.c.error.is_(None), ~taken)), match_ids)


def _pairs(
    connection: Connection, asked: Select[int, int], match_ids: Iterable[int]
) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for part in in_parts(match_ids):
        rows = connection.execute(asked, {"ids": part})
        found.update((address, match) for address, match in rows)
    return found


def cancel_of_subscription(
    connection: Connection, subscription_id: int, reason: str, but: Collection[int] = ()
) -> int:
    """Let nothing more of a subscription be sent, but at these addresses; how many those were."""
    mine = deliveries.c.subscription_id == subscription_id
    return _cancel(connection, reason, mine, deliveries.c.address_id.not_in(but))


def cancel_of_address(connection: Connection, address_id: int, reason: str) -> int:
    """Let nothing more be sent to an address; how many deliveries those were."""
    return _cancel(connection, reason, deliveries.c.address_id == address_id)


def cancel_of_article(connection: Connection, article_id: str, reason: str) -> int:
    """Let an article be told to nobody any more; how many deliveries are cancelled for it.

    A digest of it and of others goes out without it, also one that is on its way, but for the part
    that is just being sent.
    """
    count_withdrawn(connection)
    told = connection.execute(_TOLD, {"article": article_id}).all()
    return untell(connection, [(delivery, match) for delivery, match in told], reason)


def untell(connection: Connection, told: Collection[tuple[int, int]], reason: str) -> int:
    """Let deliveries tell no more of matches, in pairs; how many are cancelled, for they tell of
    nothing now.
    """
    if not told:
        return 0
    connection.execute(
        _UNTELL, [{"delivery": delivery, "match": match} for delivery, match in told]
    )
    empty = ~exists().where(delivery_matches.c.delivery_id == deliveries.c.id)
    return sum(
        _cancel(connection, reason, deliveries.c.id.in_(part), empty)
        for part in in_parts(delivery for delivery, _match in told)
    )


def count_withdrawn(connection: Connection) -> None:
    """Of some article something else may be told from now on: nothing, or what was before."""
    connection.execute(_MARK_WITHDRAWN, {"name": _WITHDRAWN, "seq": 1})


def withdrawn(connection: Connection) -> int:
    """How often that was so: what tells of articles elsewhere looks whether it grows."""
    times: int | None = connection.scalar(select(marks.c.seq).where(marks.c.name == _WITHDRAWN))
    return times or 0


def _cancel(connection: Connection, reason: str, *which: ColumnElement[bool]) -> int:
    """What is on its way may arrive all the same, unless its taker asks just before."""
    cancelled = {"state": "cancelled", "error": reason}
    return _update(connection, cancelled, *which, _in("waiting", "leased"))


def _update(
    connection: Connection, values: Mapping[str, str | int | None], *which: ColumnElement[bool]
) -> int:
    return connection.execute(update(deliveries).where(*which).values(values)).rowcount


def _in(*states: State) -> ColumnElement[bool]:
    return deliveries.c.state.in_(states)


_DEAD = (
    select(deliveries.c.subscription_id, func.count())
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .where(deliveries.c.state == "dead", subscriptions.c.state != "removed")
    .group_by(deliveries.c.subscription_id)
)
_WITHDRAWN = "withdrawn"
_MARK_WITHDRAWN = upsert(marks).on_conflict_do_update(
    index_elements=["name"], set_={"seq": marks.c.seq + 1}
)
_TOLD = (
    select(delivery_matches.c.delivery_id, delivery_matches.c.match_id)
    .join(matches, matches.c.id == delivery_matches.c.match_id)
    .join(deliveries, deliveries.c.id == delivery_matches.c.delivery_id)
    .where(matches.c.article_id == bindparam("article"), _in("waiting", "leased"))
)
_PLACES = (
    select(deliveries.c.address_id, delivery_matches.c.match_id)
    .join(delivery_matches, delivery_matches.c.delivery_id == deliveries.c.id)
    .where(delivery_matches.c.match_id.in_(bindparam("ids", expanding=True)))
)
_STUCK = deliveries.alias()
_FAILS = (
    _STUCK.c.state == "waiting",
    _STUCK.c.failing <= bindparam("since"),
    _STUCK.c.due > bindparam("now"),  # what is overdue is tried first: it may work again
)
_RESTS = addresses.c.rests > bindparam("now")
_ANY_FAILING = select(or_(exists().where(*_FAILS), exists().where(_RESTS)))
_FAILING = (
    select(deliveries.c.id)
    .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .where(
        deliveries.c.state == "waiting",
        or_(deliveries.c.due <= bindparam("now"), deliveries.c.attempts > 0),
        subscriptions.c.state == "active",
        exists().where(routes.c.subscription_id == subscriptions.c.id, routes.c.fallback),
        or_(
            exists().where(
                _STUCK.c.subscription_id == deliveries.c.subscription_id,
                _STUCK.c.address_id == deliveries.c.address_id,
                *_FAILS,
            ),
            and_(_RESTS, deliveries.c.slot <= bindparam("since")),
        ),
    )
)
_UNTELL = delete(delivery_matches).where(
    delivery_matches.c.delivery_id == bindparam("delivery"),
    delivery_matches.c.match_id == bindparam("match"),
)
