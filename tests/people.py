"""Small values for tests: people, addresses, subscriptions and what matched."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import insert

from newscrawl.catalogue import matches, subscribers, subscriptions
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.matches import Match
from newscrawl.catalogue.routes import Route, lay_routes
from newscrawl.catalogue.subscribers import Address, Subscriber
from newscrawl.catalogue.subscriptions import Secret, Subscription
from tests.makers import NOW

_secret = count()


def person(tx: Transaction, name: str = "me", **changes: Any) -> int:
    """Somebody who reads Chinese, at any hour."""
    values = {"language": "zh", "quiet": None, "created": NOW} | changes
    return subscribers.add(tx, Subscriber(id=0, name=name, **values))


def address(tx: Transaction, subscriber: int, mark: str = "a", /, **changes: Any) -> int:
    """A confirmed address; `mark` tells a person's apart."""
    values = {
        "kind": "ntfy",
        "shown": f"ntfy://{mark}.example",
        "sealed": f"sealed {mark}",
        "fingerprint": f"fingerprint {mark}",
        "state": "confirmed",
        "created": NOW,
        "confirmed": NOW,
    }
    token = changes.pop("token", None)
    made = Address(id=0, subscriber_id=subscriber, **(values | changes))
    return subscribers.add_address(tx, made, token)


def secret() -> Secret:
    number = next(_secret)
    return Secret(f"sealed {number}", f"digest {number}")


def subscription(
    tx: Transaction,
    subscriber: int,
    name: str = "临空",
    to: tuple[int, ...] = (),
    /,
    **changes: Any,
) -> int:
    """An active subscription from the beginning on, told at once."""
    values = {
        "query": "临空经济",
        "papers": (),
        "sieve": None,
        "rhythm": "at once",
        "state": "active",
        "since_seq": 0,
        "created": NOW,
        "feed": secret(),
        "unsubscribe": secret(),
    }
    made = Subscription(id=0, subscriber_id=subscriber, name=name, **(values | changes))
    added = subscriptions.add(tx, made)
    lay_routes(tx, added, [Route(added, each, fallback=False) for each in to])
    return added


def dead_letter(tx: Transaction, subscription: int, address: int, key: str = "key") -> None:
    """A message that was given up."""
    values = {"state": "dead", "slot": NOW, "due": NOW, "created": NOW, "error": "answered 410"}
    told = {"key": key, "subscription_id": subscription, "address_id": address}
    tx.execute(insert(deliveries).values(values | told))


def match(subscription: int, article_id: str, seq: int = 1, /, **changes: Any) -> Match:
    """An article that is matched and not written down yet."""
    values = {
        "kind": "new",
        "published": None,
        "first_seen": NOW,
        "recorded": NOW,
        "matched": NOW,
    }
    return Match(0, subscription, article_id, seq, **(values | changes))


def matched(tx: Transaction, subscription: int, *article_ids: str) -> list[int]:
    """Matches of these articles, written down; their numbers."""
    added = matches.add(tx, [match(subscription, each) for each in article_ids])
    return [each.id for each in added]
