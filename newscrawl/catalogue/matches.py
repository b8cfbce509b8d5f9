"""Which article concerns which subscription: each pair once, whatever comes again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Literal

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from newscrawl.catalogue.alert_schema import (
    delivery_matches,
    marks,
    matches,
)
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import articles, versions

Kind = Literal["new", "edited", "reprint"]
MATCHED = "matched"
"""The mark up to which versions are matched."""


@dataclass(frozen=True, slots=True)
class Match:
    """An article that a subscription asks for. Times are ISO 8601, UTC; None where unknown.

    When it was indexed `index_marks` says.
    """

    id: int
    """0 before it is added."""
    subscription_id: int
    article_id: str
    seq: int
    """The version that matched."""
    kind: Kind
    """`reprint`: of a story that the subscriber has heard of."""
    published: str | None
    """The day of its edition, YYYY-MM-DD."""
    first_seen: str | None
    recorded: str | None
    matched: str | None


def matched(connection: Connection) -> int:
    """The sequence number up to which versions are matched."""
    mark: int | None = connection.scalar(select(marks.c.seq).where(marks.c.name == MATCHED))
    return mark or 0


def move_matched(connection: Connection, before: int, to: int) -> bool:
    """Move that mark; False, and nothing is moved, where it is elsewhere than `before`.

    In the transaction that writes what was matched: where it is False that must be rolled back,
    because somebody else has written it.
    """
    moved = connection.execute(
        update(marks).where(marks.c.name == MATCHED, marks.c.seq == before).values(seq=to)
    )
    return moved.rowcount == 1


def add(connection: Connection, wanted: Iterable[Match]) -> list[Match]:
    """Add matches; those that were not there, with their numbers, in the order given."""
    pairs = {(each.subscription_id, each.article_id): each for each in wanted}
    if not pairs:
        return []
    rows = [asdict(each) for each in pairs.values()]
    for row in rows:
        del row["id"]
    ids = {
        (subscription_id, article_id): match_id
        for match_id, subscription_id, article_id in connection.execute(_ADD, rows)
    }
    return [replace(each, id=ids[pair]) for pair, each in pairs.items() if pair in ids]


def there(connection: Connection, wanted: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of some pairs of a subscription and an article of which there is a match."""
    asked: dict[str, list[int]] = {}
    for subscription_id, article_id in wanted:
        asked.setdefault(article_id, []).append(subscription_id)
    return {
        (each, article)
        for article, ids in asked.items()
        for part in in_parts(ids)
        for each in connection.scalars(_THERE, {"article": article, "ids": part})
    }


def newest_id(connection: Connection) -> int:
    """The number of the last match; 0 before the first."""
    return connection.scalar(select(func.max(matches.c.id))) or 0


def subscriptions_after(connection: Connection, match_id: int) -> set[int]:
    """The subscriptions that have matched since the match of this number."""
    later = select(matches.c.subscription_id).where(matches.c.id > match_id)
    return set(connection.scalars(later.distinct()))


def counts(connection: Connection, wanted: Iterable[int]) -> dict[int, int]:
    """How many matches each subscription has; those without any are left out."""
    found: dict[int, int] = {}
    for part in in_parts(wanted):
        found.update((each, count) for each, count in connection.execute(_COUNTS, {"ids": part}))
    return found


def newest(connection: Connection, subscription_id: int, limit: int) -> list[Match]:
    """A subscription's last matches, the newest first."""
    rows = connection.execute(
        select(matches)
        .where(matches.c.subscription_id == subscription_id)
        .order_by(matches.c.id.desc())
        .limit(limit)
    )
    return [Match(*row) for row in rows]


def newest_stories(connection: Connection, subscription_id: int, limit: int) -> list[Match]:
    """A subscription's last matches of articles that may be found, the newest first.

    Of each story the first one only.
    """
    rows = connection.execute(_STORIES, {"id": subscription_id, "limit": limit})
    return [Match(*row) for row in rows]


def of_deliveries(connection: Connection, wanted: Iterable[int]) -> dict[int, list[Match]]:
    """What deliveries tell of, in the order in which it matched."""
    found: dict[int, list[Match]] = {}
    for part in in_parts(wanted):
        for delivery_id, *values in connection.execute(_OF_DELIVERIES, {"ids": part}):
            found.setdefault(delivery_id, []).append(Match(*values))
    return found


_ADD = (
    upsert(matches)
    .on_conflict_do_nothing(index_elements=["subscription_id", "article_id"])
    .returning(matches.c.id, matches.c.subscription_id, matches.c.article_id)
)
_THERE = select(matches.c.subscription_id).where(
    matches.c.article_id == bindparam("article"),
    matches.c.subscription_id.in_(bindparam("ids", expanding=True)),
)
_COUNTS = (
    select(matches.c.subscription_id, func.count())
    .where(matches.c.subscription_id.in_(bindparam("ids", expanding=True)))
    .group_by(matches.c.subscription_id)
)
_EARLIER, _OF_STORY, _FOUND = matches.alias(), articles.alias(), versions.alias()
_STORIES = (
    select(matches)
    .join(articles, articles.c.id == matches.c.article_id)
    .join(versions, (versions.c.article_id == articles.c.id) & versions.c.live)
    .where(matches.c.subscription_id == bindparam("id"))
    .where(
        ~select(_EARLIER.c.id)
        .join(_OF_STORY, _OF_STORY.c.id == _EARLIER.c.article_id)
        .join(_FOUND, (_FOUND.c.article_id == _OF_STORY.c.id) & _FOUND.c.live)
        .where(_OF_STORY.c.story_id == articles.c.story_id)
        .where(_EARLIER.c.subscription_id == matches.c.subscription_id)
        .where(_EARLIER.c.id < matches.c.id)
        .correlate(matches, articles)
        .exists()
    )
    .order_by(matches.c.id.desc())
    .limit(bindparam("limit"))
)
_OF_DELIVERIES = (
    select(delivery_matches.c.delivery_id, matches)
    .join(matches, matches.c.id == delivery_matches.c.match_id)
    .where(delivery_matches.c.delivery_id.in_(bindparam("ids", expanding=True)))
    .order_by(delivery_matches.c.delivery_id, matches.c.id)
)
