"""Subscriptions as a person looks at them: with their addresses, and how much has matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newscrawl.alerts.unread import Unread, fault
from newscrawl.alerts.whose import of_person
from newscrawl.catalogue import letters, matches, subscribers, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.routes import routes_of
from newscrawl.catalogue.subscribers import Address, Subscriber
from newscrawl.catalogue.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription and what belongs to it."""

    subscriber: Subscriber
    subscription: Subscription
    addresses: tuple[Address, ...]
    otherwise: tuple[Address, ...]
    """Those that are used only where the others cannot be reached."""
    matches: int
    """How many articles have matched."""
    dead: int = 0
    """How many messages could not be delivered."""
    fault: str | None = None
    """Why its query cannot be read, if so: then it is passed over."""

    @property
    def unread(self) -> Unread | None:
        """What is said of it then."""
        if self.fault is None:
            return None
        return Unread(self.subscriber.name, self.subscription.name, self.fault)


def held(tx: Transaction, person: str | None = None) -> list[Held]:
    """What everybody has subscribed to, or one person, by name.

    Raises NoSuchSubscriber.
    """
    people = subscribers.everybody(tx) if person is None else [subscribers.named(tx, person)]
    dead = letters.dead(tx)
    return [each for one in people for each in _of(tx, one, dead)]


def one_held(tx: Transaction, person: str, name: str) -> Held:
    """A person's subscription. Raises NoSuchSubscriber or NoSuchSubscription."""
    wanted = of_person(tx, person, name)
    subscriber = subscribers.named(tx, person)
    dead = letters.dead(tx)
    return next(each for each in _of(tx, subscriber, dead) if each.subscription.id == wanted.id)


def _of(tx: Transaction, subscriber: Subscriber, dead: Mapping[int, int]) -> Iterator[Held]:
    mine = subscriptions.of_subscriber(tx, subscriber.id)
    ids = [each.id for each in mine]
    known = {each.id: each for each in subscribers.addresses_of(tx, subscriber.id)}
    routes, counts = routes_of(tx, ids), matches.counts(tx, ids)
    for each in mine:
        to = routes.get(each.id, [])
        yield Held(
            subscriber=subscriber,
            subscription=each,
            addresses=tuple(known[one.address_id] for one in to if not one.fallback),
            otherwise=tuple(known[one.address_id] for one in to if one.fallback),
            matches=counts.get(each.id, 0),
            dead=dead.get(each.id, 0),
            fault=fault(each.query, each.papers),
        )
