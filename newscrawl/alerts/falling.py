"""What cannot be told at an address is told where its subscription has one for that case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newscrawl.alerts.plan import Keyed
from newscrawl.catalogue import letters, matches, outbox, subscribers
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.outbox import Wanted
from newscrawl.catalogue.routes import Route, routes_of


@dataclass(frozen=True, slots=True)
class _Place:
    """An address for that case, of a subscription."""

    subscription_id: int
    address_id: int
    mark: str


@dataclass(slots=True)
class _News:
    """What is to be told at one."""

    keys: tuple[str, str]
    """Of the message, and of another where that is there already."""
    matches: list[int]


def fall_back(tx: Transaction, failed: Iterable[int], keyed: Keyed, now: str) -> None:
    """Tell there what these deliveries tell of, in one message; an article once, whatever fails
    later. What is for such an address itself has none.
    """
    deliveries = letters.by_ids(tx, failed)
    of = matches.of_deliveries(tx, [each.id for each in deliveries])
    told = letters.ever_at(tx, (match.id for each in of.values() for match in each))
    places = _places(tx, {each.subscription_id for each in deliveries})
    news: dict[_Place, _News] = {}
    for delivery in deliveries:
        for place in places.get((delivery.subscription_id, delivery.address_id), ()):
            wanted = [
                match
                for match in of.get(delivery.id, ())
                if match.id not in delivery.arrived and (place.address_id, match.id) not in told
            ]
            if wanted:
                mark = f"{delivery.key}-{place.mark}"
                keys = keyed(mark), keyed(f"{mark} from {wanted[0].article_id}")
                news.setdefault(place, _News(keys, [])).matches += [each.id for each in wanted]
                told |= {(place.address_id, each.id) for each in wanted}
    for place, one in news.items():
        if not _put(tx, place, one.keys[0], one.matches, now):
            _put(tx, place, one.keys[1], one.matches, now)


def _put(tx: Transaction, place: _Place, key: str, ids: Iterable[int], now: str) -> int:
    subscription, address = place.subscription_id, place.address_id
    wanted = [Wanted(subscription, address, each, key, now, joins=False) for each in ids]
    return outbox.put(tx, wanted, now)


def _places(tx: Transaction, ids: Iterable[int]) -> dict[tuple[int, int], list[_Place]]:
    """By subscription and address that it is told at first."""
    routes = routes_of(tx, ids)
    others = [to.address_id for each in routes.values() for to in each if to.fallback]
    held = subscribers.addresses_by_ids(tx, others)

    def of(to: Iterable[Route]) -> list[_Place]:
        return [
            _Place(each.subscription_id, each.address_id, held[each.address_id].fingerprint)
            for each in to
            if each.fallback
        ]

    return {
        (number, each.address_id): of(to)
        for number, to in routes.items()
        for each in to
        if not each.fallback
    }
