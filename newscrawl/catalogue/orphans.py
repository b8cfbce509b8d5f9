"""Articles without their capture, and captures without their article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, bindparam, func, select

from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import (
    aliases,
    articles,
    editions,
    entries,
    snapshots,
    versions,
)
from newscrawl.catalogue.snapshots import ADOPTED
from newscrawl.catalogue.takedown_schema import taken_down
from newscrawl.text.address import address


@dataclass(frozen=True, slots=True)
class Unread:
    """What was listed and captured, and is held as no article."""

    paper: str
    day: str
    url: str
    reason: str
    """Why, where the last crawl has said so."""


def without_capture(connection: Connection) -> Iterator[tuple[str, int]]:
    """`(article id, number of the version)` of what has a text and no capture in any file."""
    gone = snapshots.c.record_id.is_(None) | (snapshots.c.path == "")
    wanted = (
        select(versions.c.article_id, versions.c.n)
        .outerjoin(snapshots, snapshots.c.record_id == versions.c.record_id)
        .where(gone, versions.c.headline != "")  # not erased, nor about to be
        .where(versions.c.article_id.not_in(select(taken_down.c.article_id)))
        .order_by(versions.c.seq)
    )
    for row in connection.execute(wanted):
        yield row.article_id, row.n


def without_version(connection: Connection) -> list[str]:
    """The ids of articles of which no text is there at all, and nothing was taken down."""
    return list(
        connection.scalars(
            select(articles.c.id)
            .where(articles.c.id.not_in(select(versions.c.article_id)))
            .where(articles.c.id.not_in(select(taken_down.c.article_id)))
            .order_by(articles.c.id)
        )
    )


def dangling(connection: Connection) -> list[tuple[str, str, int]]:
    """`(table, other, how many)` rows that belong to rows of another table which are not there;
    captures are left out, for `without_capture` names them.
    """
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    lost = Counter((table, parent) for table, _row, parent, _key in rows)
    return [(*names, count) for names, count in lost.items() if names[1] != snapshots.name]


def without_article(connection: Connection) -> Iterator[Unread]:
    """Articles that an edition lists, of which there is a good capture and nothing else."""
    left = (
        select(entries.c.url, entries.c.address, entries.c.reason, editions.c.paper, editions.c.day)
        .join(editions, editions.c.id == entries.c.edition_id)
        .where(entries.c.kind == "article", entries.c.state.in_(("listed", "failed")))
        .order_by(editions.c.paper, editions.c.day, entries.c.id)
    )
    rows = connection.execute(left).all()
    known = set[str]()
    for part in in_parts(row.address for row in rows):
        known.update(connection.scalars(_KNOWN, {"addresses": part}))
    for (paper, day), some in groupby(rows, key=attrgetter("paper", "day")):
        captured = _captured(connection, paper, day) - known
        yield from (
            Unread(paper, day, row.url, row.reason or "") for row in some if row.address in captured
        )


def unread_captures(connection: Connection) -> list[tuple[str, str, int]]:
    """`(paper, day, how many)` captures that were entered after a crash, or into an older
    catalogue, of editions that nothing else is known of; of papers that have some.
    """
    known = editions.alias()
    rows = connection.execute(
        select(snapshots.c.paper, snapshots.c.day, func.count())
        .outerjoin(known, (known.c.paper == snapshots.c.paper) & (known.c.day == snapshots.c.day))
        .where(
            *_ADOPTED,
            known.c.id.is_(None),
            snapshots.c.paper.in_(select(editions.c.paper)),
            snapshots.c.requested_url.not_like("%/robots.txt"),  # of the day of the crawl
        )
        .group_by(snapshots.c.paper, snapshots.c.day)
        .order_by(snapshots.c.paper, snapshots.c.day)
    )
    return [(paper, day, count) for paper, day, count in rows]


def unread_imports(connection: Connection) -> dict[str, int]:
    """By paper of which no edition is known, how many records no article was made of."""
    held = set(connection.scalars(select(aliases.c.address)))
    rows = connection.execute(
        select(snapshots.c.paper, snapshots.c.requested_url).where(
            *_ADOPTED,
            snapshots.c.paper.not_in(select(editions.c.paper)),
        )
    )
    return dict(Counter(paper for paper, url in rows if address(url) not in held))


def _captured(connection: Connection, paper: str, day: str) -> set[str]:
    """The addresses of which an edition's day has a good capture."""
    folder = snapshots.c.path.between(f"{paper}/{day}/", f"{paper}/{day}0")  # the index is by path
    urls = select(snapshots.c.requested_url).where(folder, snapshots.c.status == 200)
    return set(map(address, connection.scalars(urls)))


_ADOPTED = snapshots.c.kind == ADOPTED, snapshots.c.path != "", snapshots.c.status == 200
_KNOWN = select(aliases.c.address).where(
    aliases.c.address.in_(bindparam("addresses", expanding=True))
)
