"""Where and when the matches of some subscriptions are told, as it stands now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from newscrawl.alerts.rhythm import Quiet, Rhythm
from newscrawl.alerts.rhythm import due as due_at
from newscrawl.catalogue import subscribers
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.matches import Match
from newscrawl.catalogue.outbox import Wanted
from newscrawl.catalogue.routes import routes_of
from newscrawl.catalogue.subscribers import Address, AddressState
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.text.dates import iso

Keyed = Callable[[str], str]
"""What only this installation makes of a text: no stranger can tell which keys it gives."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and when the matches of some subscriptions are told."""

    due: Mapping[int, datetime]
    addresses: Mapping[int, Sequence[int]]
    """By subscription: those that are confirmed. One that is only there for when others fail, where
    none of those is.
    """
    held: Mapping[int, Sequence[int]]
    """By subscription: those that wait to be confirmed, and are not stood in for; none without."""
    marks: Mapping[int, str]
    """By subscription and by address: what it is known by in every copy of the catalogue."""
    places: Mapping[int, str]
    now: datetime
    keyed: Keyed

    @classmethod
    def of(
        cls, tx: Transaction, standing: Mapping[int, Subscription], now: datetime, keyed: Keyed
    ) -> Plan:
        people = subscribers.by_ids(tx, {each.subscriber_id for each in standing.values()})
        quiet = {number: Quiet.of(person.quiet) for number, person in people.items()}
        due = {
            number: due_at(Rhythm.parse(each.rhythm), quiet[each.subscriber_id], now)
            for number, each in standing.items()
        }
        routes = routes_of(tx, standing)
        known = subscribers.addresses_by_ids(
            tx, {to.address_id for each in routes.values() for to in each}
        )
        addresses: dict[int, Sequence[int]] = {}
        held: dict[int, Sequence[int]] = {}
        for number, each in routes.items():
            first = [known[to.address_id] for to in each if not to.fallback]
            spare = [known[to.address_id] for to in each if to.fallback]
            addresses[number] = _in_state("confirmed", first) or _in_state("confirmed", spare)
            waiting = _in_state("pending", first)
            if waiting and (_in_state("confirmed", first) or not addresses[number]):
                held[number] = waiting
        marks = {number: each.unsubscribe.digest for number, each in standing.items()}
        places = {number: each.fingerprint for number, each in known.items()}
        return cls(due, addresses, held, marks, places, now, keyed)

    def tells(self, subscription_id: int) -> bool:
        """Whether it is told anywhere, or held for where it is to be."""
        return bool(self.addresses.get(subscription_id) or self.held.get(subscription_id))

    def in_order(
        self, asked: Iterable[Subscription | None], story: int, tried: Set[tuple[int, int]]
    ) -> list[Subscription]:
        """Those that stand, in the order in which they are told: the soonest first, after it those
        that have been to tell of the story, for where nobody has heard of it they could not; those
        that are told nowhere last.
        """

        def place(one: Subscription) -> tuple[bool, bool, datetime, int]:
            nowhere = not self.addresses.get(one.id)
            return nowhere, (one.id, story) in tried, self.due[one.id], one.id

        return sorted((each for each in asked if each is not None), key=place)

    def wanted(self, news: Iterable[Match]) -> Iterator[Wanted]:
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        for match in news:
            due = self.due[match.subscription_id]
            for address in self.addresses.get(match.subscription_id, ()):
                yield self._wanted(match, address, due, joins=due > self.now)
            for address in self.held.get(match.subscription_id, ()):
                # In few messages, however much comes: who asks what is due passes over them.
                yield self._wanted(match, address, due if due > self.now else hour, joins=True)

    def _wanted(self, match: Match, address: int, due: datetime, *, joins: bool) -> Wanted:
        key = self._key(match, address)
        return Wanted(match.subscription_id, address, match.id, key, iso(due), joins=joins)

    def _key(self, match: Match, address: int) -> str:
        """The same for the same article after an older copy of the catalogue was put back, and
        never that of something else, as numbers that are given anew would make it.
        """
        mark, place = self.marks[match.subscription_id], self.places[address]
        return self.keyed(f"{mark}-{place}-{match.article_id}")


def _in_state(state: AddressState, among: Iterable[Address]) -> list[int]:
    return [each.id for each in among if each.state == state]
