"""The subscriptions that stand: what matching needs of them, and what has changed of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Text, bindparam, cast, func, select

from newscrawl.catalogue.alert_schema import subscribers, subscriptions
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.subscriptions import read_papers, revision

_STREAMED = 5_000
"""Rows in memory at once."""


class Active(NamedTuple):
    """What matching needs of a subscription: of these a million are read at once."""

    id: int
    query: str
    papers: tuple[str, ...] | None
    """None where they cannot be read."""
    sieve: str | None
    since_seq: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What has happened to the subscriptions since a revision."""

    put: list[Active]
    """Active ones that are new or changed."""
    dropped: list[int]
    """Those that are no longer active."""
    revision: int
    """The next changes are those after this."""


def anybody(connection: Connection) -> bool:
    """Whether there is an active one."""
    return connection.scalar(_ANY) is not None


def earliest(connection: Connection) -> int | None:
    """The sequence number behind which the first active one begins; None without any."""
    since: int | None = connection.scalar(_EARLIEST)
    return since


def everything(connection: Connection) -> Iterator[Active]:
    """Every active subscription, few of them in memory; `revision` in the same view goes on."""
    rows = connection.execute(
        select(*_NEEDED).where(subscriptions.c.state == "active"),
        execution_options={"yield_per": _STREAMED},
    )
    for some in rows.partitions():
        yield from map(_active, some)


def changes(connection: Connection, since: int, subscriber_id: int | None = None) -> Changes:
    """What has happened after a revision; to those of one subscriber only, where one is given."""
    made = Changes([], [], revision(connection))
    if made.revision > since:
        asked = select(*_NEEDED, subscriptions.c.state).where(subscriptions.c.revision > since)
        if subscriber_id is not None:
            asked = asked.where(subscriptions.c.subscriber_id == subscriber_id)
        for row in connection.execute(asked):
            if row.state == "active":
                made.put.append(_active(row))
            else:
                made.dropped.append(row.id)
    return made


def names(connection: Connection, wanted: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Of subscriptions the person's name and their own, whatever else of them can be read."""
    found: dict[int, tuple[str, str]] = {}
    for part in in_parts(wanted):
        rows = connection.execute(_NAMES, {"ids": part})
        found.update((number, (person, name)) for number, person, name in rows)
    return found


def _active(row: Row[*tuple[Any, ...]]) -> Active:
    papers = () if row[2] == "[]" else read_papers(row[2])
    return Active(row[0], row[1], papers, row[3], row[4])


_NEEDED = (
    subscriptions.c.id,
    subscriptions.c.query,
    cast(subscriptions.c.papers, Text),  # most have none, and a million are read
    subscriptions.c.sieve,
    subscriptions.c.since_seq,
)
_EARLIEST = select(func.min(subscriptions.c.since_seq)).where(subscriptions.c.state == "active")
_NAMES = (
    select(subscriptions.c.id, subscribers.c.name, subscriptions.c.name)
    .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
    .where(subscriptions.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(subscriptions.c.id)
)
_ANY = select(subscriptions.c.id).where(subscriptions.c.state == "active").limit(1)
