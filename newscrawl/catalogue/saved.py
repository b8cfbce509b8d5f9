"""Searches that are kept by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from newscrawl.catalogue.names import check_name
from newscrawl.catalogue.schema import saved_searches
from newscrawl.errors import NewscrawlError, UsageError


class NoSuchSearch(NewscrawlError):
    """Nothing is kept under this name."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that is kept. Raises UsageError for a name that cannot be one."""

    name: str
    query: str
    """As `query.show` writes it."""
    papers: tuple[str, ...]
    """Spider names or Chinese titles; none means all."""
    since: date | None
    until: date | None
    sort: str
    created: str
    """ISO 8601, UTC."""

    def __post_init__(self) -> None:
        check_name(self.name)


def save(connection: Connection, search: SavedSearch) -> None:
    """Keep a search. Raises UsageError where its name is taken."""
    if _row(connection, search.name) is not None:
        raise UsageError(
            f"{search.name}: this name is taken: choose another, or run "
            f"`newscrawl saved remove {search.name}` first"
        )
    values = {
        "name": search.name,
        "query": search.query,
        "papers": list(search.papers),
        "since": search.since and search.since.isoformat(),
        "until": search.until and search.until.isoformat(),
        "sort": search.sort,
        "created": search.created,
    }
    connection.execute(insert(saved_searches).values(values))


def searches(connection: Connection) -> list[SavedSearch]:
    """Every search that is kept, by name."""
    rows = connection.execute(select(saved_searches).order_by(saved_searches.c.name))
    return [_search(row) for row in rows]


def named(connection: Connection, name: str) -> SavedSearch:
    """The search of a name. Raises NoSuchSearch."""
    row = _row(connection, name)
    if row is None:
        raise _missing(name)
    return _search(row)


def remove(connection: Connection, name: str) -> None:
    """Keep a search no longer. Raises NoSuchSearch."""
    gone = connection.execute(delete(saved_searches).where(saved_searches.c.name == name))
    if not gone.rowcount:
        raise _missing(name)


def _row(connection: Connection, name: str) -> Row[Any] | None:
    statement = select(saved_searches).where(saved_searches.c.name == name)
    return connection.execute(statement).one_or_none()


def _search(row: Row[Any]) -> SavedSearch:
    return SavedSearch(
        name=row.name,
        query=row.query,
        papers=tuple(row.papers),
        since=_day(row.since),
        until=_day(row.until),
        sort=row.sort,
        created=row.created,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _missing(name: str) -> NoSuchSearch:
    return NoSuchSearch(f"{name}: no search of this name; `newscrawl saved list` shows them")
