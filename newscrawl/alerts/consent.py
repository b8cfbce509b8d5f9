"""What a person decides by the links in messages: that an address is theirs, that it is enough.

A link's secret is looked up by its SHA-256. Only `confirm` and `unsubscribe` change anything, and
each as often as one likes with the same result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from newscrawl.alerts.freshness import stale_before
from newscrawl.alerts.secrets import digest
from newscrawl.catalogue import arrears, letters, subscribers, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.routes import routes_of
from newscrawl.catalogue.subscribers import Address, Subscriber
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.text.dates import iso

UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is asked to confirm, or has confirmed."""

    person: Subscriber
    address: Address
    subscriptions: tuple[Subscription, ...]
    """What is sent there."""


def asked(connection: Transaction, secret: str) -> Asked | None:
    """What a secret confirms or has confirmed; None where there is none such."""
    address = subscribers.address_by(connection, digest(secret))
    return None if address is None else _asked(connection, address)


def confirm(connection: Transaction, secret: str, now: datetime) -> Asked | None:
    """Let the address be used, and what was held for it be sent. None, and nothing is changed, for
    a secret that is none.
    """
    waiting = subscribers.address_by(connection, digest(secret))
    if waiting is not None and waiting.state == "pending":
        arrears.forget(connection, stale_before(now))
        arrears.release(connection, waiting, iso(now))
    address = subscribers.confirm(connection, digest(secret), iso(now))
    return None if address is None else _asked(connection, address)


def ending(connection: Transaction, secret: str) -> Subscription | None:
    """What a secret ends or has ended; None where there is none such."""
    return subscriptions.by_unsubscribe(connection, digest(secret))


def unsubscribe(connection: Transaction, secret: str) -> Subscription | None:
    """Remove the subscription, and let nothing more of it be sent.

    None, and nothing is changed, for a secret that is none.
    """
    subscription = ending(connection, secret)
    if subscription is None or subscription.state == "removed":
        return subscription
    return end(connection, subscription)


def end(connection: Transaction, subscription: Subscription) -> Subscription:
    """The subscription as it is from now on: removed, and nothing that waits for it is sent."""
    removed = replace(subscription, state="removed")
    subscriptions.change(connection, removed)
    letters.cancel_of_subscription(connection, subscription.id, UNSUBSCRIBED)
    return removed


def _asked(connection: Transaction, address: Address) -> Asked:
    person = subscribers.by_ids(connection, [address.subscriber_id])[address.subscriber_id]
    every = subscriptions.of_subscriber(connection, person.id)
    routes = routes_of(connection, [each.id for each in every])
    told = (
        each
        for each in every
        if any(route.address_id == address.id for route in routes.get(each.id, []))
    )
    return Asked(person, address, tuple(told))
