"""Ending an address of a person: nothing goes there any more, nor is it kept where it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newscrawl.alerts.redirecting import moved
from newscrawl.alerts.routing import told
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue import letters, outbox, subscribers, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.outbox import Wanted
from newscrawl.catalogue.routes import Route, lay_routes, routes_of
from newscrawl.catalogue.subscribers import Address, Subscriber
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.errors import UsageError


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What ending an address has come to."""

    address: Address
    cancelled: int
    """Messages that waited for it: not sent there, but where it is told instead."""
    silent: tuple[str, ...]
    """Names of subscriptions that are told nowhere now, but in their feeds."""


def forget(
    tx: Transaction, person: Subscriber, given: str, secrets: Secrets, now: str
) -> Forgotten:
    """End a person's address, given as its URL or as it is shown.

    Where it was the only one, those that are told otherwise take its place. What waits for it goes
    to those that are told instead, if there are any; what has begun to arrive is only cancelled.
    It begins anew, and is asked again, when it is given again. Raises UsageError, without the
    address in it, where the person has none such, or several that are shown alike.
    """
    address = _chosen(tx, person, given, secrets)
    silent, wanted = [], list[Wanted]()
    for subscription in _leave(tx, person, address):
        first, otherwise = told(tx, subscription)
        if not first:
            silent.append(subscription.name)
        wanted += _moved(tx, subscription, address, _instead(first, otherwise), secrets, now)
    cancelled = letters.cancel_of_address(tx, address.id, letters.FORGOTTEN)
    outbox.put(tx, wanted, now)
    letters.drop_at(tx, address.id)
    # What was leased a moment ago opens it, and finds no address.
    subscribers.end_address(tx, address.id, secrets.seal(""))
    return Forgotten(address, cancelled, tuple(silent))


def _chosen(tx: Transaction, person: Subscriber, given: str, secrets: Secrets) -> Address:
    held = [each for each in subscribers.addresses_of(tx, person.id) if each.state != "ended"]
    mark = secrets.fingerprint(f"address {given}")
    found = [each for each in held if each.fingerprint == mark]
    found = found or [each for each in held if each.shown == given]
    if not found:
        there = ", ".join(dict.fromkeys(each.shown for each in held)) or "none"
        raise UsageError(f"{person.name}: has no such address; there are: {there}")
    if len(found) > 1:
        raise UsageError(
            f"{given}: {len(found)} addresses of {person.name} are shown so: give the URL itself; "
            "`-` reads it from standard input"
        )
    return found[0]


def _leave(tx: Transaction, person: Subscriber, address: Address) -> Iterator[Subscription]:
    """Let no subscription be told there; those that were."""
    mine = {each.id: each for each in subscriptions.of_subscriber(tx, person.id)}
    for number, routes in routes_of(tx, mine).items():
        left = [each for each in routes if each.address_id != address.id]
        if len(left) < len(routes):
            lay_routes(tx, number, _promoted(left))
            yield mine[number]


def _moved(
    tx: Transaction,
    subscription: Subscription,
    address: Address,
    instead: Sequence[Address],
    secrets: Secrets,
    now: str,
) -> list[Wanted]:
    there = [each for each in letters.unsent(tx, subscription.id) if each.address_id == address.id]
    return moved(tx, subscription.id, there, lambda _each: instead, secrets.fingerprint, now)


def _instead(first: Sequence[Address], otherwise: Sequence[Address]) -> Sequence[Address]:
    """Where a subscription is told: as new matches of it are, those that wait to be confirmed only
    where nobody else is told.
    """
    usable = ([each for each in some if each.state == "confirmed"] for some in (first, otherwise))
    return next(filter(None, usable), first)


def _promoted(routes: Sequence[Route]) -> Sequence[Route]:
    """These; where all of them wait for others to fail, they are the first."""
    if not all(each.fallback for each in routes):
        return routes
    return [Route(each.subscription_id, each.address_id, fallback=False) for each in routes]
