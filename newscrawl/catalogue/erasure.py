"""What the catalogue has of articles that are to be erased, and emptying it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    delete,
    select,
    update,
)

from newscrawl.catalogue import belongings, fields, listings, wordings
from newscrawl.catalogue.listings import Listed
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import (
    aliases,
    articles,
    editions,
    entries,
    runs,
    sightings,
    snapshots,
    story_marks,
    versions,
)
from newscrawl.catalogue.takedown_schema import rewrites, unwanted_captures
from newscrawl.catalogue.withdrawn import address_mark
from newscrawl.text.traces import Traces

ERASED = "erased"
"""The kind of a capture whose record is in no archive file any more."""
HAS_TEXT = versions.c.headline + versions.c.body != ""
"""Of a version that was not erased."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """An archive file that is being rewritten; paths below the archive's root."""

    path: str
    fresh: str
    moved: bool


def traces_of(
    connection: Connection, article_ids: Iterable[str], listed: Iterable[Listed]
) -> Traces:
    """What they say, and how they are listed, as far as the catalogue still has it."""
    headings: list[str] = []
    bodies: list[str] = []
    for each in wordings.of_articles(connection, article_ids):
        headings += [*each.headings, *each.captions]
        bodies.append(each.body)
    return Traces.of(headings, bodies) | names_of(connection, article_ids, listed)


def names_of(
    connection: Connection, article_ids: Iterable[str], listed: Iterable[Listed]
) -> Traces:
    """Under which lists print them: their headlines and labels."""
    headlines = [each.headline for each in wordings.of_articles(connection, article_ids)]
    return Traces.of([*headlines, *(each.label for each in listed)], [])


def unwanted(connection: Connection) -> dict[str, str]:
    """By record id, the tombstone of what a crawl has archived before it was known again."""
    return {record_id: stone for record_id, stone in connection.execute(select(unwanted_captures))}


def settle_unwanted(connection: Connection, record_ids: Iterable[str]) -> None:
    """They are out of the archive."""
    for part in in_parts(record_ids):
        connection.execute(delete(unwanted_captures).where(unwanted_captures.c.record_id.in_(part)))


def files_of(connection: Connection, record_ids: Iterable[str]) -> set[str]:
    """The archive files in which captures are."""
    found: set[str] = set()
    for part in in_parts(record_ids):
        wanted = select(snapshots.c.path).where(snapshots.c.record_id.in_(part))
        found.update(connection.scalars(wanted))
    return found - {""}


def places(connection: Connection, record_ids: Iterable[str]) -> dict[str, str]:
    """By record id, the archive files in which captures are."""
    found: dict[str, str] = {}
    for part in in_parts(record_ids):
        wanted = select(snapshots.c.record_id, snapshots.c.path)
        rows = connection.execute(wanted.where(snapshots.c.record_id.in_(part)))
        found.update((record_id, path) for record_id, path in rows)
    return found


def captures_in(
    connection: Connection, record_ids: Iterable[str], paths: Iterable[str]
) -> set[str]:
    """Those of some captures that are in one of these archive files."""
    there = frozenset(paths)
    found = places(connection, record_ids) if there else {}
    return {record_id for record_id, path in found.items() if path in there}


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


def empty(
    connection: Connection,
    article_ids: Iterable[str],
    marks: Iterable[str],
    listed: Iterable[Listed],
) -> None:
    """Leave of articles their ids, days, hashes and sequence numbers; nothing of what they said,
    nor where editions list them.
    """
    known = frozenset(marks)
    listings.remove(connection, listed)
    for part in in_parts(article_ids):
        _empty_entries(connection, part, known)
        _empty_versions(connection, part)
        _hash_aliases(connection, part)
        seen = update(sightings).where(sightings.c.article_id.in_(part))
        connection.execute(seen.values(url="", reason=""))
        connection.execute(update(articles).where(articles.c.id.in_(part)).values(url=""))
    _empty_runs(connection, known)


def _empty_versions(connection: Connection, part: list[str]) -> None:
    rows = connection.execute(_FIELDS, {"ids": part}).all()
    blank = dict.fromkeys(("body", *fields.COLUMNS), "")
    for seq, stored, paper, day in rows:
        emptied = fields.emptied(wordings.decoded(stored), paper, day)
        values = {**blank, "fields": emptied, "live": False}
        connection.execute(update(versions).where(versions.c.seq == seq).values(values))
    seqs = [row.seq for row in rows]
    connection.execute(delete(story_marks).where(story_marks.c.seq.in_(seqs)))


def _empty_entries(connection: Connection, part: list[str], marks: frozenset[str]) -> None:
    listed = [
        row.id
        for paper, day in belongings.days_of(connection, part)
        for row in connection.execute(_LISTED, {"paper": paper, "day": day})
        if address_mark(row.url) in marks
    ]
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
_FIELDS = (
    select(versions.c.seq, wordings.raw(versions.c.fields), articles.c.paper, articles.c.day)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(versions.c.article_id.in_(_IDS))
)
_LISTED = (
    select(entries.c.id, entries.c.url)
    .join(editions, editions.c.id == entries.c.edition_id)
    .where(editions.c.paper == bindparam("paper"), editions.c.day == bindparam("day"))
)
_MOVE = (
    update(snapshots)
    .where(snapshots.c.record_id == bindparam("record"))
    .values(path=bindparam("to"), offset=bindparam("at"))
)
