"""A person's subscription by its name; where there is none, who has one of that name."""

from __future__ import annotations

from newscrawl.catalogue import subscribers, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.subscribers import NoSuchSubscriber
from newscrawl.catalogue.subscriptions import NoSuchSubscription, Subscription

MOST = 3
"""Who are named."""


def of_person(tx: Transaction, person: str, name: str) -> Subscription:
    """Raises NoSuchSubscriber or NoSuchSubscription, which say who has one."""
    known = subscribers.found(tx, person)
    found = known and subscriptions.found(tx, known.id, name)
    if found:
        return found
    others = whose(tx, name)
    if not others:
        return subscriptions.named(tx, subscribers.named(tx, person).id, name)
    if known is None:
        raise NoSuchSubscriber(f"{person}: nobody of this name has subscribed; {others}")
    raise NoSuchSubscription(f"{name}: no subscription of this name; {others}")


def whose(tx: Transaction, name: str) -> str:
    """`林 has one called 渡口: --person 林`; empty where nobody has a subscription of this name."""
    people = subscribers.subscribed_to(tx, name)
    if not people:
        return ""
    if len(people) == 1:
        return f"{people[0]} has one called {name}: --person {people[0]}"
    more = f" and {len(people) - MOST} more" if len(people) > MOST else ""
    return f"{', '.join(people[:MOST])}{more} have one called {name}: --person NAME"
