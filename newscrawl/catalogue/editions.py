"""Editions: what a paper's own index lists, and how much of it is held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, ScalarSelect, bindparam, case, false, func, null, select, update
from sqlalchemy.dialects.sqlite import insert

from newscrawl.catalogue.schema import editions, entries, pages
from newscrawl.items import Article, Point
from newscrawl.text.address import address

GONE_AFTER = 2
"""Sightings of a listed article that answers 404 before it counts as gone."""


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page as the edition's index names it."""

    code: str
    name: str
    url: str
    pdf_url: str | None = None


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


@dataclass(frozen=True, slots=True)
class Tally:
    """An edition by its own index, against what is held of it."""

    pages: int = 0
    pages_held: int = 0
    pages_empty: int = 0
    articles: int = 0
    articles_held: int = 0
    late: int = 0
    picture_only: int = 0
    gone: int = 0
    failed: int = 0
    images: int = 0
    images_held: int = 0

    @property
    def complete(self) -> bool:
        """Everything listed is held, or known to be gone."""
        return (
            self.pages > 0
            and self.pages_held == self.pages
            and self.articles_held + self.gone == self.articles
            and not self.failed
        )

    def line(self, title: str, day: str) -> str:
        """`杭州日报 2023-12-15  16/16 版  143/143 篇  (2 late, 1 picture only, 0 failed)`."""
        gone = f", {self.gone} gone" if self.gone else ""
        return (
            f"{title} {day}  {self.pages_held}/{self.pages} 版  "
            f"{self.articles_held}/{self.articles} 篇  "
            f"({self.late} late, {self.picture_only} picture only, {self.failed} failed{gone})"
        )


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


def open_edition(connection: Connection, paper: str, day: str, url: str, now: str) -> int:
    """The edition's id; known editions are marked as being read again."""
    connection.execute(
        insert(editions)
        .values(paper=paper, day=day, url=url, read_at=now)
        .on_conflict_do_update(index_elements=["paper", "day"], set_={"url": url, "read_at": now})
    )
    found = select(editions.c.id).where(editions.c.paper == paper, editions.c.day == day)
    return int(connection.scalars(found).one())


def complete_days(connection: Connection, paper: str) -> set[str]:
    """The days of which a paper's edition is held whole."""
    whole = select(editions.c.day).where(editions.c.paper == paper, editions.c.state == "complete")
    return set(connection.scalars(whole))


def list_pages(connection: Connection, edition: int, listed: Iterable[ListedPage]) -> None:
    """Note the pages that the index names; what is known of them stays."""
    for page in listed:
        values = {"name": page.name, "url": page.url, "pdf_url": page.pdf_url}
        connection.execute(
            insert(pages)
            .values(edition_id=edition, code=page.code, **values)
            .on_conflict_do_update(index_elements=["edition_id", "code"], set_=values)
        )


def page_read(connection: Connection, edition: int, code: str, image_url: str | None) -> None:
    """A page's lists were read; one without a single article counts as empty."""
    articles = select(func.count()).where(
        entries.c.edition_id == edition, entries.c.page == code, entries.c.kind == "article"
    )
    state = "held" if connection.scalars(articles).one() else "empty"
    connection.execute(
        update(pages)
        .where(pages.c.edition_id == edition, pages.c.code == code)
        .values(state=state, image_url=image_url)
    )


def page_failed(connection: Connection, edition: int, code: str) -> None:
    """A page could not be read this time; one that was held before stays held."""
    connection.execute(
        update(pages)
        .where(pages.c.edition_id == edition, pages.c.code == code, pages.c.state == "listed")
        .values(state="failed")
    )


def list_entries(
    connection: Connection, edition: int, listed: Sequence[Entry], now: str, *, again: bool
) -> list[Wanted]:
    """Note what a page lists and return what is to be fetched: everything if `again`."""
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


def close_edition(
    connection: Connection, edition: int, state: str, now: str, *, captured: bool
) -> None:
    """Say how the edition stands; once all its lists were read, what its index adds is late.

    One that could not be read this time stays as it was found before.
    """
    this = editions.c.id == edition
    stays = editions.c.state.not_in(("open", "failed")) if state == "failed" else false()
    connection.execute(update(editions).where(this, ~stays).values(state=state))
    if captured:
        first = func.coalesce(editions.c.captured_at, now)
        connection.execute(
            update(editions).where(editions.c.id == edition).values(captured_at=first)
        )


def missing(connection: Connection, edition: int) -> list[tuple[str, str]]:
    """`(URL, reason)` of what is listed and neither held nor gone, also from earlier runs."""
    wanting = ("listed", "failed")
    of_pages = select(pages.c.url, null()).where(
        pages.c.edition_id == edition, pages.c.state.in_(wanting)
    )
    of_entries = select(entries.c.url, entries.c.reason).where(
        entries.c.edition_id == edition, entries.c.state.in_(wanting)
    )
    rows = [*connection.execute(of_pages), *connection.execute(of_entries)]
    return [(url, reason or "not read") for url, reason in rows]


def list_images(connection: Connection, article: Article, now: str) -> None:
    """Note the pictures of an article of an edition, so that a later run knows what is missing."""
    edition = connection.execute(
        _EDITION, {"paper": article.paper, "day": article.edition}
    ).scalar_one_or_none()
    if edition is not None:
        listed = [Entry(image.url, article.page, kind="image") for image in article.images]
        list_entries(connection, edition, listed, now, again=False)


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


def no_edition(connection: Connection, edition: int) -> None:
    """There is none that day, or not yet; one that was captured before stays what it was."""
    connection.execute(
        update(editions)
        .where(editions.c.id == edition, editions.c.captured_at.is_(None))
        .values(state="none")
    )


def tally(connection: Connection, edition: int) -> Tally:
    """Count the edition."""
    page_states: dict[str, int] = {
        state: count
        for state, count in connection.execute(
            select(pages.c.state, func.count())
            .where(pages.c.edition_id == edition)
            .group_by(pages.c.state)
        )
    }
    rows = connection.execute(
        select(entries.c.kind, entries.c.state, entries.c.late, entries.c.picture_only).where(
            entries.c.edition_id == edition
        )
    ).all()
    articles = [row for row in rows if row.kind == "article"]
    images = [row for row in rows if row.kind == "image"]
    return Tally(
        pages=sum(page_states.values()),
        pages_held=page_states.get("held", 0) + page_states.get("empty", 0),
        pages_empty=page_states.get("empty", 0),
        articles=len(articles),
        articles_held=sum(row.state == "held" for row in articles),
        late=sum(row.late for row in articles),
        picture_only=sum(row.picture_only for row in articles),
        gone=sum(row.state == "gone" for row in articles),
        failed=sum(row.state == "failed" for row in articles),
        images=len(images),
        images_held=sum(row.state == "held" for row in images),
    )


@dataclass(frozen=True, slots=True)
class EditionState:
    """An edition as `status` shows it."""

    id: int
    paper: str
    day: str
    state: str
    read_at: str | None


def newest(connection: Connection) -> dict[str, EditionState]:
    """The newest edition of each paper that has appeared."""
    rows = connection.execute(
        select(editions).where(editions.c.state != "none").order_by(editions.c.day)
    )
    return {
        row.paper: EditionState(row.id, row.paper, row.day, row.state, row.read_at) for row in rows
    }


def _edition(paper: str, day: str) -> ScalarSelect[int]:
    return (
        select(editions.c.id)
        .where(editions.c.paper == paper, editions.c.day == day)
        .scalar_subquery()
    )
