"""Which editions were read again, and which have to be."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select, update

from newscrawl.catalogue.schema import articles, editions, sightings


def note(connection: Connection, edition: int, when: str) -> None:
    """An edition's articles were read again."""
    connection.execute(update(editions).where(editions.c.id == edition).values(reread_at=when))


def of_papers(
    connection: Connection, papers_named: Collection[str] = ()
) -> list[tuple[str, str, str | None]]:
    """`(paper, day, time)`: of every edition that is held, when it was last read again, if ever."""
    wanted = (
        select(editions.c.paper, editions.c.day, editions.c.reread_at)
        .where(editions.c.captured_at.is_not(None))
        .order_by(editions.c.paper, editions.c.day)
    )
    if papers_named:
        wanted = wanted.where(editions.c.paper.in_(papers_named))
    return [(paper, day, when) for paper, day, when in connection.execute(wanted)]


def held_days(connection: Connection, paper: str) -> set[str]:
    """The days of which a paper's edition was once read to its end."""
    held = select(editions.c.day).where(
        editions.c.paper == paper, editions.c.captured_at.is_not(None)
    )
    return set(connection.scalars(held))


def last(connection: Connection, paper: str) -> str | None:
    """When an edition of a paper was last read again; ISO 8601, UTC."""
    when: str | None = connection.scalar(
        select(func.max(editions.c.reread_at)).where(editions.c.paper == paper)
    )
    return when


def suspected_days(connection: Connection, paper: str, since: str) -> set[str]:
    """Days of editions of which an article was sought in vain once since a time, and not yet
    again.
    """
    return set(
        connection.scalars(
            select(articles.c.day)
            .join(sightings, sightings.c.article_id == articles.c.id)
            .where(
                articles.c.paper == paper,
                sightings.c.confirmed.is_(None),
                sightings.c.seen_at >= since,
            )
            .distinct()
        )
    )
