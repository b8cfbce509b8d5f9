"""An outbox to put into and to lease from, at minutes of a day."""

from __future__ import annotations

from newscrawl.catalogue import leases, letters, matches, outbox
from newscrawl.catalogue.outbox import Wanted
from tests.people import address, matched, person, subscription

ALL = ("waiting", "leased", "sent", "dead", "cancelled", "expired")


def at(minute: int) -> str:
    return f"2023-12-15T01:{minute:02}:00.000000+00:00"


class Box:
    """An outbox with a subscription, two addresses and six articles that it asks for."""

    def __init__(self, tx, made):
        self.tx = tx
        self.me = person(tx)
        self.one, self.two = address(tx, self.me, "a"), address(tx, self.me, "b")
        self.mine = subscription(tx, self.me, "临空", (self.one,))
        self.other = subscription(tx, self.me, "渡口", (self.one,))
        self.ids = matched(tx, self.mine, *made)
        self.others = matched(tx, self.other, *made)

    def put(self, *which, due=0, joins=False, to=None, now=0):
        wanted = [
            Wanted(self.mine, to or self.one, self.ids[n], f"key {n}", at(due), joins=joins)
            for n in which
        ]
        return outbox.put(self.tx, wanted, at(now))

    def lease(self, now=0, until=None, most=10, but=()):
        return leases.take(self.tx, at(now), at(now + 5 if until is None else until), most, but)

    def told(self, delivery):
        return [
            self.ids.index(each.id)
            for each in matches.of_deliveries(self.tx, [delivery.id])[delivery.id]
        ]

    def states(self):
        return {each.key: each.state for each in letters.listed(self.tx, ALL, 100)}
