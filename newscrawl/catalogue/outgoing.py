"""What may leave this house: the one place that says which versions and captures an export gets.

An article goes out while one of its versions may be found; a quarantined version never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, case, func, or_, select

from newscrawl.catalogue import covered, log, sqlite
from newscrawl.catalogue.illegible import Damaged, Illegible
from newscrawl.catalogue.schema import articles, snapshots, versions
from newscrawl.catalogue.versions import DAY, Version
from newscrawl.query.subject import day_of

_STREAMED = 1_000
"""Editions in memory at once."""
_KINDS = ("image", "adopted")
"""Kinds of captures that may be a picture: of what a killed run left, the kind is not known."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles are meant, beside what a query finds."""

    papers: Sequence[str] | None = None
    """The spiders' names; None: all."""
    since: date | None = None
    until: date | None = None
    every: bool = False
    """All versions of an article, and not only the newest."""


class Held(NamedTuple):
    """An article that may go out."""

    paper: str
    seq: int
    """Of the version that a search finds."""
    seqs: tuple[int, ...]
    """Of the versions that go out, the oldest first."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A version that goes out, and its capture."""

    version: Version
    first_seen: str
    """Of the article."""
    kind: str
    """What the capture is of: article, import …"""
    url: str
    """The address that gave the answer."""
    requested_url: str
    path: str
    offset: int
    payload_digest: str

    @property
    def folder(self) -> str:
        """The archive's folder of its edition."""
        return self.path.rpartition("/")[0]


class Beside(NamedTuple):
    """A capture that a page needs beside its own: a picture, or what has led to either."""

    requested_url: str
    path: str
    offset: int
    payload_digest: str


def held(connection: Connection, scope: Scope) -> Iterator[Held]:
    """The articles of a scope by paper, day, page and number; those of few editions in memory."""
    chosen = _EDITIONS
    if scope.papers is not None:
        chosen = chosen.where(articles.c.paper.in_(list(scope.papers)))
    if scope.since or scope.until:
        first, last = _ends(scope)
        dated = articles.c.day.between(first, last)
        chosen = chosen.where(or_(dated, articles.c.id.in_(_edited(first, last))))
    editions = connection.execute(chosen, execution_options={"yield_per": _STREAMED})
    for paper, day in editions:
        yield from _of_edition(connection, scope, paper, day)


def outgoing(connection: Connection, seqs: Sequence[int]) -> Iterator[Outgoing]:
    """The named versions with their captures, in this order, all of them in memory.

    Raises Damaged where one cannot be read, or its capture is not known.
    """
    found = {each.seq: each for each in log.named(connection, seqs)}
    rows = {row.seq: row for row in connection.execute(_CAPTURES, {"seqs": list(seqs)})}
    for seq in seqs:
        version, row = found[seq], rows.get(seq)
        if isinstance(version, Illegible):
            raise Damaged.row(version.article_id, version.error)
        if row is None:
            raise Damaged.capture(version.article_id, version.n)
        yield Outgoing(
            version=version,
            first_seen=row.first_seen,
            kind=row.kind,
            url=row.url,
            requested_url=row.requested_url,
            path=row.path,
            offset=row.offset,
            payload_digest=row.payload_digest,
        )


def newest_capture(connection: Connection) -> int:
    """The number of the newest capture; 0 where there is none."""
    return connection.scalar(select(func.max(snapshots.c.id))) or 0


def beside(connection: Connection, folder: str, upto: int) -> Iterator[Beside]:
    """The pictures and redirects that were captured in a folder of the archive, the newest last:
    none with a number above `upto`, and nothing of an address that is taken down.
    """
    place = {"first": f"{folder}/", "last": f"{folder}0", "upto": upto}
    rows = connection.execute(_BESIDE, place).all()
    hidden = covered.covered_among(connection, {url for row in rows for url in row[:2]})
    for url, requested_url, *others in rows:
        if url not in hidden and requested_url not in hidden:
            yield Beside(requested_url, *others)


def _of_edition(connection: Connection, scope: Scope, paper: str, day: str) -> Iterator[Held]:
    seqs: dict[str, list[int]] = {}
    live: dict[str, int] = {}
    for row in connection.execute(_VERSIONS, {"paper": paper, "day": day}):
        if row.live and _within(scope, row.edition):
            live[row.id] = row.seq
        seqs.setdefault(row.id, []).append(row.seq)
    for name, seq in live.items():
        yield Held(paper, seq, tuple(seqs[name]) if scope.every else (seq,))


def _within(scope: Scope, edition: str) -> bool:
    """As a search has it: what has no day is of no range of days."""
    if not (scope.since or scope.until):
        return True
    day = day_of(edition)
    return day is not None and (scope.since or day) <= day <= (scope.until or day)


def _ends(scope: Scope) -> tuple[str, str]:
    first, last = scope.since or date.min, scope.until or date.max
    return first.isoformat(), last.isoformat()


def _edited(first: str, last: str) -> Select[Any]:
    """Articles that were edited and are of one of these days now, whatever they were before."""
    several = select(versions.c.article_id).where(versions.c.n > 1)
    return select(versions.c.article_id).where(
        versions.c.article_id.in_(several), versions.c.live, _EDITION.between(first, last)
    )


_EDITION = case((sqlite.is_json(versions.c.fields), versions.c.fields["edition"].as_string()))
"""Null where a row does not say."""
_EDITIONS = (
    select(articles.c.paper, articles.c.day).distinct().order_by(articles.c.paper, articles.c.day)
)
_VERSIONS = (
    select(articles.c.id, versions.c.seq, versions.c.live, DAY.label("edition"))
    .join(versions, versions.c.article_id == articles.c.id)
    .where(
        articles.c.paper == bindparam("paper"),
        articles.c.day == bindparam("day"),
        versions.c.state != "quarantined",
    )
    .order_by(articles.c.page, articles.c.number, articles.c.id, versions.c.n)
)
_CAPTURES = (
    select(
        versions.c.seq,
        articles.c.first_seen,
        snapshots.c.kind,
        snapshots.c.url,
        snapshots.c.requested_url,
        snapshots.c.path,
        snapshots.c.offset,
        snapshots.c.payload_digest,
    )
    .join(articles, articles.c.id == versions.c.article_id)
    .join(snapshots, snapshots.c.record_id == versions.c.record_id)
    .where(versions.c.seq.in_(bindparam("seqs", expanding=True)))
)
_BESIDE = (
    select(
        snapshots.c.url,
        snapshots.c.requested_url,
        snapshots.c.path,
        snapshots.c.offset,
        snapshots.c.payload_digest,
    )
    .where(
        snapshots.c.path.between(bindparam("first"), bindparam("last")),
        snapshots.c.id <= bindparam("upto"),
        or_(
            (snapshots.c.status == 200) & snapshots.c.kind.in_(_KINDS),
            snapshots.c.status.between(300, 399),
        ),
    )
    .order_by(snapshots.c.id)
)
