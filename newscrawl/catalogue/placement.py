"""Which story an article belongs to, decided when its text is recorded.

Two articles are of one story where `text.reprints` says so of their newest bodies and at most
WINDOW_DAYS lie between their days; what is so connected, also through others, is one story.
Who comes first makes no difference: a back-fill and an import join like a crawl. A quarantined
text joins nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import compress
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from newscrawl.catalogue.schema import articles, stories, story_marks, versions
from newscrawl.text.dates import parse_day
from newscrawl.text.reprints import Body, is_reprint
from newscrawl.text.shingles import MARKS

_Row = Row[*tuple[Any, ...]]
_Other = tuple[str, date, Body]

WINDOW_DAYS = 3
"""Between the editions of a reprint and of what it was taken from: 72 hours."""
MOST_COMPARED = 100
"""Articles that a new one is compared with, those first that share the most marks."""
_READ = 500
"""Articles that are read at once."""


def alone(connection: Connection) -> int:
    """A new story, for an article that is about to be recorded."""
    story: int = connection.execute(_FOUND).scalar_one()
    return story


def place(connection: Connection, article_id: str, day: str, seq: int, body: Body) -> None:
    """Unite the story of an article with those that its version `seq` is a reprint of, and let
    articles that come later find it.
    """
    if near := _near(connection, article_id, day, body):
        story: int = connection.execute(_STORY, {"article": article_id}).scalar_one()
        _unite(connection, near | {story})
    _mark(connection, seq, day, body)


def place_again(connection: Connection, article_id: str, seq: int, body: Body) -> None:
    """Judge an article anew by its new version, and what its old one connected."""
    day, story = connection.execute(_PLACED, {"article": article_id}).one()
    if _split(connection, story, article_id):
        _move(connection, [article_id])
    place(connection, article_id, day, seq, body)


def judge_all(connection: Connection) -> None:
    """Make every story anew from the text that is held, under new numbers."""
    connection.execute(delete(story_marks))
    last = connection.scalar(select(func.max(stories.c.id))) or 0
    for article_id in connection.scalars(select(articles.c.id)).all():
        _move(connection, [article_id])
    connection.execute(delete(stories).where(stories.c.id <= last))
    for seq, article_id, day, text in _live(connection):
        place(connection, article_id, day, seq, Body.of(text))


def _near(connection: Connection, article_id: str, day: str, body: Body) -> set[int]:
    """The stories of other articles that are the same report."""
    window = _window(day)
    if window is None or not body.marks:
        return set()
    found: set[int] = set()
    for story, text in connection.execute(_CANDIDATES, _asked(article_id, window, body.marks)):
        if story not in found and is_reprint(body, Body.of(text)):
            found.add(story)
    return found


def _asked(article_id: str, window: tuple[date, date], marks: list[int]) -> dict[str, object]:
    since, until = window
    return {
        "article": article_id,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "first_week": _week(since),
        "last_week": _week(until),
        **{f"mark_{n}": marks[min(n, len(marks) - 1)] for n in range(MARKS)},
    }


def _mark(connection: Connection, seq: int, day: str, body: Body) -> None:
    if body.marks and _window(day):
        week = _week(parse_day(day))
        connection.execute(_MARK, [{"week": week, "mark": each, "seq": seq} for each in body.marks])


def _unite(connection: Connection, met: set[int]) -> None:
    story, *others = sorted(met)
    if not others:
        return
    connection.execute(_UNITE, {"others": others, "story": story})
    connection.execute(_END, {"ended": others})


def _split(connection: Connection, story: int, article_id: str) -> bool:
    """Divide the other articles of a story into those that are connected without this one.

    False where there are none.
    """
    rows = connection.execute(_OTHERS, {"story": story, "article": article_id}).all()
    others = [(other, parse_day(day), Body.of(text)) for other, day, text in rows]
    for piece in _pieces(others)[1:]:
        _move(connection, piece)
    return bool(rows)


def _pieces(others: list[_Other]) -> list[list[str]]:
    """The ids of what is connected, the piece with the first article first."""
    pieces: list[list[str]] = []
    while others:
        piece, others = others[:1], others[1:]
        for one in piece:  # grows while it is walked
            near = [_connected(one, each) for each in others]
            piece.extend(compress(others, near))
            others = [each for each, taken in zip(others, near, strict=True) if not taken]
        pieces.append([article_id for article_id, _day, _body in piece])
    return pieces


def _connected(one: _Other, other: _Other) -> bool:
    return abs((one[1] - other[1]).days) <= WINDOW_DAYS and is_reprint(one[2], other[2])


def _move(connection: Connection, article_ids: list[str]) -> None:
    """Into a new story."""
    connection.execute(_MOVE, {"moved": article_ids, "story": alone(connection)})


def _live(connection: Connection) -> Iterator[_Row]:
    """`(seq, article id, day, body)` of what may be found, in order, few at a time."""
    seq = 0
    while rows := connection.execute(_LIVE, {"seq": seq}).all():
        yield from rows
        seq = rows[-1].seq


def _window(day: str) -> tuple[date, date] | None:
    """The first and the last day of what an article may be of one story with.

    None where an item of somebody's own names no day of the calendar.
    """
    try:
        middle, span = parse_day(day), timedelta(days=WINDOW_DAYS)
        return middle - span, middle + span
    except (ValueError, OverflowError):
        return None


def _week(day: date) -> int:
    return day.toordinal() // 7


# Statements are built once: building one costs as much as running it.
_SHARING = (
    select(story_marks.c.seq, func.count().label("shared"))
    .where(
        story_marks.c.week.in_([bindparam("first_week"), bindparam("last_week")]),
        story_marks.c.mark.in_([bindparam(f"mark_{n}") for n in range(MARKS)]),
    )
    .group_by(story_marks.c.seq)
    .subquery()
)
_CANDIDATES = (
    select(articles.c.story_id, versions.c.body)
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
_OTHERS = (
    select(articles.c.id, articles.c.day, versions.c.body)
    .join(versions, versions.c.article_id == articles.c.id)
    .where(
        articles.c.story_id == bindparam("story"),
        articles.c.id != bindparam("article"),
        versions.c.live,
    )
    .order_by(articles.c.day, articles.c.first_seen, versions.c.seq)
)
_LIVE = (
    select(versions.c.seq, articles.c.id, articles.c.day, versions.c.body)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(versions.c.live, versions.c.seq > bindparam("seq"))
    .order_by(versions.c.seq)
    .limit(_READ)
)
_PLACED = select(articles.c.day, articles.c.story_id).where(articles.c.id == bindparam("article"))
_STORY = select(articles.c.story_id).where(articles.c.id == bindparam("article"))
_FOUND = insert(stories).values().returning(stories.c.id)
_UNITE = (
    update(articles)
    .where(articles.c.story_id.in_(bindparam("others", expanding=True)))
    .values(story_id=bindparam("story"))
)
_MOVE = (
    update(articles)
    .where(articles.c.id.in_(bindparam("moved", expanding=True)))
    .values(story_id=bindparam("story"))
)
_END = delete(stories).where(stories.c.id.in_(bindparam("ended", expanding=True)))
_MARK = insert(story_marks)
