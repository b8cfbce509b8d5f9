"""What there is of articles: their editions, the addresses that show them, their captures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import JSON, BindParameter, Connection, bindparam, func, select, type_coerce

from newscrawl.catalogue import owners
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import (
    aliases,
    articles,
    editions,
    entries,
    pages,
    sightings,
    snapshots,
    versions,
)
from newscrawl.catalogue.withdrawn import address_mark
from newscrawl.text.address import address


def addresses_of(connection: Connection, article_ids: Iterable[str]) -> list[str]:
    """The URLs of what shows these articles and nothing else: their pictures, and the picture and
    the PDF of their whole page, in which their text can be read.
    """
    mine = set(article_ids)
    pictures = _pictures_of(connection, mine)
    for paper, day in days_of(connection, mine):
        same_day = {"paper": paper, "day": day}
        for article_id, images in connection.execute(_PICTURES_OF_DAY, same_day):
            if article_id not in mine:
                pictures -= {image["url"] for image in images or ()}
    alone = {each for each in pictures if not is_shown(connection, each, mine)}
    return sorted(alone | _whole_pages(connection, mine))


def is_shown(connection: Connection, picture: str, by_others_than: Collection[str] = ()) -> bool:
    """Whether an article that is held has a picture, in an edition of whatever day; what is to be
    erased does not count.
    """
    where = address(picture)
    return any(
        article_id not in by_others_than
        and any(address(image["url"]) == where for image in images or ())
        for article_id, images in connection.execute(_SHOWN_BY, {"where": where})
    )


def _pictures_of(connection: Connection, article_ids: Iterable[str]) -> set[str]:
    rows = _each(connection, _PICTURES, article_ids)
    return {image["url"] for row in rows for image in row.images or ()}


def _whole_pages(connection: Connection, article_ids: Iterable[str]) -> set[str]:
    rows = _each(connection, _PAGES, article_ids)
    return {url for row in rows for url in (row.image_url, row.pdf_url) if url}


def captures_of(
    connection: Connection, article_ids: Iterable[str], marks: Iterable[str]
) -> set[str]:
    """The record ids of the captures of articles, and of what else has their marks, whenever and
    with whatever edition it came; those that are in the archive still. What belongs to another
    article that is held is none of them.
    """
    ids, known = set(article_ids), frozenset(marks)
    found: set[str] = set()
    for paper, day in days_of(connection, ids):
        here = {"from": f"{paper}/{day}/", "to": f"{paper}/{day}0"}
        for row in connection.execute(_OF_FOLDER, here):
            if address_mark(row.requested_url) in known or address_mark(row.url) in known:
                found.add(row.record_id)
    for part in in_parts(_urls_of(connection, ids, known)):
        found.update(connection.scalars(_ASKED_FOR, {"urls": part}))
    own = {row.record_id for row in _each(connection, _OWN, ids)}
    return own | (found - owners.of_held(connection, found))


def _urls_of(connection: Connection, ids: set[str], marks: frozenset[str]) -> set[str]:
    """As they may have been asked for."""
    found = _whole_pages(connection, ids)
    found |= _pictures_of(connection, ids)
    for statement in _URLS:
        found.update(row.url for row in _each(connection, statement, ids))
    for row in _each(connection, _ALIASES, ids):
        found |= {f"{scheme}://{row.address}" for scheme in ("http", "https")}
    return {each for each in found if address_mark(each) in marks}


def captures_of_day(connection: Connection, paper: str, day: str) -> set[str]:
    """The record ids of all that was captured of a day's edition, but for what belongs to articles
    that are held.
    """
    here = {"from": f"{paper}/{day}/", "to": f"{paper}/{day}0"}
    captured = set(connection.scalars(_OF_FOLDER, here))
    return captured - owners.of_held(connection, captured)


def captures_under(connection: Connection, prefix: str) -> set[str]:
    """The record ids of what was asked for at addresses that begin so, and of what came from there
    by a redirect, but for what belongs to an article that is held: all are looked at.
    """
    asked_for, redirected = set[str](), set[str]()
    for row in connection.execute(_CAPTURES):
        if address(row.requested_url).startswith(prefix):
            asked_for.add(row.record_id)
        elif address(row.url).startswith(prefix):
            redirected.add(row.record_id)
    return asked_for | (redirected - owners.of_held(connection, redirected))


def captures_at(connection: Connection, mark: str) -> set[str]:
    """The record ids of what came from the address of this mark, whatever it is: a picture, a list.
    All are looked at. What belongs to an article that is held is none of them.
    """
    found = {
        row.record_id
        for row in connection.execute(_CAPTURES)
        if mark in (address_mark(row.requested_url), address_mark(row.url))
    }
    return found - owners.of_held(connection, found)


def folders_of(connection: Connection, article_ids: Iterable[str]) -> set[str]:
    """The archive's folders of their editions, each with a slash at its end."""
    return {f"{paper}/{day}/" for paper, day in days_of(connection, article_ids)}


def first_day(connection: Connection, article_ids: Iterable[str]) -> str | None:
    """The earliest day of articles, or on which one of them was captured, for papers are dated
    ahead; None of none.
    """
    ids = list(article_ids)
    days = [row.day for row in _each(connection, _DAYS, ids)]
    days += [row.captured_at[:10] for row in _each(connection, _CAPTURED, ids)]
    return min(days, default=None)


def days_of(connection: Connection, article_ids: Iterable[str]) -> list[tuple[str, str]]:
    """The papers and days of articles, each once."""
    rows = _each(connection, _DAYS, article_ids)
    return sorted({(row.paper, row.day) for row in rows})


def _each(connection: Connection, statement: Any, article_ids: Iterable[str]) -> Iterator[Any]:
    for part in in_parts(article_ids):
        yield from connection.execute(statement, {"ids": part})


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_EDITION = (editions.c.paper == articles.c.paper) & (editions.c.day == articles.c.day)
_IMAGES = type_coerce(func.json_extract(versions.c.fields, "$.images"), JSON).label("images")
_OF_HELD = versions.c.article_id.not_in(owners.TO_ERASE) & func.json_valid(versions.c.fields)
_PICTURES = select(versions.c.article_id, _IMAGES).where(
    versions.c.article_id.in_(_IDS), func.json_valid(versions.c.fields)
)
_PICTURES_OF_DAY = (
    select(versions.c.article_id, _IMAGES)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(articles.c.paper == bindparam("paper"), articles.c.day == bindparam("day"))
    .where(_OF_HELD)
)
_SHOWN_BY = (
    select(versions.c.article_id, _IMAGES)
    .select_from(entries)
    .join(editions, editions.c.id == entries.c.edition_id)
    .join(articles, _EDITION)
    .join(versions, versions.c.article_id == articles.c.id)
    .where(entries.c.address == bindparam("where"), entries.c.kind == "image")
    .where(_OF_HELD)
)
_PAGES = (
    select(pages.c.image_url, pages.c.pdf_url)
    .join(editions, editions.c.id == pages.c.edition_id)
    .join(articles, _EDITION & (pages.c.code == articles.c.page))
    .where(articles.c.id.in_(_IDS))
)
_DAYS = select(articles.c.paper, articles.c.day).where(articles.c.id.in_(_IDS)).distinct()
_OWN = (
    select(versions.c.record_id)
    .join(snapshots, snapshots.c.record_id == versions.c.record_id)
    .where(versions.c.article_id.in_(_IDS), snapshots.c.path != "")
)
_OF_FOLDER = select(snapshots.c.record_id, snapshots.c.requested_url, snapshots.c.url).where(
    snapshots.c.path.between(bindparam("from"), bindparam("to"))
)
_CAPTURED = (
    select(snapshots.c.captured_at)
    .join(versions, versions.c.record_id == snapshots.c.record_id)
    .where(versions.c.article_id.in_(_IDS))
)
_CAPTURES = select(snapshots.c.record_id, snapshots.c.requested_url, snapshots.c.url).where(
    snapshots.c.path != ""
)
_ASKED_FOR = select(snapshots.c.record_id).where(
    snapshots.c.requested_url.in_(bindparam("urls", expanding=True)), snapshots.c.path != ""
)
_URLS = (
    select(articles.c.url).where(articles.c.id.in_(_IDS)),
    select(sightings.c.url).where(sightings.c.article_id.in_(_IDS)),
    select(snapshots.c.requested_url.label("url"))
    .join(versions, versions.c.record_id == snapshots.c.record_id)
    .where(versions.c.article_id.in_(_IDS)),
)
_ALIASES = select(aliases.c.address).where(aliases.c.article_id.in_(_IDS))
