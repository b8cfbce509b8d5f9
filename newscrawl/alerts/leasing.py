"""Which deliveries go now: due, one at an address, of people who are awake and were not told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from newscrawl.alerts import rhythm
from newscrawl.alerts.journal import Journal
from newscrawl.alerts.plan import Keyed
from newscrawl.alerts.rhythm import Quiet
from newscrawl.catalogue import heard, leases, outbox, subscribers, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.heard import TOLD_BEFORE, Heard
from newscrawl.catalogue.outbox import Delivery
from newscrawl.text.dates import iso

OVERDUE = timedelta(minutes=10)
"""What waits longer than this is told together: after an outage one message and not many."""


@dataclass(slots=True)
class Leasing:
    """Takes them, in transactions of the caller."""

    keyed: Keyed
    journal: Journal
    told: int = 0
    """Deliveries that were passed over so far: the journal knew all that they tell of."""

    def take(
        self, tx: Transaction, now: datetime, lease: float, most: int, busy: Collection[int]
    ) -> list[Delivery]:
        """At most `most`, for `lease` seconds, none at the addresses `busy`. `now` is aware."""
        until = iso(now + timedelta(seconds=lease))
        leased = _one_each(tx, _awake(tx, leases.take(tx, iso(now), until, most, busy), now))
        for delivery in leased:
            if datetime.fromisoformat(delivery.slot) < now - OVERDUE:
                outbox.gather(tx, delivery, iso(now))
        return self._untold(tx, leased, now)

    def _untold(self, tx: Transaction, leased: list[Delivery], now: datetime) -> list[Delivery]:
        """Those that tell of nothing that the journal knows. The others are cancelled: what is new
        in them is to be sent by another.
        """
        asked = heard.of_deliveries(tx, [each.id for each in leased])
        untold = []
        for delivery in leased:
            of = asked.get(delivery.id, {})
            known = {match for match, each in of.items() if self._knows(each)}
            if not known:
                untold.append(delivery)
                continue
            news = [match for match in of if match not in known | delivery.arrived]
            key = self.keyed(f"{delivery.key} from {of[news[0]].article_id}") if news else ""
            if news and not outbox.part(tx, delivery, news, key, iso(now)):
                untold.append(delivery)  # rather twice than never
                continue
            leases.cancel(tx, delivery, TOLD_BEFORE)
            self.told += 1
        return untold

    def _knows(self, each: Heard) -> bool:
        """Whether the article was told, or this very text of it is a reprint of what was."""
        return self.journal.knows(each.told) or self.journal.knows(each)


def _awake(tx: Transaction, leased: Iterable[Delivery], now: datetime) -> list[Delivery]:
    """Those whose person may be told now; the others are put off to the end of the quiet hours."""
    every = list(leased)
    asked = subscriptions.by_ids(tx, {each.subscription_id for each in every})
    people = subscribers.by_ids(tx, {each.subscriber_id for each in asked.values()})
    awake = []
    for delivery in every:
        person = people[asked[delivery.subscription_id].subscriber_id]
        due = rhythm.due(rhythm.AT_ONCE, Quiet.of(person.quiet), now)
        if due > now:
            leases.release(tx, delivery, iso(due))
        else:
            awake.append(delivery)
    return awake


def _one_each(tx: Transaction, leased: Iterable[Delivery]) -> list[Delivery]:
    """The first at each address; the others are let go of until it is done."""
    first: dict[int, Delivery] = {}
    for delivery in leased:
        if first.setdefault(delivery.address_id, delivery) is not delivery:
            leases.release(tx, delivery)
    return list(first.values())
