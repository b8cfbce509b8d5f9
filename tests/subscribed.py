"""Very many people who subscribe, written in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from sqlalchemy import insert

from newscrawl.catalogue.alert_schema import addresses, routes, subscribers, subscriptions
from newscrawl.catalogue.connection import Catalogue
from tests.makers import NOW

TRANSACTION = 20_000
"""Subscriptions in one."""


def subscribe_many(
    catalogue: Catalogue,
    count: int,
    query: Callable[[int], tuple[str, str]],
    each: int = 1,
    *,
    told: bool = True,
) -> None:
    """So many subscriptions, numbered from 1 on in a catalogue that has none.

    `query`: that of a number, and its sieve; `each`: how many a person has, all at one address;
    `told`: whether they are told there, and not by their feeds only.
    """
    waiting = iter(range(1, count + 1))
    while numbers := list(islice(waiting, TRANSACTION)):
        people = [number for number in numbers if number % each == 1 or each == 1]
        with catalogue.write() as tx:
            if people:
                tx.execute(insert(subscribers), [_person(number) for number in people])
                tx.execute(insert(addresses), [_address(number) for number in people])
            tx.execute(insert(subscriptions), list(_subscriptions(numbers, query, each)))
            if told:
                tx.execute(insert(routes), [_route(n, _owner(n, each)) for n in numbers])


def _owner(number: int, each: int) -> int:
    return number - (number - 1) % each


def _person(number: int) -> dict[str, object]:
    return {"id": number, "name": f"p{number}", "language": "zh", "created": NOW}


def _address(number: int) -> dict[str, object]:
    return {
        "id": number,
        "subscriber_id": number,
        "kind": "ntfy",
        "shown": "ntfy://many.example/…",
        "sealed": "sealed",
        "fingerprint": f"fingerprint {number}",
        "state": "confirmed",
        "created": NOW,
        "confirmed": NOW,
    }


def _subscriptions(
    numbers: list[int], query: Callable[[int], tuple[str, str]], each: int
) -> Iterator[dict[str, object]]:
    for number in numbers:
        text, sieve = query(number)
        yield {
            "id": number,
            "subscriber_id": _owner(number, each),
            "name": f"s{number}",
            "query": text,
            "papers": [],
            "sieve": sieve,
            "rhythm": "at once",
            "state": "active",
            "since_seq": 0,
            "created": NOW,
            "feed": "sealed",
            "feed_digest": f"feed {number}",
            "unsubscribe": "sealed",
            "unsubscribe_digest": f"unsubscribe {number}",
            "revision": number,
        }


def _route(number: int, owner: int) -> dict[str, object]:
    return {"subscription_id": number, "address_id": owner, "fallback": False, "place": 0}
