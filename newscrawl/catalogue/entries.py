"""What an edition lists, articles and pictures, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from newscrawl.catalogue import covered
from newscrawl.catalogue.schema import aliases, editions, entries, sightings
from newscrawl.items import Article, Point
from newscrawl.text.address import address

GONE_AFTER = 2
"""Sightings of a listed article that answers 404 before it counts as gone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that an edition lists: an article or a picture."""

    url: str
    page: str
    kind: str = "article"
    number: int = 0
    label: str = ""
    polygon: tuple[Point, ...] | None = None

    @property
    def address(self) -> str:
        return address(self.url)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that is listed and not held yet."""

    entry: Entry
    late: bool


_HELD = update(entries).where(
    entries.c.edition_id
    == select(editions.c.id)
    .where(editions.c.paper == bindparam("paper"), editions.c.day == bindparam("day"))
    .scalar_subquery(),
    entries.c.address == bindparam("where"),
)
_EDITION = select(editions.c.id).where(
    editions.c.paper == bindparam("paper"), editions.c.day == bindparam("day")
)
_IS_LATE = select(editions.c.captured_at.is_not(None)).where(editions.c.id == bindparam("edition"))
_LIST = insert(entries).on_conflict_do_nothing()
_KNOWN = select(entries.c.address, entries.c.state, entries.c.late).where(
    entries.c.edition_id == bindparam("edition"),
    entries.c.address.in_(bindparam("addresses", expanding=True)),
)
# Built once: they run for every article.


def list_entries(
    connection: Connection, edition: int, listed: Sequence[Entry], now: str, *, again: bool
) -> list[Wanted]:
    """Note what a page lists and return what is to be fetched: everything if `again`.

    What was erased is not noted.
    """
    outlawed = covered.outlawed(connection, [entry.url for entry in listed])
    listed = [entry for entry in listed if entry.url not in outlawed]
    if not listed:
        return []
    late = connection.execute(_IS_LATE, {"edition": edition}).scalar_one()
    connection.execute(
        _LIST,
        [_row(entry) | {"edition_id": edition, "listed_at": now, "late": late} for entry in listed],
    )
    known = connection.execute(
        _KNOWN, {"edition": edition, "addresses": [entry.address for entry in listed]}
    )
    states = {row.address: row for row in known}
    return [
        Wanted(entry, states[entry.address].late)
        for entry in listed
        if again or states[entry.address].state != "held"
    ]


def _row(entry: Entry) -> dict[str, object]:
    return {
        "address": entry.address,
        "kind": entry.kind,
        "url": entry.url,
        "page": entry.page,
        "number": entry.number,
        "label": entry.label,
        "polygon": entry.polygon,
    }


def entry_held(
    connection: Connection, paper: str, day: str, url: str, *, picture_only: bool = False
) -> None:
    """What was listed under this URL is in the archive and the catalogue."""
    connection.execute(
        _HELD,
        {
            "paper": paper,
            "day": day,
            "where": address(url),
            "state": "held",
            "reason": None,
            "picture_only": picture_only,
        },
    )


def entry_failed(
    connection: Connection, paper: str, day: str, url: str, reason: str, *, missing: bool
) -> None:
    """What is listed under this URL could not be had; `missing`: the site answered 404 or 410.

    What was held before stays held. A missing one is gone from its second sighting on.
    """
    missed = entries.c.missed + (1 if missing else 0)
    gone = missed >= GONE_AFTER if missing else entries.c.state == "gone"
    connection.execute(
        update(entries)
        .where(
            entries.c.edition_id == _edition(paper, day),
            entries.c.address == address(url),
            entries.c.state != "held",
        )
        .values(missed=missed, reason=reason, state=case((gone, "gone"), else_="failed"))
    )


def list_images(connection: Connection, article: Article, now: str) -> None:
    """Note the pictures of an article of an edition, so that a later run knows what is missing."""
    edition = connection.execute(
        _EDITION, {"paper": article.paper, "day": article.edition}
    ).scalar_one_or_none()
    if edition is not None:
        listed = [Entry(image.url, article.page, kind="image") for image in article.images]
        list_entries(connection, edition, listed, now, again=False)


def unlist(connection: Connection, article: Article) -> None:
    """An article turned out to be erased: its edition lists neither it nor its pictures."""
    urls = [article.url, *(image.url for image in article.images)]
    connection.execute(
        delete(entries).where(
            entries.c.edition_id == _edition(article.paper, article.edition),
            entries.c.address.in_([address(url) for url in urls]),
        )
    )


def images_wanted(connection: Connection, edition: int, page: str) -> list[Entry]:
    """The pictures of a page and its articles that are listed and not held."""
    rows = connection.execute(
        select(entries.c.url).where(
            entries.c.edition_id == edition,
            entries.c.page == page,
            entries.c.kind == "image",
            entries.c.state.in_(("listed", "failed")),
        )
    )
    return [Entry(row.url, page, kind="image") for row in rows]


def wanting(connection: Connection, edition: int) -> list[Wanted]:
    """The articles that earlier readings listed, and that are neither held nor gone."""
    rows = connection.execute(
        select(entries).where(
            entries.c.edition_id == edition,
            entries.c.kind == "article",
            entries.c.state.in_(("listed", "failed")),
        )
    )
    return [Wanted(_entry(row), row.late) for row in rows]


def held(connection: Connection, edition: int) -> list[Wanted]:
    """The articles of an edition that are held."""
    rows = connection.execute(
        select(entries).where(
            entries.c.edition_id == edition,
            entries.c.kind == "article",
            entries.c.state == "held",
        )
    )
    return [Wanted(_entry(row), row.late) for row in rows]


def forget_moved(connection: Connection, edition: int, listed: Collection[str]) -> None:
    """Leave out the former places, listed no more, of articles that were moved: what is at the
    new one is as late as it was.
    """
    moves = sightings.alias()
    newest = (
        select(func.max(moves.c.id))
        .where(moves.c.state == "moved", moves.c.article_id == aliases.c.article_id)
        .correlate(aliases)
    )
    rows = connection.execute(
        select(entries.c.id, entries.c.address, entries.c.late, sightings.c.url)
        .join(aliases, aliases.c.address == entries.c.address)
        .join(sightings, sightings.c.id == newest.scalar_subquery())
        .where(entries.c.edition_id == edition, entries.c.kind == "article")
    )
    for row in rows.all():
        now = address(row.url)
        if row.address not in listed and row.address != now:
            there = entries.c.edition_id == edition, entries.c.address == now
            connection.execute(update(entries).where(*there).values(late=row.late))
            connection.execute(delete(entries).where(entries.c.id == row.id))


def gone(connection: Connection, edition: int) -> set[str]:
    """The addresses of what the edition listed and the site does not have any more."""
    lost = select(entries.c.address).where(
        entries.c.edition_id == edition, entries.c.state == "gone"
    )
    return set(connection.scalars(lost))


def _entry(row: Row[Any]) -> Entry:
    points = tuple((x, y) for x, y in row.polygon) if row.polygon else None
    return Entry(row.url, row.page, row.kind, row.number, row.label, points)


def _edition(paper: str, day: str) -> ScalarSelect[int]:
    return (
        select(editions.c.id)
        .where(editions.c.paper == paper, editions.c.day == day)
        .scalar_subquery()
    )
