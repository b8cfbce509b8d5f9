"""What later readings of an edition found of its articles: edited, moved, gone, back again.

A row is written where that changes. Gone is told of only when it was seen a second time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from newscrawl.catalogue.schema import articles, papers, sightings
from newscrawl.catalogue.takedown_schema import taken_down
from newscrawl.items import Article

_Row = Row[*tuple[Any, ...]]
State = Literal["edited", "moved", "gone", "back"]
Standing = Literal["unknown", "answers", "moved", "perhaps gone", "gone"]
"""`unknown`: it was never read again."""
STATES: tuple[State, ...] = ("edited", "moved", "gone", "back")


class Place(NamedTuple):
    """Where an article is, or was last seen."""

    url: str
    page: str
    number: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that a later reading found of an article; times are ISO 8601, UTC."""

    id: int
    article_id: str
    state: State
    seen_at: str
    """The first time."""
    last_at: str
    """The last time."""
    confirmed: str | None
    """When it was certain: at once, but for what is gone; None where that was seen once."""
    reason: str
    """Why it is taken for gone, or which way it was moved."""
    record_id: str
    """The capture that shows it."""
    seq: int | None
    """The version that an edit made."""
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """A sighting in a list of those of many articles."""

    sighting: Sighting
    paper: str
    paper_title: str
    day: str


@dataclass(frozen=True, slots=True)
class Original:
    """Whether what was captured is still there, as far as is known."""

    state: Standing
    seen: str
    """When that was seen last; ISO 8601, UTC."""
    reason: str
    """Why it is taken for gone, or which way it was moved."""
    url: str
    """Where it is, or was sought."""


@dataclass(frozen=True, slots=True)
class Missed:
    """An article that was sought in vain."""

    article_id: str
    seen_at: str
    """When; ISO 8601, UTC."""
    reason: str
    record_id: str
    url: str


def seen(connection: Connection, article_id: str, article: Article, seq: int | None) -> None:
    """A held article was read again; `seq`: its new version, where the text has changed."""
    when, record_id = article.snapshot_time, article.record_id
    connection.execute(_SEEN, {"article": article_id, "when": when})
    values = {
        "article_id": article_id,
        "seen_at": when,
        "last_at": when,
        "confirmed": when,
        "record_id": record_id,
        "url": article.url,
        "page": article.page,
        "number": article.number,
    }
    if (gone := _open(connection, article_id)) is not None:
        if gone.confirmed is None:
            connection.execute(delete(sightings).where(sightings.c.id == gone.id))
        else:
            _add(connection, values, "back", gone.reason)
    before = place_of(connection, article_id)
    if before.page and (before.page, before.number) != (article.page, article.number):
        way = f"{before.page}/{before.number} to {article.page}/{article.number}"
        _add(connection, values, "moved", way)
    if seq is not None:
        _add(connection, values | {"seq": seq}, "edited", "")


def gone(connection: Connection, missed: Missed, after_minutes: float) -> bool:
    """An article was sought in vain; whether that is certain by now.

    It is when it was so before, at least `after_minutes` ago.
    """
    known = _open(connection, missed.article_id)
    if known is None:
        place = place_of(connection, missed.article_id)
        values = {
            "article_id": missed.article_id,
            "seen_at": missed.seen_at,
            "last_at": missed.seen_at,
            "confirmed": None,
            "record_id": missed.record_id,
            "url": missed.url,
            "page": place.page,
            "number": place.number,
        }
        _add(connection, values, "gone", missed.reason)
        return False
    confirmed = known.confirmed
    if confirmed is None and _minutes(known.seen_at, missed.seen_at) >= after_minutes:
        confirmed = missed.seen_at
    connection.execute(
        update(sightings)
        .where(sightings.c.id == known.id)
        .values(last_at=missed.seen_at, confirmed=confirmed)
    )
    return confirmed is not None


def suspected(connection: Connection, paper: str, day: str) -> list[Missed]:
    """The articles of an edition that were sought in vain once, and not yet again."""
    rows = connection.execute(
        select(
            sightings.c.article_id,
            sightings.c.seen_at,
            sightings.c.reason,
            sightings.c.record_id,
            sightings.c.url,
        )
        .join(articles, articles.c.id == sightings.c.article_id)
        .where(articles.c.paper == paper, articles.c.day == day, sightings.c.confirmed.is_(None))
        .order_by(sightings.c.id)
    )
    return [Missed(*row) for row in rows]


def is_gone(connection: Connection, article_id: str) -> bool:
    """Whether an article is known to be gone."""
    known = _open(connection, article_id)
    return known is not None and known.confirmed is not None


def place_of(connection: Connection, article_id: str) -> Place:
    """Where an article was seen last: where it was moved to, else where it was first."""
    moved = connection.execute(_MOVED, {"article": article_id}).one_or_none()
    return Place(*(moved or connection.execute(_FIRST, {"article": article_id}).one()))


def original(connection: Connection, article_id: str) -> Original:
    """Whether an article is still there."""
    known, place = _open(connection, article_id), place_of(connection, article_id)
    if known is not None:
        state: Standing = "gone" if known.confirmed else "perhaps gone"
        return Original(state, known.last_at, known.reason, place.url)
    row = connection.execute(
        select(articles.c.seen, articles.c.first_seen, articles.c.page, articles.c.number).where(
            articles.c.id == article_id
        )
    ).one()
    if row.seen is None:
        return Original("unknown", row.first_seen, "", place.url)
    moved = (row.page, row.number) != (place.page, place.number)
    way = f"{row.page}/{row.number} to {place.page}/{place.number}" if moved else ""
    return Original("moved" if moved else "answers", row.seen, way, place.url)


def of_article(connection: Connection, article_id: str) -> list[Sighting]:
    """Everything that later readings found of an article, in order."""
    rows = connection.execute(
        _SIGHTINGS.where(sightings.c.article_id == article_id).order_by(sightings.c.id)
    )
    return [_sighting(row) for row in rows]


def since(
    connection: Connection,
    when: str,
    *,
    papers_named: Collection[str] = (),
    states: Collection[State] = STATES,
    limit: int,
    certain: bool = True,
) -> list[Found]:
    """What was certain from a time on, newest first, of some papers (all, if none is named); of
    what is taken down nothing. Not `certain`: what was sought in vain once, and not since.
    """
    when_known = sightings.c.confirmed if certain else sightings.c.last_at
    wanted = (
        _SIGHTINGS.add_columns(articles.c.paper, papers.c.title, articles.c.day)
        .join(articles, articles.c.id == sightings.c.article_id)
        .join(papers, papers.c.name == articles.c.paper)
        .where(when_known >= when, sightings.c.state.in_(states))
        .where(articles.c.id.not_in(select(taken_down.c.article_id)))
        .order_by(when_known.desc(), sightings.c.id.desc())
        .limit(limit)
    )
    if not certain:
        wanted = wanted.where(sightings.c.confirmed.is_(None))
    if papers_named:
        wanted = wanted.where(articles.c.paper.in_(papers_named))
    return [
        Found(_sighting(row), row.paper, row.title, row.day) for row in connection.execute(wanted)
    ]


def counted(connection: Connection, paper: str, day: str, when: str) -> dict[str, int]:
    """What a reading of an edition, begun at a time, has found: articles by state; `seen`: how
    many of them were read.
    """
    edition = articles.c.paper == paper, articles.c.day == day
    rows = connection.execute(
        select(sightings.c.state, func.count())
        .join(articles, articles.c.id == sightings.c.article_id)
        .where(*edition, sightings.c.last_at >= when, sightings.c.confirmed.is_not(None))
        .group_by(sightings.c.state)
    )
    found: dict[str, int] = {state: count for state, count in rows}
    read = select(func.count()).where(*edition, articles.c.seen >= when)
    return found | {"seen": connection.scalar(read) or 0}


def _open(connection: Connection, article_id: str) -> _Row | None:
    """The sighting by which an article is gone, as long as it is not back."""
    row = connection.execute(_LAST, {"article": article_id}).one_or_none()
    return row if row is not None and row.state == "gone" else None


def _add(connection: Connection, values: dict[str, Any], state: State, reason: str) -> None:
    connection.execute(_ADD, {"seq": None, **values, "state": state, "reason": reason})


def _minutes(before: str, now: str) -> float:
    return (datetime.fromisoformat(now) - datetime.fromisoformat(before)).total_seconds() / 60


def _sighting(row: _Row) -> Sighting:
    return Sighting(*row[: len(_COLUMNS)])


# Built once: they run for every article that is read again.
_SEEN = update(articles).where(articles.c.id == bindparam("article")).values(seen=bindparam("when"))
_ADD = insert(sightings)
_LAST = (
    select(
        sightings.c.id,
        sightings.c.state,
        sightings.c.confirmed,
        sightings.c.seen_at,
        sightings.c.last_at,
        sightings.c.reason,
    )
    .where(sightings.c.article_id == bindparam("article"), sightings.c.state.in_(("gone", "back")))
    .order_by(sightings.c.id.desc())
    .limit(1)
)
_MOVED = (
    select(sightings.c.url, sightings.c.page, sightings.c.number)
    .where(sightings.c.article_id == bindparam("article"), sightings.c.state == "moved")
    .order_by(sightings.c.id.desc())
    .limit(1)
)
_FIRST = select(articles.c.url, articles.c.page, articles.c.number).where(
    articles.c.id == bindparam("article")
)
_COLUMNS: Sequence[str] = tuple(Sighting.__dataclass_fields__)
_SIGHTINGS = select(*(sightings.c[name] for name in _COLUMNS))
