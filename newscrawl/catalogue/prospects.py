"""Prospects: of what a text is a reprint, looked for before the write lock is taken.

To look takes most of the time that placing an article takes, and only reads. So a view of the
catalogue is searched before the transaction; in that, only what was recorded since is compared.
What was found is kept by versions, whose texts and days never change: meanwhile stories may have
been united or divided, and versions replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import compress
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from newscrawl.catalogue.schema import articles, story_marks, versions
from newscrawl.catalogue.versions import newest_seq
from newscrawl.text.dates import parse_day
from newscrawl.text.reprints import Body, is_reprint
from newscrawl.text.shingles import MARKS

_Rows = list[Row[*tuple[Any, ...]]]
_Other = tuple[str, date, Body]

WINDOW_DAYS = 3
"""Between the editions of a reprint and of what it was taken from: 72 hours."""
MOST_COMPARED = 100
"""Versions that a text is compared with, those first that share the most marks; and as many of
those that were recorded after the view."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Into what the other articles of a story fall apart without one of them."""

    seqs: frozenset[int]
    """The versions that were compared."""
    ids: tuple[tuple[str, ...], ...]
    """The articles of each piece, the piece with the first article first."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What one view of the catalogue says of a text."""

    article_id: str = ""
    """The article that is to have this text as a new version; empty for a new article."""
    day: str = ""
    upto: int = 0
    """The last sequence number in the view."""
    reprints: tuple[int, ...] = ()
    """Versions that are the same report."""
    passed: tuple[int, ...] = ()
    """Versions that were not compared, since one of `reprints` was of their story."""
    pieces: Pieces | None = None
    """Of the story that the article is in; None for a new article."""
    verdicts: Mapping[str, bool] = field(default_factory=dict)
    """Whether texts that the view did not show are the same report, by their digests."""

    def fits(self, article_id: str, day: str) -> bool:
        """Whether the text was recorded as what it was taken for."""
        return self.day == day and self.article_id in {"", article_id}


UNSEEN = Prospect()
"""Without a view: everything is still to be compared."""


def look(connection: Connection, day: str, body: Body) -> Prospect:
    """For the text of a new article of this day."""
    return _look(connection, "", day, body)


def look_again(connection: Connection, article_id: str, body: Body) -> Prospect:
    """For the text of a new version of an article."""
    day, story = connection.execute(_PLACED, {"article": article_id}).one()
    # What else is in its story may be divided: nothing of it is passed.
    seen = _look(connection, article_id, day, body, divided=story)
    return replace(seen, pieces=_pieces(connection, story, article_id))


def met(
    connection: Connection, article_id: str, day: str, seq: int, body: Body, prospect: Prospect
) -> set[int]:
    """The stories, as they are now, of other articles that are the same report as the version
    `seq`, the last that was recorded.
    """
    if not prospect.fits(article_id, day):
        prospect = UNSEEN
    found, rows = _found(connection, prospect)
    if seq > prospect.upto + 1:
        rows += _sharing(connection, article_id, day, body, prospect.upto)
    verdicts = prospect.verdicts
    found.update(row.story_id for row in rows if verdicts.get(row.digest))
    for _seq, story, text, digest in rows:
        if story not in found and digest not in verdicts and is_reprint(body, Body.of(text)):
            found.add(story)
    return found


def pieces(
    connection: Connection, story: int, article_id: str, prospect: Prospect
) -> tuple[tuple[str, ...], ...]:
    """The other articles of a story, divided into those that are connected without this one."""
    asked = {"story": story, "article": article_id}
    seen = prospect.pieces
    if seen is not None and seen.seqs == frozenset(connection.scalars(_OTHER_SEQS, asked)):
        return seen.ids
    return _pieces(connection, story, article_id).ids


def window(day: str) -> tuple[date, date] | None:
    """The first and the last day of what an article may be of one story with.

    None where an item of somebody's own names no day of the calendar.
    """
    try:
        middle, span = parse_day(day), timedelta(days=WINDOW_DAYS)
        return middle - span, middle + span
    except (ValueError, OverflowError):
        return None


def week(day: date) -> int:
    """By which `story_marks` are kept; a window touches two of them at most."""
    return day.toordinal() // 7


def _look(
    connection: Connection, article_id: str, day: str, body: Body, divided: int = 0
) -> Prospect:
    upto, found = newest_seq(connection), set[int]()
    reprints, passed = [], []
    compared = Body(body.text)  # its shingles are many, and are not kept with what is prepared
    for seq, story, text, _digest in _sharing(connection, article_id, day, body, 0):
        if story in found and story != divided:
            passed.append(seq)
        elif is_reprint(compared, Body.of(text)):
            reprints.append(seq)
            found.add(story)
    return Prospect(article_id, day, upto, tuple(reprints), tuple(passed))


def _found(connection: Connection, prospect: Prospect) -> tuple[set[int], _Rows]:
    """The stories of what was found and is not replaced, and what was passed in vain: its story
    is none of these any more.
    """
    if not prospect.reprints:
        return set(), []
    rows = connection.execute(_NOW, {"seqs": prospect.reprints + prospect.passed})
    now = {seq: story for seq, story in rows}
    found = {now[seq] for seq in prospect.reprints if seq in now}
    vain = [seq for seq in prospect.passed if seq in now and now[seq] not in found]
    return found, list(connection.execute(_TEXTS, {"seqs": vain})) if vain else []


def _sharing(connection: Connection, article_id: str, day: str, body: Body, after: int) -> _Rows:
    """`(seq, story, body, digest)` of what may be a reprint and has a later sequence number."""
    near = window(day)
    if near is None or not body.marks:
        return []
    since, until = near
    last = len(body.marks) - 1
    asked = {
        "article": article_id,
        "after": after,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "first_week": week(since),
        "last_week": week(until),
        **{f"mark_{n}": body.marks[min(n, last)] for n in range(MARKS)},
    }
    return list(connection.execute(_CANDIDATES, asked))


def _pieces(connection: Connection, story: int, article_id: str) -> Pieces:
    rows = connection.execute(_OTHERS, {"story": story, "article": article_id}).all()
    others = [(other, parse_day(day), Body.of(text)) for _seq, other, day, text in rows]
    return Pieces(frozenset(row.seq for row in rows), tuple(map(tuple, _divided(others))))


def _divided(others: list[_Other]) -> list[list[str]]:
    """The ids of what is connected, the piece with the first article first."""
    made: list[list[str]] = []
    while others:
        piece, others = others[:1], others[1:]
        for one in piece:  # grows while it is walked
            near = [_connected(one, each) for each in others]
            piece.extend(compress(others, near))
            others = [each for each, taken in zip(others, near, strict=True) if not taken]
        made.append([article_id for article_id, _day, _body in piece])
    return made


def _connected(one: _Other, other: _Other) -> bool:
    return abs((one[1] - other[1]).days) <= WINDOW_DAYS and is_reprint(one[2], other[2])


# Statements are built once: building one costs as much as running it.
_SHARING = (
    select(story_marks.c.seq, func.count().label("shared"))
    .where(
        story_marks.c.week.in_([bindparam("first_week"), bindparam("last_week")]),
        story_marks.c.mark.in_([bindparam(f"mark_{n}") for n in range(MARKS)]),
        story_marks.c.seq > bindparam("after"),
    )
    .group_by(story_marks.c.seq)
    .subquery()
)
_CANDIDATES = (
    select(versions.c.seq, articles.c.story_id, versions.c.body, versions.c.digest)
    .select_from(_SHARING)
    .join(versions, versions.c.seq == _SHARING.c.seq)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(
        versions.c.live,
        articles.c.id != bindparam("article"),
        articles.c.day.between(bindparam("since"), bindparam("until")),
    )
    .order_by(_SHARING.c.shared.desc(), versions.c.seq)
    .limit(MOST_COMPARED)
)
_SEEN = versions.c.seq.in_(bindparam("seqs", expanding=True))
_NOW = (
    select(versions.c.seq, articles.c.story_id)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(_SEEN, versions.c.live)
)
_TEXTS = (
    select(versions.c.seq, articles.c.story_id, versions.c.body, versions.c.digest)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(_SEEN)
    .order_by(versions.c.seq)
)
_IN_STORY = (
    articles.c.story_id == bindparam("story"),
    articles.c.id != bindparam("article"),
    versions.c.live,
)
_OTHERS = (
    select(versions.c.seq, articles.c.id, articles.c.day, versions.c.body)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(*_IN_STORY)
    .order_by(articles.c.day, articles.c.first_seen, versions.c.seq)
)
_OTHER_SEQS = (
    select(versions.c.seq).join(articles, articles.c.id == versions.c.article_id).where(*_IN_STORY)
)
_PLACED = select(articles.c.day, articles.c.story_id).where(articles.c.id == bindparam("article"))
