"""When what was sent was published, seen, recorded, indexed, matched and sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from newscrawl.catalogue.alert_schema import addresses, deliveries, delivery_matches, matches
from newscrawl.catalogue.index_marks import indexed
from newscrawl.catalogue.schema import articles

_STREAMED = 5_000
"""Rows in memory at once."""


class Times(NamedTuple):
    """Of an article in a message. ISO 8601, UTC; None where unknown."""

    paper: str
    """Its spider's name."""
    channel: str
    """The kind of the address."""
    published: str | None
    """The day of its edition, YYYY-MM-DD, for the papers tell no time of day; else a moment."""
    first_seen: str | None
    """The version that matched."""
    recorded: str | None
    indexed: str | None
    matched: str | None
    begun: str
    """The delivery: with its first match, or when another had failed for good."""
    due: str
    """When it was to be sent at first."""
    sent: str
    confirmed: str | None
    """When the receiver said that it has it."""
    attempts: int
    """1 where nothing went wrong."""


def sent_since(
    connection: Connection, moment: str, papers: Collection[str] = ()
) -> Iterator[Times]:
    """Each article of each message that was sent since then, few of them in memory.

    `papers`: spider names; none means all.
    """
    wanted = _SENT.where(deliveries.c.sent >= moment)  # whatever has this time is sent for good
    rows = connection.execute(wanted, execution_options={"yield_per": _STREAMED})
    for some in rows.partitions():
        times = (Times(*row) for row in some)
        # Not in SQL: that would rather read all the articles of a paper than what was sent.
        yield from (each for each in times if not papers or each.paper in papers)


_SENT = (
    select(
        articles.c.paper,
        addresses.c.kind,
        matches.c.published,
        matches.c.first_seen,
        matches.c.recorded,
        indexed(matches.c.seq),
        matches.c.matched,
        deliveries.c.created,
        deliveries.c.slot,
        deliveries.c.sent,
        deliveries.c.confirmed,
        deliveries.c.attempts,
    )
    .select_from(deliveries)
    .join(delivery_matches, delivery_matches.c.delivery_id == deliveries.c.id)
    .join(matches, matches.c.id == delivery_matches.c.match_id)
    .join(articles, articles.c.id == matches.c.article_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
)
