"""Tombstones: whom nobody is shown any more, and what is not to come back.

Every reader of texts asks here, or takes versions that are `live`: an article that is taken down
has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError

from newscrawl.catalogue import letters, owners, sqlite
from newscrawl.catalogue.belongings import is_shown
from newscrawl.catalogue.schema import runs, snapshots, versions
from newscrawl.catalogue.takedown_schema import (
    taken_down,
    tombstone_marks,
    tombstones,
    unwanted_captures,
)
from newscrawl.catalogue.withdrawn import (
    Tombstone,
    address_mark,
)
from newscrawl.errors import UsageError
from newscrawl.items import Article

_REASON = "taken down"
_UNREAD = "unread:"


def add(connection: Connection, tombstone: Tombstone, marks: Iterable[str]) -> bool:
    """Put one up, with the marks of what it covers; False where it stands already."""
    fresh = connection.execute(_ADD, asdict(tombstone)).rowcount == 1
    mark(connection, tombstone.id, marks)
    return fresh


def mark(connection: Connection, tombstone_id: str, marks: Iterable[str]) -> None:
    """Let a tombstone cover what has these marks."""
    rows = [{"tombstone_id": tombstone_id, "mark": each} for each in dict.fromkeys(marks)]
    if rows:
        connection.execute(_ADD_MARK, rows)


def take(connection: Connection, tombstone: Tombstone, article_ids: Iterable[str]) -> None:
    """Let nobody be shown these articles, or told of them, any more."""
    for article_id in article_ids:
        row = {"article_id": article_id, "tombstone_id": tombstone.id}
        connection.execute(_RETIRE, {"article": article_id})
        if connection.execute(_TAKE, row).rowcount:
            letters.cancel_of_article(connection, article_id, _REASON)


def meet(connection: Connection, tombstone: Tombstone, article: Article) -> None:
    """An erased article has come again, here or elsewhere: it is known here as well from now on,
    and what was archived of it before that came to light is to go.
    """
    pictures = {image.url for image in article.images}
    urls = [article.url, *(each for each in pictures if not is_shown(connection, each))]
    mark(connection, tombstone.id, map(address_mark, urls))
    captured = set(connection.scalars(_CAPTURED, {"ids": urls}))
    mark_unwanted(
        connection,
        tombstone.id,
        captured - owners.of_held(connection, captured) | {article.record_id},
    )


def mark_unwanted(connection: Connection, tombstone_id: str, record_ids: Iterable[str]) -> None:
    """Captures are to go, at the end of the run that made them, or of one that comes later."""
    rows = [{"record_id": each, "tombstone_id": tombstone_id} for each in record_ids]
    connection.execute(_UNWANTED, rows)


def lift(connection: Connection, tombstone_id: str, at: str, why: str) -> list[str]:
    """Take one away; the articles that may be shown again. Raises UsageError where it cannot be."""
    tombstone = named(connection, tombstone_id)
    if tombstone.state == "lifted":
        return []
    if tombstone.scope == "erase":
        raise UsageError(f"{tombstone_id}: what is erased does not come back: nothing to lift")
    covered = taken_by(connection, tombstone_id)
    connection.execute(_UNTAKE, {"tombstone": tombstone_id})
    connection.execute(
        update(tombstones)
        .where(tombstones.c.id == tombstone_id)
        .values(state="lifted", lifted=at, lifted_why=why)
    )
    free = [each for each in covered if not connection.scalar(_STILL, {"article": each})]
    if free:
        letters.count_withdrawn(connection)
    for article_id in free:
        _revive(connection, article_id)
    return free


def part_of(ids: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """The parameters of a statement about several."""
    return {"ids": ids}


def listed(connection: Connection) -> list[Tombstone]:
    """Every tombstone, the oldest first."""
    return [from_row(row) for row in connection.execute(_ALL)]


def named(connection: Connection, tombstone_id: str) -> Tombstone:
    """One of them. Raises UsageError for an unknown id."""
    for row in connection.execute(_ONE, {"tombstone": tombstone_id}):
        return from_row(row)
    raise UsageError(f"{tombstone_id}: no tombstone of this id; `newscrawl takedown --list`")


def ids(connection: Connection) -> set[str]:
    """Of all tombstones."""
    return set(connection.scalars(select(tombstones.c.id)))


def set_state(connection: Connection, tombstone_id: str, state: str) -> None:
    """Say how far the work of one has come."""
    connection.execute(
        update(tombstones).where(tombstones.c.id == tombstone_id).values(state=state)
    )


def unfinished(connection: Connection) -> list[Tombstone]:
    """Those whose erasure is not done."""
    return [each for each in listed(connection) if each.state in ("told", "erasing")]


def ended_in(copy: Path) -> frozenset[str]:
    """The erasures that a copy of the catalogue knows as done, of articles that are held.

    None where it is of before there were any, or cannot be read.
    """
    try:
        with sqlite.resting(copy) as connection:
            return frozenset(connection.scalars(_ENDED))
    except DatabaseError:
        return frozenset()


def known_to(connection: Connection, tombstone_id: str) -> set[str]:
    """The papers whose newest run began after one was put up, and archives nothing of it."""
    return set(connection.scalars(_KNOWN_TO, {"tombstone": tombstone_id}))


def taken_by(connection: Connection, tombstone_id: str) -> list[str]:
    """The articles that one has taken down."""
    return list(connection.scalars(_TAKEN_BY, {"tombstone": tombstone_id}))


def marks_at(connection: Connection, tombstone_id: str) -> list[str]:
    """The marks of what one covers."""
    return list(connection.scalars(_MARKS_AT, {"tombstone": tombstone_id}))


def leave_unread(connection: Connection, tombstone_id: str, paths: Iterable[str]) -> None:
    """Of these archive files, and no longer of others, it is not known whether they have some of
    what one covers.
    """
    connection.execute(_READ, {"tombstone": tombstone_id})
    mark(connection, tombstone_id, (_UNREAD + each for each in paths))


def unread(connection: Connection, tombstone_id: str) -> list[str]:
    """Those archive files, below the archive's root."""
    found = connection.scalars(_UNREAD_OF, {"tombstone": tombstone_id})
    return [each.removeprefix(_UNREAD) for each in found]


def _revive(connection: Connection, article_id: str) -> None:
    seq = connection.scalar(_NEWEST, {"article": article_id})
    connection.execute(update(versions).where(versions.c.seq == seq).values(live=True))


def from_row(row: Row[Any]) -> Tombstone:
    """Of a row of the table."""
    return Tombstone(**{name: row._mapping[name] for name in _FIELDS})


_ALL = select(tombstones).order_by(tombstones.c.at, tombstones.c.id)
_ONE = select(tombstones).where(tombstones.c.id == bindparam("tombstone"))
_FIELDS = tuple(each.name for each in fields(Tombstone))
_NEWEST_RUN = select(func.coalesce(func.max(runs.c.id), 0)).scalar_subquery()
_ADD = insert(tombstones).values(after_run=_NEWEST_RUN).on_conflict_do_nothing()
_ADD_MARK = insert(tombstone_marks).on_conflict_do_nothing()
_TAKE = insert(taken_down).on_conflict_do_nothing()
_UNWANTED = insert(unwanted_captures).on_conflict_do_nothing()
_CAPTURED = select(snapshots.c.record_id).where(
    snapshots.c.requested_url.in_(bindparam("ids", expanding=True)), snapshots.c.path != ""
)
_OF_ONE = tombstone_marks.c.tombstone_id == bindparam("tombstone")
_IS_UNREAD = tombstone_marks.c.mark.startswith(_UNREAD)
_MARKS_AT = select(tombstone_marks.c.mark).where(_OF_ONE, ~_IS_UNREAD)
_UNREAD_OF = (
    select(tombstone_marks.c.mark).where(_OF_ONE, _IS_UNREAD).order_by(tombstone_marks.c.mark)
)
_READ = delete(tombstone_marks).where(_OF_ONE, _IS_UNREAD)
_UNTAKE = delete(taken_down).where(taken_down.c.tombstone_id == bindparam("tombstone"))
_STILL = select(func.count()).where(taken_down.c.article_id == bindparam("article"))
_RETIRE = (
    update(versions)
    .where(versions.c.article_id == bindparam("article"), versions.c.live)
    .values(live=False)
)
_KNOWN_TO = (
    select(runs.c.paper)
    .join(tombstones, tombstones.c.after_run < runs.c.id)
    .where(tombstones.c.id == bindparam("tombstone"))
    .distinct()
)
_ENDED = (
    select(tombstones.c.id)
    .join(taken_down, taken_down.c.tombstone_id == tombstones.c.id)
    .where(tombstones.c.scope == "erase", tombstones.c.state == "done")
    .distinct()
)
_TAKEN_BY = (
    select(taken_down.c.article_id)
    .where(taken_down.c.tombstone_id == bindparam("tombstone"))
    .order_by(taken_down.c.article_id)
)
_NEWEST = (
    select(versions.c.seq)
    .where(versions.c.article_id == bindparam("article"), versions.c.state != "quarantined")
    .order_by(versions.c.n.desc())
    .limit(1)
)
