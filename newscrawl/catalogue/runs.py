"""What each run of a paper came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from newscrawl.catalogue.schema import papers, runs

IMPORTED = "imported"
"""The state of a run that brought a file: it says nothing of how a paper's crawls go."""
TROUBLED = ("incomplete", "failed", "killed")
"""The states of a run that did not get all there was."""
UNTOLD = "alerts/problem"
"""Among what a run counted: why subscribers may not be told of what it brought."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as `status` shows it; times are ISO 8601, UTC."""

    paper: str
    started: str
    ended: str | None
    state: str
    line: str | None
    reasons: list[tuple[str, str]]
    stats: dict[str, object]
    """What was counted: `refused/private`, `article/sound` and the like; and UNTOLD."""


def register(connection: Connection, paper: str, title: str | None) -> None:
    """Make a paper known, or its title current; without one, what it is called stays."""
    known = select(papers.c.title).where(papers.c.name == paper)
    if connection.scalar(known) is None:
        connection.execute(insert(papers).values(name=paper, title=title or paper))
    elif title:
        connection.execute(update(papers).where(papers.c.name == paper).values(title=title))


def titles(connection: Connection) -> dict[str, str]:
    """The title of every known paper, by name."""
    rows = connection.execute(select(papers).order_by(papers.c.name))
    return {row.name: row.title for row in rows}


def killed_since(connection: Connection, paper: str) -> str | None:
    """When the oldest run of a paper began that never ended; its lock being held, it was killed."""
    started: str | None = connection.scalar(
        select(func.min(runs.c.started)).where(runs.c.paper == paper, runs.c.state == "running")
    )
    return started


def running(connection: Connection) -> set[str]:
    """The papers of runs that never ended: they are at work, or were killed."""
    return set(connection.scalars(select(runs.c.paper).where(runs.c.state == "running")))


def begin(connection: Connection, paper: str, now: str) -> int:
    """Begin a run and return its id.

    The caller holds the paper's lock: a run of it that is still marked running was killed.
    """
    connection.execute(
        update(runs).where(runs.c.paper == paper, runs.c.state == "running").values(state="killed")
    )
    added = insert(runs).values(paper=paper, started=now).returning(runs.c.id)
    run: int = connection.execute(added).scalar_one()
    return run


def end(
    connection: Connection,
    run: int,
    *,
    now: str,
    state: str,
    line: str,
    reasons: list[tuple[str, str]],
    stats: dict[str, object],
) -> None:
    """Say what a run came to."""
    connection.execute(
        update(runs)
        .where(runs.c.id == run)
        .values(ended=now, state=state, line=line, reasons=reasons, stats=stats)
    )


def newest(connection: Connection) -> dict[str, Run]:
    """The newest crawl of each paper; of one that was never crawled, the newest import."""
    rows = connection.execute(select(runs).order_by(runs.c.state != IMPORTED, runs.c.id))
    return {row.paper: _run(row) for row in rows}


def days_before(connection: Connection, paper: str, days: int) -> list[str]:
    """When crawls of a paper began in so many days up to the last of them, ISO 8601."""
    begun = select(runs.c.started).where(runs.c.paper == paper, runs.c.state != IMPORTED)
    times = list(connection.scalars(begun.order_by(runs.c.started)))
    since = datetime.fromisoformat(times[-1]) - timedelta(days=days) if times else None
    return [each for each in times if since and datetime.fromisoformat(each) > since]


def last_failure(connection: Connection, paper: str) -> Run | None:
    """The newest run of a paper that did not end well."""
    return _last(connection, paper, TROUBLED)


def last_success(connection: Connection, paper: str) -> Run | None:
    """The newest run of a paper that got all there was; also where there was no edition."""
    return _last(connection, paper, ("complete", "none"))


def _last(connection: Connection, paper: str, states: Sequence[str]) -> Run | None:
    row = connection.execute(
        select(runs)
        .where(runs.c.paper == paper, runs.c.state.in_(states))
        .order_by(runs.c.id.desc())
        .limit(1)
    ).one_or_none()
    return _run(row) if row else None


def _run(row: Row[Any]) -> Run:
    return Run(
        paper=row.paper,
        started=row.started,
        ended=row.ended,
        state=row.state,
        line=row.line,
        reasons=[(url, reason) for url, reason in row.reasons or []],
        stats=row.stats or {},
    )
