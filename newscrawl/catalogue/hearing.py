"""Who has heard of which story, and what of it was kept from them as a reprint."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from sqlalchemy import Connection, bindparam, case, exists, or_, select, update

from newscrawl.catalogue.alert_schema import (
    addresses,
    deliveries,
    delivery_matches,
    matches,
    subscriptions,
)
from newscrawl.catalogue.heard import TOLD_BEFORE
from newscrawl.catalogue.matches import Match
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import articles, versions


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
