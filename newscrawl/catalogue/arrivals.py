"""When a paper's articles came, and what has come since: what `watch` plans by and tells of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from newscrawl.catalogue.schema import articles, versions


@dataclass(frozen=True, slots=True)
class Arrival:
    """A version that was recorded."""

    seq: int
    article_id: str
    n: int
    """1 for a new article, more for an edited one."""
    headline: str


def minutes(connection: Connection, paper: str, since: str) -> list[tuple[str, str]]:
    """`(day, minute)`: of editions from the day `since` on, every minute in which articles of
    theirs were first seen, `YYYY-MM-DDTHH:MM` in UTC.
    """
    minute = func.substr(articles.c.first_seen, 1, 16)
    rows = connection.execute(
        select(articles.c.day, minute)
        .where(articles.c.paper == paper, articles.c.day >= since)
        .distinct()
    )
    return [(day, seen) for day, seen in rows]


def last_seen(connection: Connection, paper: str, day: str) -> str | None:
    """When the newest article of an edition was first seen; ISO 8601, UTC."""
    newest: str | None = connection.scalar(
        select(func.max(articles.c.first_seen)).where(
            articles.c.paper == paper, articles.c.day == day
        )
    )
    return newest


def after(connection: Connection, paper: str, seq: int) -> list[Arrival]:
    """What was recorded of a paper beyond a sequence number, in order."""
    rows = connection.execute(
        select(versions.c.seq, versions.c.article_id, versions.c.n, versions.c.headline)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(versions.c.seq > seq, articles.c.paper == paper)
        .order_by(versions.c.seq)
    )
    return [Arrival(*row) for row in rows]
