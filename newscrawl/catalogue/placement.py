"""Which story an article belongs to, decided when its text is recorded.

Two articles are of one story where `text.reprints` says so of their newest bodies and at most
WINDOW_DAYS lie between their days; what is so connected, also through others, is one story.
Who comes first makes no difference: a back-fill and an import join like a crawl. A quarantined
text joins nothing. `prospects` looks for what is connected, ahead of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from newscrawl.catalogue import prospects
from newscrawl.catalogue.prospects import UNSEEN, Prospect
from newscrawl.catalogue.schema import articles, stories, story_marks, versions
from newscrawl.text.dates import parse_day
from newscrawl.text.reprints import Body

_Row = Row[*tuple[Any, ...]]

_READ = 500
"""Articles that are read at once."""


def alone(connection: Connection) -> int:
    """A new story, for an article that is about to be recorded."""
    story: int = connection.execute(_FOUND).scalar_one()
    return story


def place(
    connection: Connection,
    article_id: str,
    day: str,
    seq: int,
    body: Body,
    prospect: Prospect = UNSEEN,
) -> None:
    """Unite the story of an article with those that its version `seq` is a reprint of, and let
    articles that come later find it.
    """
    if near := prospects.met(connection, article_id, day, seq, body, prospect):
        story: int = connection.execute(_STORY, {"article": article_id}).scalar_one()
        _unite(connection, near | {story})
    _mark(connection, seq, day, body)


def place_again(
    connection: Connection, article_id: str, seq: int, body: Body, prospect: Prospect = UNSEEN
) -> None:
    """Judge an article anew by its new version, and what its old one connected."""
    day, story = connection.execute(_PLACED, {"article": article_id}).one()
    if others := prospects.pieces(connection, story, article_id, prospect):
        for piece in (*others[1:], [article_id]):
            _move(connection, piece)
    place(connection, article_id, day, seq, body, prospect)


def judge_all(connection: Connection) -> None:
    """Make every story anew from the text that is held, under new numbers."""
    connection.execute(delete(story_marks))
    last = connection.scalar(select(func.max(stories.c.id))) or 0
    for article_id in connection.scalars(select(articles.c.id)).all():
        _move(connection, [article_id])
    connection.execute(delete(stories).where(stories.c.id <= last))
    for seq, article_id, day, text in _live(connection):
        place(connection, article_id, day, seq, Body.of(text))


def _mark(connection: Connection, seq: int, day: str, body: Body) -> None:
    if body.marks and prospects.window(day):
        week = prospects.week(parse_day(day))
        connection.execute(_MARK, [{"week": week, "mark": each, "seq": seq} for each in body.marks])


def _unite(connection: Connection, met: set[int]) -> None:
    story, *others = sorted(met)
    if not others:
        return
    connection.execute(_UNITE, {"others": others, "story": story})
    connection.execute(_END, {"ended": others})


def _move(connection: Connection, article_ids: Sequence[str]) -> None:
    """Into a new story."""
    connection.execute(_MOVE, {"moved": article_ids, "story": alone(connection)})


def _live(connection: Connection) -> Iterator[_Row]:
    """`(seq, article id, day, body)` of what may be found, in order, few at a time."""
    seq = 0
    while rows := connection.execute(_LIVE, {"seq": seq}).all():
        yield from rows
        seq = rows[-1].seq


# Statements are built once: building one costs as much as running it.
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
