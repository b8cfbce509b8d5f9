"""The feed of a subscription: what it has found lately, each story once."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from newscrawl.alerts.feeds import Entry, Feed, Language
from newscrawl.alerts.links import Links
from newscrawl.catalogue import matches, stories, versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.matches import Match
from newscrawl.catalogue.stories import Member
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.catalogue.versions import Version
from newscrawl.query.errors import QueryError
from newscrawl.query.highlight import Passage, passages
from newscrawl.query.parse import parse
from newscrawl.query.tree import Node
from newscrawl.text.clean import on_one_line

MOST = 50
"""Entries of a feed."""
_PASSAGE = 120
"""Characters of an article that are shown."""


def feed_of(
    connection: Transaction,
    subscription: Subscription,
    language: Language,
    *,
    links: Links | None,
    address: str,
) -> Feed:
    """The subscription's feed, at `address` if it has one.

    An article of which nothing may be found any more is left out.
    """
    found = matches.newest_stories(connection, subscription.id, MOST)
    held = versions.by_seq(connection, [match.seq for match in found])
    numbers = stories.of_seqs(connection, held)
    members = stories.members_of(connection, numbers.values())
    asked = _parsed(subscription.query)
    entries = [
        _entry(match, version, members[numbers[match.seq]], asked, subscription, links)
        for match in found
        if (version := held.get(match.seq)) is not None and version.state != "quarantined"
    ]
    return Feed(
        id=_urn(subscription, ""),
        title=subscription.name,
        address=address,
        updated=max((entry.time for entry in entries), default=_time(subscription.created)),
        language=language,
        entries=tuple(entries),
    )


def _entry(
    match: Match,
    version: Version,
    of_story: list[Member],
    asked: Node | None,
    subscription: Subscription,
    links: Links | None,
) -> Entry:
    article = version.article
    others = dict.fromkeys(each.paper_title for each in of_story if each.paper != article.paper)
    return Entry(
        id=_urn(subscription, match.article_id),
        headline=on_one_line(article.headline),
        paper=version.paper_title,
        page=" ".join(filter(None, (article.page, article.page_name))),
        time=_time(match.matched or version.first_seen),
        seen=_time(version.first_seen),
        passage=_passage(asked, article.paragraphs),
        snapshot=links.snapshot(match.article_id, version.n) if links else "",
        original=article.url,
        kind=match.kind,
        also=tuple(others),
        story=links.story(match.article_id) if links and others else "",
    )


def _passage(asked: Node | None, paragraphs: list[str]) -> Passage:
    if asked is None:
        return Passage("".join(paragraphs[:1])[:_PASSAGE])
    return next(iter(passages(asked, paragraphs, _PASSAGE)), Passage(""))


def _parsed(query: str) -> Node | None:
    """None where it was kept under wider limits than those of today: nothing is marked then."""
    try:
        return parse(query)
    except QueryError:
        return None


def _urn(subscription: Subscription, article_id: str) -> str:
    """Of a subscription, or of an article in its feed: made of what never changes of them."""
    return uuid5(NAMESPACE_URL, f"{subscription.feed.digest}/{article_id}").urn


def _time(iso: str) -> datetime:
    return datetime.fromisoformat(iso)
