"""What waits for its time and was never tried: when that is may still change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.outbox import NEVER_TRIED
from newscrawl.catalogue.parts import in_parts


class Waiting(NamedTuple):
    """A delivery that is due some time."""

    id: int
    subscription_id: int
    created: str
    """ISO 8601, UTC, like `now`."""


def ahead(connection: Connection, subscription_ids: Iterable[int], now: str) -> list[Waiting]:
    """Those of some subscriptions that are not due yet."""
    return [
        Waiting(*row)
        for part in in_parts(subscription_ids)
        for row in connection.execute(_AHEAD, {"ids": part, "now": now})
    ]


def put_off(connection: Connection, due: Mapping[int, str]) -> None:
    """Let deliveries be due then, as if they had been from the first."""
    if due:
        connection.execute(_DUE_THEN, [{"id_": each, "then": when} for each, when in due.items()])


_AHEAD = (
    select(deliveries.c.id, deliveries.c.subscription_id, deliveries.c.created)
    .where(
        deliveries.c.subscription_id.in_(bindparam("ids", expanding=True)),
        deliveries.c.state == "waiting",
        deliveries.c.due > bindparam("now"),
        *NEVER_TRIED,
    )
    .order_by(deliveries.c.id)
)
_DUE_THEN = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("id_"))
    .values(slot=bindparam("then"), due=bindparam("then"))
)
