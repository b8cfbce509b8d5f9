"""Every capture, and where in the archive its record lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import snapshots
from newscrawl.items import Record, Snapshot
from newscrawl.text.dates import iso

MISSING = frozenset({404, 410})
"""Statuses with which a site says that it does not have what was asked for."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses with which it leads to another address."""
ADOPTED = "adopted"
"""The kind of a capture whose row was lost with the run that made it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which paper's and which day's work a capture belongs to, and what it was asked for."""

    paper: str
    day: str
    kind: str
    """index, page, view, list, article, image, robots, import …"""

    @property
    def folder(self) -> str:
        """The archive's folder."""
        return f"{self.paper}/{self.day}"


_ADD = insert(snapshots).on_conflict_do_nothing()
"""Built once: it runs for every response."""


def add_all(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Record captures, made by `row`, whose bytes are durable; those already known stay."""
    if rows:
        connection.execute(_ADD, rows)


def row(place: Place, snapshot: Snapshot, record: Record) -> dict[str, object]:
    """The columns of one capture."""
    return {
        "record_id": snapshot.record_id,
        "kind": place.kind,
        "paper": place.paper,
        "day": place.day,
        "requested_url": snapshot.requested_url,
        "url": snapshot.url,
        "captured_at": iso(snapshot.captured_at),
        "status": snapshot.status,
        "path": record.path,
        "offset": record.offset,
        "length": record.length,
        "payload_digest": record.payload_digest,
    }


def newest_of(connection: Connection, url: str) -> str | None:
    """The record id of the newest good capture of a URL."""
    return connection.scalar(
        select(snapshots.c.record_id)
        .where(snapshots.c.requested_url == url, snapshots.c.status == 200)
        .order_by(snapshots.c.id.desc())
        .limit(1)
    )


def of_article(connection: Connection, place: Place, urls: Iterable[str]) -> list[str]:
    """The record ids of what was captured at some URLs with an edition, in order."""
    here = snapshots.c.path.between(f"{place.folder}/", f"{place.folder}0")
    wanted = here & snapshots.c.requested_url.in_(list(urls))
    return list(
        connection.scalars(select(snapshots.c.record_id).where(wanted).order_by(snapshots.c.id))
    )


def times_missing(connection: Connection, folder: str, url: str) -> int:
    """How often the site has said that it does not have a URL, by the captures of a folder."""
    return connection.scalars(
        select(func.count()).where(
            snapshots.c.path.between(f"{folder}/", f"{folder}0"),  # the index is by path
            snapshots.c.requested_url == url,
            snapshots.c.status.in_(MISSING),
        )
    ).one()


def known(connection: Connection, record_ids: Iterable[str]) -> set[str]:
    """Those of the record ids that are catalogued."""
    wanted = list(record_ids)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        found.update(
            connection.scalars(select(snapshots.c.record_id).where(snapshots.c.record_id.in_(part)))
        )
    return found


def newest_time(connection: Connection) -> str:
    """When the newest capture was made, ISO 8601; empty for an empty catalogue."""
    newest = select(snapshots.c.captured_at).order_by(snapshots.c.id.desc()).limit(1)
    return connection.scalar(newest) or ""


def latest_time(connection: Connection) -> str:
    """The latest time that a capture says, ISO 8601; empty for an empty catalogue."""
    return connection.scalar(select(func.max(snapshots.c.captured_at))) or ""


def newest_places(connection: Connection, most: int) -> list[tuple[str, int]]:
    """Where the captures lie that came last and were answers of a site: archive file, offset."""
    wanted = select(snapshots.c.path, snapshots.c.offset).where(
        snapshots.c.path != "", snapshots.c.kind != "import"
    )
    rows = connection.execute(wanted.order_by(snapshots.c.id.desc()).limit(most))
    return [(path, offset) for path, offset in rows]


def paths(connection: Connection, kind: str) -> set[str]:
    """The archive files with captures of a kind."""
    statement = select(snapshots.c.path).where(snapshots.c.kind == kind).distinct()
    return set(connection.scalars(statement))


def counts_by_file(connection: Connection) -> dict[str, int]:
    """How many catalogued captures each archive file should hold."""
    held = select(snapshots.c.path, func.count()).where(snapshots.c.path != "")  # not erased
    rows = connection.execute(held.group_by(snapshots.c.path))
    return {path: count for path, count in rows}


class Row(NamedTuple):
    """Where the catalogue says that a record lies, what it holds, and of when and what it is."""

    record_id: str
    offset: int
    length: int
    captured_at: str
    payload_digest: str
    url: str
    """That gave the answer, as it was captured."""


class Told(NamedTuple):
    """What the catalogue says of an archive file, in one text: for many rows it is had, and
    compared, at a fraction of what the rows cost.
    """

    rows: int
    text: str
    """The rows in the order in which they came, a line each, the fields parted by a blank."""
    redirected: int
    """How many of them were asked for at another address."""


def told(connection: Connection, path: str) -> Told:
    """The captures in an archive file, for who expects certain ones."""
    return Told(*connection.execute(_TOLD, {"path": path}).one())


def redirected(connection: Connection, path: str) -> dict[str, str]:
    """The captures in a file that were asked for at another address, which is given."""
    wanted = select(snapshots.c.record_id, snapshots.c.requested_url).where(
        snapshots.c.path == path, snapshots.c.requested_url != snapshots.c.url
    )
    return {record_id: url for record_id, url in connection.execute(wanted)}


def redirects(connection: Connection) -> set[str]:
    """The addresses that once led to another."""
    wanted = select(snapshots.c.url).where(snapshots.c.status.in_(REDIRECTS)).distinct()
    return set(connection.scalars(wanted))


def of_file(connection: Connection, path: str) -> list[Row]:
    """The captures in an archive file, in its order."""
    rows = connection.execute(_OF_FILE, {"path": path}).all()
    return list(map(Row._make, rows))


def place_of(connection: Connection, record_id: str) -> tuple[str, Row] | None:
    """The archive file of a capture, and what is said of it; None for one that is not known."""
    row = connection.execute(
        select(snapshots.c.path, *_ROW).where(snapshots.c.record_id == record_id)
    ).one_or_none()
    return (row[0], Row(*row[1:])) if row else None


def any_between(connection: Connection, since: str, until: str) -> bool:
    """Whether anything was captured from `since` on and before `until`, as `dates.iso` writes."""
    captured = snapshots.c.captured_at
    wanted = select(snapshots.c.id).where(captured >= since, captured < until).limit(1)
    return connection.scalar(wanted) is not None


def times(connection: Connection, record_ids: Iterable[str]) -> dict[str, str]:
    """When each of these captures was made, ISO 8601; unknown ones are left out."""
    found: dict[str, str] = {}
    for part in in_parts(record_ids):
        rows = connection.execute(
            select(snapshots.c.record_id, snapshots.c.captured_at).where(
                snapshots.c.record_id.in_(part)
            )
        )
        found.update((record_id, time) for record_id, time in rows)
    return found


def newest_times(connection: Connection, paths: Iterable[str]) -> dict[str, str]:
    """When the newest capture in each of these archive files was made, ISO 8601."""
    found: dict[str, str] = {}
    for part in in_parts(paths):
        rows = connection.execute(
            select(snapshots.c.path, func.max(snapshots.c.captured_at))
            .where(snapshots.c.path.in_(part))
            .group_by(snapshots.c.path)
        )
        found.update((path, time) for path, time in rows)
    return found


def _in_a_line(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return one.op("||")(" ").op("||")(other)


_ROW: tuple[ColumnElement[Any], ...] = (
    snapshots.c.record_id,
    snapshots.c.offset,
    snapshots.c.length,
    snapshots.c.captured_at,
    snapshots.c.payload_digest,
    snapshots.c.url,
)
_OF_FILE = select(*_ROW).where(snapshots.c.path == bindparam("path")).order_by(snapshots.c.offset)
_TOLD = select(
    func.count(),
    func.coalesce(func.group_concat(reduce(_in_a_line, _ROW), "\n"), ""),
    func.total(snapshots.c.requested_url != snapshots.c.url),
).where(snapshots.c.path == bindparam("path"))
"""Not sorted: that the index has those of a path as they came saves a quarter of the time."""


def end_of(connection: Connection, path: str) -> int:
    """Where in an archive file the last catalogued capture ends; 0 where there is none."""
    end = func.max(snapshots.c.offset + snapshots.c.length)
    return connection.scalar(select(end).where(snapshots.c.path == path)) or 0


def last_by_file(connection: Connection) -> dict[str, int]:
    """Where in each archive file the last catalogued capture begins."""
    rows = connection.execute(
        select(snapshots.c.path, func.max(snapshots.c.offset)).group_by(snapshots.c.path)
    )
    return {path: offset for path, offset in rows}
