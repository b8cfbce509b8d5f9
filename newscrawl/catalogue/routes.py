"""Which addresses a subscription tells, in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from newscrawl.catalogue.alert_schema import routes
from newscrawl.catalogue.parts import in_parts


@dataclass(frozen=True, slots=True)
class Route:
    """An address of a subscription."""

    subscription_id: int
    address_id: int
    fallback: bool
    """Told only where the others cannot be reached."""


def lay_routes(connection: Connection, subscription_id: int, to: Iterable[Route]) -> None:
    """Let a subscription tell these addresses, in this order, and no others."""
    connection.execute(delete(routes).where(routes.c.subscription_id == subscription_id))
    rows = [
        {
            "subscription_id": subscription_id,
            "address_id": each.address_id,
            "fallback": each.fallback,
            "place": place,
        }
        for place, each in enumerate(to)
    ]
    if rows:
        connection.execute(insert(routes), rows)


def routes_of(connection: Connection, wanted: Iterable[int]) -> dict[int, list[Route]]:
    """The addresses of subscriptions in their order; those without any are left out."""
    found: dict[int, list[Route]] = {}
    for part in in_parts(wanted):
        for row in connection.execute(_ROUTES, {"ids": part}):
            found.setdefault(row.subscription_id, []).append(Route(*row))
    return found


_ROUTES = (
    select(routes.c.subscription_id, routes.c.address_id, routes.c.fallback)
    .where(routes.c.subscription_id.in_(bindparam("ids", expanding=True)))
    .order_by(routes.c.subscription_id, routes.c.place)
)
