"""Who was told of which article where, in words that mean the same in any copy of the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from newscrawl.catalogue.alert_schema import (
    addresses,
    deliveries,
    delivery_matches,
    matches,
    subscribers,
    subscriptions,
)
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import articles, versions

TOLD_BEFORE = "told before"
"""Why a delivery is cancelled all of which was told, though this catalogue knew nothing of it."""


class Heard(NamedTuple):
    """That a person was told of an article at an address, or is to be. Without any number, which
    an older copy that is put back would give to something else.
    """

    subscriber: str
    """The name."""
    address: str
    """The fingerprint."""
    article_id: str
    text: str = ""
    """The digest of the version that matched. Empty: whichever, for the article itself was told."""

    @property
    def told(self) -> Heard:
        """The article itself, in any version: an edit of what was told is not told again."""
        return self._replace(text="")


def of_deliveries(connection: Connection, wanted: Iterable[int]) -> dict[int, dict[int, Heard]]:
    """What deliveries tell of: by their numbers and those of the matches."""
    found: dict[int, dict[int, Heard]] = {}
    for part in in_parts(wanted):
        for delivery, match, *values in connection.execute(_TOLD, {"ids": part}):
            found.setdefault(delivery, {})[match] = Heard(*values)
    return found


def reprints_of(connection: Connection, wanted: Iterable[int]) -> set[Heard]:
    """The texts that are not told because some deliveries, not many, tell of their stories."""
    told: dict[tuple[int, int], set[tuple[str, str]]] = defaultdict(set)
    for part in in_parts(wanted):
        for subscriber, story, *place in connection.execute(_STORIES_OF, {"ids": part}):
            told[subscriber, story].add((place[0], place[1]))
    stories: dict[str, int] = {
        article: story
        for part in in_parts(story for _subscriber, story in told)
        for article, story in connection.execute(_ARTICLES, {"ids": part})
    }
    if len(stories) == len(set(stories.values())):
        return set()  # nothing but what is told: as a rule it is so
    whose: dict[int, int] = {
        number: subscriber
        for part in in_parts({subscriber for subscriber, _story in told})
        for number, subscriber in connection.execute(_ASKING, {"ids": part})
    }
    found: set[Heard] = set()
    for some in in_parts(stories):
        for of in in_parts(whose):
            for subscription, article, text in connection.execute(_PAIRS, {"of": of, "ids": some}):
                places = told.get((whose[subscription], stories[article]), ())
                found.update(Heard(*place, article, text) for place in places)
    return found


def reprints_among(connection: Connection, wanted: Iterable[int]) -> set[Heard]:
    """The texts of some matches that are not told because their stories were sent."""
    asked = [
        row for part in in_parts(wanted) for row in connection.execute(_CONCERNED, {"ids": part})
    ]
    sent: dict[tuple[int, int], set[tuple[str, str]]] = defaultdict(set)
    for part in in_parts(row.story_id for row in asked):
        for subscriber, story, *place in connection.execute(_SENT_OF, {"ids": part}):
            sent[subscriber, story].add((place[0], place[1]))
    return {
        Heard(*place, row.article_id, row.digest)
        for row in asked
        for place in sent.get((row.subscriber_id, row.story_id), ())
    }


def _in(column: ColumnElement[int] | ColumnElement[str]) -> ColumnElement[bool]:
    return column.in_(bindparam("ids", expanding=True))


_TOLD = (
    select(
        deliveries.c.id,
        matches.c.id,
        subscribers.c.name,
        addresses.c.fingerprint,
        matches.c.article_id,
        func.coalesce(versions.c.digest, ""),
    )
    .select_from(deliveries)
    .join(delivery_matches, delivery_matches.c.delivery_id == deliveries.c.id)
    .join(matches, matches.c.id == delivery_matches.c.match_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .join(subscribers, subscribers.c.id == addresses.c.subscriber_id)
    .outerjoin(versions, versions.c.seq == matches.c.seq)
    .where(_in(deliveries.c.id))
    .order_by(deliveries.c.id, matches.c.id)
)
_STORIES = (
    select(
        addresses.c.subscriber_id,
        articles.c.story_id,
        subscribers.c.name,
        addresses.c.fingerprint,
    )
    .select_from(articles)
    .join(matches, matches.c.article_id == articles.c.id)
    .join(delivery_matches, delivery_matches.c.match_id == matches.c.id)
    .join(deliveries, deliveries.c.id == delivery_matches.c.delivery_id)
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .join(subscribers, subscribers.c.id == addresses.c.subscriber_id)
    .distinct()
)
_STORIES_OF = _STORIES.where(_in(deliveries.c.id))
_SENT_OF = _STORIES.where(
    _in(articles.c.story_id),
    or_(deliveries.c.sent.is_not(None), deliveries.c.error == TOLD_BEFORE),
)
_ARTICLES = select(articles.c.id, articles.c.story_id).where(_in(articles.c.story_id))
_ASKING = select(subscriptions.c.id, subscriptions.c.subscriber_id).where(
    _in(subscriptions.c.subscriber_id), subscriptions.c.state != "removed"
)
_PAIRS = (
    select(matches.c.subscription_id, matches.c.article_id, versions.c.digest)
    .join(versions, versions.c.seq == matches.c.seq)
    .where(
        matches.c.subscription_id.in_(bindparam("of", expanding=True)),
        _in(matches.c.article_id),
        matches.c.kind == "reprint",
    )
)
_CONCERNED = (
    select(
        subscriptions.c.subscriber_id, articles.c.story_id, matches.c.article_id, versions.c.digest
    )
    .select_from(matches)
    .join(subscriptions, subscriptions.c.id == matches.c.subscription_id)
    .join(articles, articles.c.id == matches.c.article_id)
    .join(versions, versions.c.seq == matches.c.seq)
    .where(_in(matches.c.id))
)
