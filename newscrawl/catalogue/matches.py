"""Which article concerns which subscription: each pair once, whatever comes again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import chain
from typing import Literal

from sqlalchemy import Connection, bindparam, case, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from newscrawl.catalogue.alert_schema import (
    addresses,
    deliveries,
    delivery_matches,
    marks,
    matches,
    subscriptions,
)
from newscrawl.catalogue.heard import TOLD_BEFORE
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


def heard(connection: Connection, stories: Iterable[int], after: int) -> set[tuple[int, int]]:
    """The `(subscriber, story)` of these stories of whose matches after this number something was
    sent, or is to be: of a message that has ended otherwise, the parts that had arrived.
    """
    found: set[tuple[int, int]] = set()
    for part in in_parts(stories):
        asked = {"stories": part, "after": after}
        found.update((who, story) for who, story in connection.execute(_HEARD, asked))
        for who, story, match, parts, division in connection.execute(_BEGUN, asked):
            if match in chain.from_iterable((division or ())[:parts]):
                found.add((who, story))
    return found


def told(connection: Connection, by: Iterable[int], stories: Iterable[int]) -> dict[int, set[int]]:
    """The matches of these subscriptions, not many, that were sent or are to be, by story."""
    found: dict[int, set[int]] = {}
    mine = list(by)
    for part in in_parts(stories):
        for story, match in connection.execute(_TOLD, {"mine": mine, "stories": part}):
            found.setdefault(story, set()).add(match)
    return found


def silent(
    connection: Connection, subscription_id: int, stories: Iterable[int]
) -> list[tuple[int, Match]]:
    """By story what the person of a subscription was not told of, as a reprint, whichever of their
    subscriptions matched it, and what may still be found; in the order in which it matched.
    """
    return [
        (story, Match(*values))
        for part in in_parts(stories)
        for story, *values in connection.execute(
            _SILENT, {"subscription": subscription_id, "stories": part}
        )
    ]


def sound(connection: Connection, ids: Iterable[int]) -> None:
    """Let matches that were reprints be news: by these their stories are to be heard of."""
    for part in in_parts(ids):
        connection.execute(_SOUND, {"ids": part})


def of_stories(
    connection: Connection, by: Iterable[int], stories: Iterable[int]
) -> set[tuple[int, int]]:
    """Which of these subscriptions have matched which of these stories, in pairs."""
    of = list(stories)
    return {
        (subscription, story)
        for mine in in_parts(by)
        for part in in_parts(of)
        for subscription, story in connection.execute(_PAIRS, {"mine": mine, "stories": part})
    }


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
_TELLS = or_(
    deliveries.c.state.in_(("leased", "sent")),
    # What is held for an address that may never be confirmed keeps nothing from anybody.
    (deliveries.c.state == "waiting") & (addresses.c.state == "confirmed"),
    # What is cancelled because another has taken its place is told by that one.
    (deliveries.c.state == "cancelled") & (deliveries.c.error == TOLD_BEFORE),
)
_OF_STORIES = (
    select(subscriptions.c.subscriber_id, articles.c.story_id)
    .join(matches, matches.c.subscription_id == subscriptions.c.id)
    .join(articles, articles.c.id == matches.c.article_id)
    .where(articles.c.story_id.in_(bindparam("stories", expanding=True)))
    .where(matches.c.id > bindparam("after"))
)
# Asked of each match: a join begins with every delivery in these states.
_IS_TOLD = exists().where(
    delivery_matches.c.match_id == matches.c.id,
    deliveries.c.id == delivery_matches.c.delivery_id,
    addresses.c.id == deliveries.c.address_id,
    _TELLS,
)
_HEARD = _OF_STORIES.where(_IS_TOLD).distinct()
_BEGUN = (
    _OF_STORIES.add_columns(matches.c.id, deliveries.c.parts, deliveries.c.division)
    .join(delivery_matches, delivery_matches.c.match_id == matches.c.id)
    .join(deliveries, deliveries.c.id == delivery_matches.c.delivery_id)
    .where(deliveries.c.parts > 0, deliveries.c.state.not_in(("leased", "sent")))
)
_PAIRS = (
    select(matches.c.subscription_id, articles.c.story_id)
    .join(articles, articles.c.id == matches.c.article_id)
    .where(articles.c.story_id.in_(bindparam("stories", expanding=True)))
    .where(matches.c.subscription_id.in_(bindparam("mine", expanding=True)))
    .distinct()
)
_TOLD = (
    select(articles.c.story_id, matches.c.id)
    .join(matches, matches.c.article_id == articles.c.id)
    .where(articles.c.story_id.in_(bindparam("stories", expanding=True)))
    .where(matches.c.subscription_id.in_(bindparam("mine", expanding=True)))
    .where(_IS_TOLD)
)
_OWN, _ITS = subscriptions.alias(), versions.alias()
_SILENT = (
    select(articles.c.story_id, matches)
    .join(matches, matches.c.article_id == articles.c.id)
    .join(subscriptions, subscriptions.c.id == matches.c.subscription_id)
    .join(_OWN, _OWN.c.subscriber_id == subscriptions.c.subscriber_id)
    .where(
        articles.c.story_id.in_(bindparam("stories", expanding=True)),
        _OWN.c.id == bindparam("subscription"),
        matches.c.kind == "reprint",
        exists().where(_ITS.c.article_id == articles.c.id, _ITS.c.live),
    )
    .order_by(matches.c.id)
)
_SOUND = (
    update(matches)
    .where(matches.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        kind=case(
            (exists().where(_ITS.c.seq == matches.c.seq, _ITS.c.n > 1), "edited"), else_="new"
        )
    )
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
