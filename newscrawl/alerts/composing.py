"""What a delivery says: from what matched to a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newscrawl.alerts.links import Links
from newscrawl.alerts.message import Item, Message
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue import matches, stories, subscribers, subscriptions, versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.matches import Match
from newscrawl.catalogue.outbox import Delivery
from newscrawl.catalogue.stories import Member
from newscrawl.catalogue.subscribers import Subscriber
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.catalogue.versions import Version
from newscrawl.query.highlight import Passage, mark, passages
from newscrawl.query.limits import ACCEPTED
from newscrawl.query.parse import parse
from newscrawl.query.tree import Node
from newscrawl.text.dates import shown

CHARACTERS = 120
"""Of the passage of an article."""


@dataclass(frozen=True, slots=True)
class Material:
    """What deliveries tell of, what those articles are, who else has their stories, and for whom
    it is.
    """

    told: Mapping[int, Sequence[Match]]
    """By the delivery's number."""
    versions: Mapping[int, Version]
    stories: Mapping[int, int]
    """By sequence number."""
    members: Mapping[int, Sequence[Member]]
    """By story."""
    asked: Mapping[int, Subscription]
    people: Mapping[int, Subscriber]
    """By their numbers."""

    def others(self, match: Match) -> list[Member]:
        """The articles of its story in other papers."""
        members = self.members.get(self.stories.get(match.seq, 0), ())
        paper = self.versions[match.seq].article.paper
        return [each for each in members if each.paper != paper]


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes messages. Links stand in them where people can reach `newscrawl serve`."""

    secrets: Secrets
    links: Links | None

    def material(self, view: Transaction, deliveries: Sequence[Delivery]) -> Material:
        """What the messages of these deliveries are made of, read for all of them at once."""
        told = matches.of_deliveries(view, [each.id for each in deliveries])
        seqs = {match.seq for each in told.values() for match in each}
        of_seqs = stories.of_seqs(view, seqs)
        asked = subscriptions.by_ids(view, {each.subscription_id for each in deliveries})
        return Material(
            told=told,
            versions=versions.by_seq(view, seqs),
            stories=of_seqs,
            members=stories.members_of(view, set(of_seqs.values())),
            asked=asked,
            people=subscribers.by_ids(view, {each.subscriber_id for each in asked.values()}),
        )

    def message(self, delivery: Delivery, material: Material) -> Message:
        """What one of them says. Raises QueryError where its query cannot be read any more, and
        SecretsError where what its links are made of cannot be.
        """
        subscription = material.asked[delivery.subscription_id]
        node = parse(subscription.query, ACCEPTED)
        return Message(
            key=delivery.key,
            subscription=subscription.name,
            query=subscription.query,
            items=tuple(self._items(node, material.told.get(delivery.id, ()), material)),
            language=material.people[subscription.subscriber_id].language,
            unsubscribe=self._unsubscribe(subscription),
            feed=self._feed(subscription),
            division=tuple(map(tuple, delivery.division or ())),
            left_out=delivery.left_out,
        )

    def _items(self, node: Node, told: Iterable[Match], material: Material) -> Iterable[Item]:
        for match in told:
            version = material.versions.get(match.seq)
            if version is not None:
                yield self._item(node, match, version, material.others(match))

    def _item(self, node: Node, match: Match, version: Version, others: Sequence[Member]) -> Item:
        article = version.article
        found = passages(node, article.paragraphs, CHARACTERS)
        return Item(
            headline=mark(node, article.headline, "headline"),
            paper=version.paper_title,
            page=" ".join(filter(None, (article.page, article.page_name))),
            time=shown(datetime.fromisoformat(version.first_seen)),
            passage=found[0] if found else Passage(""),
            snapshot=self.links.snapshot(version.article_id, version.n) if self.links else "",
            original=article.url,
            kind=match.kind,
            also=tuple(dict.fromkeys(each.paper_title for each in others)),
            number=match.id,
            story=self.links.story(version.article_id) if self.links and others else "",
        )

    def _unsubscribe(self, subscription: Subscription) -> str:
        if self.links is None:
            return ""
        return self.links.unsubscribe(self.secrets.opened(subscription.unsubscribe.sealed))

    def _feed(self, subscription: Subscription) -> str:
        if self.links is None:
            return ""
        return self.links.feed(self.secrets.opened(subscription.feed.sealed), "atom")
