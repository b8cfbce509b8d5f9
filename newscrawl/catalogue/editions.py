"""Editions and their pages: what a paper's own index names, and how it was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, false, func, select, update
from sqlalchemy.dialects.sqlite import insert

from newscrawl.catalogue import snapshots
from newscrawl.catalogue.entries import GONE_AFTER
from newscrawl.catalogue.schema import editions, entries, pages
from newscrawl.items import Article


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page as the edition's index names it."""

    code: str
    name: str
    url: str
    pdf_url: str | None = None


@dataclass(frozen=True, slots=True)
class FormerPage:
    """A page that the edition's index named once and names no more."""

    code: str
    name: str
    url: str
    read: bool
    """Whether its lists were read when it was named."""


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


def page_of(connection: Connection, article: Article) -> ListedPage | None:
    """The page that an article was printed on, as its edition's index names it."""
    row = connection.execute(
        select(pages)
        .join(editions, editions.c.id == pages.c.edition_id)
        .where(
            editions.c.paper == article.paper,
            editions.c.day == article.edition,
            pages.c.code == article.page,
        )
    ).one_or_none()
    return ListedPage(row.code, row.name, row.url, row.pdf_url) if row else None


def former_pages(connection: Connection, edition: int, named: Iterable[str]) -> list[FormerPage]:
    """The known pages of an edition that are not among those that its index names now."""
    rows = connection.execute(
        select(pages).where(pages.c.edition_id == edition, pages.c.code.not_in(list(named)))
    )
    return [FormerPage(row.code, row.name, row.url, row.state in ("held", "empty")) for row in rows]


def former_page_missing(connection: Connection, edition: int, code: str) -> bool:
    """The site does not have a page that was never read and that its index names no more.

    The second time it is gone and is counted no more; the captures keep what the site said.
    """
    page = pages.c.edition_id == edition, pages.c.code == code
    paper, day, url = connection.execute(
        select(editions.c.paper, editions.c.day, pages.c.url)
        .join(editions, editions.c.id == pages.c.edition_id)
        .where(*page)
    ).one()
    folder = snapshots.Place(paper, day, "page").folder
    if snapshots.times_missing(connection, folder, url) < GONE_AFTER:
        page_failed(connection, edition, code)
        return False
    connection.execute(delete(pages).where(*page))
    return True


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


def no_edition(connection: Connection, edition: int) -> None:
    """There is none that day, or not yet; one that was captured before stays what it was."""
    connection.execute(
        update(editions)
        .where(editions.c.id == edition, editions.c.captured_at.is_(None))
        .values(state="none")
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
