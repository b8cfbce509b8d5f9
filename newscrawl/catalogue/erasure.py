"""What the catalogue has of articles that are to be erased, and emptying it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, update

from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import (
    aliases,
    articles,
    editions,
    entries,
    pages,
    runs,
    sightings,
    snapshots,
    story_marks,
    versions,
)
from newscrawl.catalogue.takedown_schema import rewrites, unwanted_captures
from newscrawl.catalogue.withdrawn import address_mark
from newscrawl.text.address import address
from newscrawl.text.traces import Traces

ERASED = "erased"
"""The kind of a capture whose record is in no archive file any more."""
HAS_TEXT = versions.c.headline + versions.c.body != ""
"""Of a version that was not erased."""
_KEPT = ("paper", "edition", "page", "number", "charset")
"""Fields of an erased version that say nothing of its text."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """An archive file that is being rewritten; paths below the archive's root."""

    path: str
    fresh: str
    moved: bool


def traces_of(connection: Connection, article_ids: Iterable[str]) -> Traces:
    """What is to be found nowhere any more, as far as the catalogue still has it."""
    headings: list[str] = []
    bodies: list[str] = []
    for row in _each(connection, _TEXTS, article_ids):
        headings += [row.headline, row.kicker, row.subhead]
        headings += [image["caption"] for image in row.fields["images"]]
        bodies.append(row.body)
    for row in _each(connection, _LABELS, article_ids):
        if address(row.url) == row.address:
            headings.append(row.label)
    return Traces.of(headings, bodies)


def first_day(connection: Connection, article_ids: Iterable[str]) -> str | None:
    """The earliest day of articles; None of none."""
    days = (row.day for row in _each(connection, _DAYS, article_ids))
    return min(days, default=None)


def addresses_of(connection: Connection, article_ids: Iterable[str]) -> list[str]:
    """The URLs of what shows these articles and nothing else: their pictures, and the picture and
    the PDF of their whole page, in which their text can be read.
    """
    mine = set(article_ids)
    pictures: set[str] = set()
    others: set[str] = set()
    for row in _each(connection, _PICTURES, mine):
        urls = {image["url"] for image in row.fields["images"]}
        (pictures if row.article_id in mine else others).update(urls)
    whole = {
        url
        for row in _each(connection, _PAGES, mine)
        for url in (row.image_url, row.pdf_url)
        if url
    }
    return sorted((pictures - others) | whole)


def captures_of(
    connection: Connection, article_ids: Iterable[str], marks: Iterable[str]
) -> set[str]:
    """The record ids of the captures of articles, of what else has their marks, and of what came
    in again; those that are in the archive still.
    """
    known = frozenset(marks)
    found = {row.record_id for row in _each(connection, _OWN, article_ids)}
    for row in _each(connection, _NEAR, article_ids):
        if address_mark(row.requested_url) in known or address_mark(row.url) in known:
            found.add(row.record_id)
    return found


def captures_of_day(
    connection: Connection, paper: str, day: str, article_ids: Iterable[str]
) -> set[str]:
    """The record ids of all that was captured of a day's edition, but for what articles other than
    these were read from.
    """
    captured = select(snapshots.c.record_id).where(
        snapshots.c.path.between(f"{paper}/{day}/", f"{paper}/{day}0")
    )
    readers = select(versions.c.record_id, versions.c.article_id).where(
        versions.c.record_id.in_(captured), HAS_TEXT
    )
    mine = set(article_ids)
    others = {record for record, article in connection.execute(readers) if article not in mine}
    return set(connection.scalars(captured)) - others


def captures_under(connection: Connection, prefix: str) -> set[str]:
    """The record ids of what was asked for at addresses that begin so: all are looked at."""
    rows = connection.execute(
        select(snapshots.c.record_id, snapshots.c.requested_url).where(snapshots.c.path != "")
    )
    return {record_id for record_id, url in rows if address(url).startswith(prefix)}


def unwanted(connection: Connection) -> dict[str, str]:
    """By record id, the tombstone of what a crawl has archived before it was known again."""
    return {record_id: stone for record_id, stone in connection.execute(select(unwanted_captures))}


def settle_unwanted(connection: Connection, record_ids: Iterable[str]) -> None:
    """They are out of the archive."""
    for part in in_parts(record_ids):
        connection.execute(delete(unwanted_captures).where(unwanted_captures.c.record_id.in_(part)))


def others_captures(connection: Connection, record_ids: Iterable[str]) -> set[str]:
    """Those of some captures that an article was read from which is shown."""
    found: set[str] = set()
    for part in in_parts(record_ids):
        wanted = select(versions.c.record_id).where(versions.c.record_id.in_(part), HAS_TEXT)
        found.update(connection.scalars(wanted))
    return found


def files_of(connection: Connection, record_ids: Iterable[str]) -> set[str]:
    """The archive files in which captures are."""
    found: set[str] = set()
    for part in in_parts(record_ids):
        wanted = select(snapshots.c.path).where(snapshots.c.record_id.in_(part))
        found.update(connection.scalars(wanted))
    return found - {""}


def begin_rewriting(connection: Connection, path: str, fresh: str) -> None:
    """Say which file takes the place of which, before it is there."""
    connection.execute(rewrites.insert().values(path=path, fresh=fresh, moved=False))


def rewritings(connection: Connection) -> list[Rewriting]:
    """Those that were begun and not ended."""
    return [Rewriting(*row) for row in connection.execute(select(rewrites))]


def move(
    connection: Connection, path: str, fresh: str, moved: Mapping[str, int], gone: Iterable[str]
) -> None:
    """From now on the captures of a file are in another, and some in none."""
    here = snapshots.c.path == path
    held = list(connection.scalars(select(snapshots.c.record_id).where(here)))
    rows = [{"record": each, "to": fresh, "at": moved[each]} for each in held if each in moved]
    if rows:
        connection.execute(_MOVE, rows)
    forget_captures(connection, gone)
    connection.execute(update(rewrites).where(rewrites.c.path == path).values(moved=True))


def end_rewriting(connection: Connection, path: str) -> None:
    """The old file is gone."""
    connection.execute(delete(rewrites).where(rewrites.c.path == path))


def forget_captures(connection: Connection, record_ids: Iterable[str]) -> None:
    """Keep of captures when they were made and what their hash was, not where and of what."""
    for part in in_parts(record_ids):
        connection.execute(
            update(snapshots)
            .where(snapshots.c.record_id.in_(part))
            .values(kind=ERASED, requested_url="", url="", path="", offset=0, length=0)
        )


def missing_paths(connection: Connection, there: Iterable[str]) -> set[str]:
    """The archive files that the catalogue names and that are not among these."""
    every = set(connection.scalars(select(snapshots.c.path).distinct()))
    return every - set(there) - {""}


def any_erased(connection: Connection) -> bool:
    """Whether the record of any capture was erased."""
    one = select(snapshots.c.id).where(snapshots.c.kind == ERASED).limit(1)
    return connection.scalar(one) is not None


def empty(connection: Connection, article_ids: Iterable[str], marks: Iterable[str]) -> None:
    """Leave of articles their ids, days, hashes and sequence numbers; nothing of what they said."""
    known = frozenset(marks)
    for part in in_parts(article_ids):
        _empty_entries(connection, part, known)
        _empty_versions(connection, part)
        _hash_aliases(connection, part)
        seen = update(sightings).where(sightings.c.article_id.in_(part))
        connection.execute(seen.values(url="", reason=""))
        connection.execute(update(articles).where(articles.c.id.in_(part)).values(url=""))
    _empty_runs(connection, known)


def _empty_versions(connection: Connection, part: list[str]) -> None:
    rows = connection.execute(select(versions).where(versions.c.article_id.in_(part))).all()
    blank = dict.fromkeys(("kicker", "headline", "subhead", "body", "source", "page_name"), "")
    for row in rows:
        values = {**blank, "fields": _emptied(row.fields), "live": False}
        connection.execute(update(versions).where(versions.c.seq == row.seq).values(values))
    seqs = [row.seq for row in rows]
    connection.execute(delete(story_marks).where(story_marks.c.seq.in_(seqs)))


def _emptied(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if name in _KEPT else None if value is None else type(value)()
        for name, value in fields.items()
    }


def _empty_entries(connection: Connection, part: list[str], marks: frozenset[str]) -> None:
    near = _LISTED_NEAR.where(_ARTICLE.c.id.in_(part))
    listed = [row.id for row in connection.execute(near) if address_mark(row.url) in marks]
    for some in in_parts(listed):
        connection.execute(delete(entries).where(entries.c.id.in_(some)))


def _hash_aliases(connection: Connection, part: list[str]) -> None:
    mine = aliases.c.article_id.in_(part)
    for where in list(connection.scalars(select(aliases.c.address).where(mine))):
        if not where.startswith("address:"):
            connection.execute(
                update(aliases)
                .where(aliases.c.address == where)
                .values(address=address_mark(where))
            )


def _empty_runs(connection: Connection, marks: frozenset[str]) -> None:
    for row in connection.execute(select(runs.c.id, runs.c.reasons)).all():
        kept = [each for each in row.reasons or () if address_mark(each[0]) not in marks]
        if len(kept) < len(row.reasons or ()):
            connection.execute(update(runs).where(runs.c.id == row.id).values(reasons=kept))


def _each(connection: Connection, statement: Any, article_ids: Iterable[str]) -> Iterator[Any]:
    for part in in_parts(article_ids):
        yield from connection.execute(statement, {"ids": part})


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TEXTS = select(
    versions.c.headline,
    versions.c.kicker,
    versions.c.subhead,
    versions.c.body,
    versions.c.fields,
).where(versions.c.article_id.in_(_IDS))
_ARTICLE = articles.alias()
_EDITION = (editions.c.paper == _ARTICLE.c.paper) & (editions.c.day == _ARTICLE.c.day)
_LABELS = (
    select(entries.c.label, entries.c.url, entries.c.address)
    .join(editions, editions.c.id == entries.c.edition_id)
    .join(_ARTICLE, _EDITION)
    .join(aliases, (aliases.c.article_id == _ARTICLE.c.id))
    .where(_ARTICLE.c.id.in_(_IDS), aliases.c.address == entries.c.address)
)
_SAME_DAY = articles.alias()
_PICTURES = (
    select(versions.c.article_id, versions.c.fields)
    .join(_SAME_DAY, _SAME_DAY.c.id == versions.c.article_id)
    .join(
        _ARTICLE,
        (_ARTICLE.c.paper == _SAME_DAY.c.paper) & (_ARTICLE.c.day == _SAME_DAY.c.day),
    )
    .where(_ARTICLE.c.id.in_(_IDS))
)
_PAGES = (
    select(pages.c.image_url, pages.c.pdf_url)
    .join(editions, editions.c.id == pages.c.edition_id)
    .join(_ARTICLE, _EDITION & (pages.c.code == _ARTICLE.c.page))
    .where(_ARTICLE.c.id.in_(_IDS))
)
_DAYS = select(articles.c.day).where(articles.c.id.in_(_IDS))
_OWN = (
    select(versions.c.record_id)
    .join(snapshots, snapshots.c.record_id == versions.c.record_id)
    .where(versions.c.article_id.in_(_IDS), snapshots.c.path != "")
)
_NEAR = (
    select(snapshots.c.record_id, snapshots.c.requested_url, snapshots.c.url)
    .join(
        _ARTICLE,
        snapshots.c.path.between(
            _ARTICLE.c.paper + "/" + _ARTICLE.c.day + "/",
            _ARTICLE.c.paper + "/" + _ARTICLE.c.day + "0",
        ),
    )
    .where(_ARTICLE.c.id.in_(_IDS))
)
_LISTED_NEAR = (
    select(entries.c.id, entries.c.url)
    .join(editions, editions.c.id == entries.c.edition_id)
    .join(_ARTICLE, _EDITION)
)
_MOVE = (
    update(snapshots)
    .where(snapshots.c.record_id == bindparam("record"))
    .values(path=bindparam("to"), offset=bindparam("at"))
)
