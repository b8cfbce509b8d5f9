"""At which addresses a subscription is told."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.catalogue import subscribers
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.routes import Route, lay_routes, routes_of
from newscrawl.catalogue.subscribers import Address
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.errors import UsageError


def told(tx: Transaction, subscription: Subscription) -> tuple[list[Address], list[Address]]:
    """Where it is told, and where otherwise."""
    routes = routes_of(tx, [subscription.id]).get(subscription.id, [])
    held = subscribers.addresses_by_ids(tx, [each.address_id for each in routes])
    first = [held[each.address_id] for each in routes if not each.fallback]
    return first, [held[each.address_id] for each in routes if each.fallback]


def route(
    tx: Transaction,
    subscription: Subscription,
    first: Sequence[Address],
    otherwise: Sequence[Address],
) -> tuple[Address, ...]:
    """Let a subscription be told at these addresses, and return them in their order; one that is
    in both is no fallback. Raises UsageError where there are only fallbacks.
    """
    if otherwise and not first:
        raise UsageError("another address is used where the first fails: there is no first")
    both = {each.id: each for each in (*otherwise, *first)}
    ids = dict.fromkeys(each.id for each in (*first, *otherwise))
    at_first = {each.id for each in first}
    routes = [Route(subscription.id, each, fallback=each not in at_first) for each in ids]
    lay_routes(tx, subscription.id, routes)
    return tuple(both[each] for each in ids)
