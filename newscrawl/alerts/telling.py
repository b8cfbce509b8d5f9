"""What is written of new versions in one transaction: matches, and what is to be sent of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from newscrawl.alerts.firing import Fired
from newscrawl.alerts.freshness import stale_before
from newscrawl.alerts.hearers import Hearers
from newscrawl.alerts.rhythm import Quiet, Rhythm
from newscrawl.alerts.rhythm import due as due_at
from newscrawl.catalogue import arrears, heard, matches, outbox, stories, subscribers, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.heard import Heard
from newscrawl.catalogue.matches import Kind, Match
from newscrawl.catalogue.outbox import Wanted
from newscrawl.catalogue.subscribers import Address, AddressState
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.catalogue.versions import Version
from newscrawl.text.dates import iso

Keyed = Callable[[str], str]
"""What only this installation makes of a text: no stranger can tell which keys it gives."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a transaction has written."""

    matches: int
    reprints: set[Heard]
    """What nobody needs to be told any more: to be noted outside the catalogue, once it is
    committed.
    """


def tell(
    tx: Transaction,
    fired: Sequence[Fired],
    now: datetime,
    keyed: Keyed,
    hearers: Hearers,
) -> Written:
    """Write what versions have come to, for those who subscribe now.

    `hearers` may be ones that earlier transactions have filled.

    A person hears of a story once: what comes later of it is noted and not sent. Of several
    subscriptions that match it, the one that is told soonest is, of those that have not tried
    before; one that has its feed only tells nobody. What is told at an address that is not
    confirmed yet is held for it, and until then nobody has heard of it.
    """
    asked = {each for one in fired for each in one.subscriptions}
    standing = _active(tx, asked)
    plan = _Plan.of(tx, standing, now, keyed)
    if plan.held:
        arrears.forget(tx, stale_before(now))
    added = matches.add(tx, _matches(tx, fired, standing, plan, hearers))
    news = [match for match in added if match.kind != "reprint"]
    outbox.put(tx, plan.wanted(news), iso(now))
    reprints = [match.id for match in added if match.kind == "reprint"]
    return Written(len(added), heard.reprints_among(tx, reprints))


def _active(tx: Transaction, ids: Iterable[int]) -> dict[int, Subscription]:
    held = subscriptions.by_ids(tx, ids)
    return {number: each for number, each in held.items() if each.state == "active"}


def _matches(
    tx: Transaction,
    fired: Sequence[Fired],
    standing: Mapping[int, Subscription],
    plan: _Plan,
    hearers: Hearers,
) -> list[Match]:
    told = stories.of_seqs(tx, [each.version.seq for each in fired])
    tried = matches.of_stories(tx, _of_several(standing.values()), told.values())
    concerned = [
        (each, told[each.version.seq], subscription)
        for each in fired
        for subscription in plan.in_order(
            map(standing.get, each.subscriptions), told[each.version.seq], tried
        )
        if subscription.since_seq < each.version.seq
    ]
    hearers.read(tx, {story for _each, story, _one in concerned})
    # By an earlier version, or by a matcher that ended here: nobody hears of these now.
    there = matches.there(tx, [(one.id, each.version.article_id) for each, _, one in concerned])
    made: dict[tuple[int, str], Match] = {}
    for each, story, subscription in concerned:
        pair = subscription.id, each.version.article_id
        if pair in made or pair in there:
            continue
        hearing = subscription.subscriber_id, story
        kind = "reprint" if hearers.knows(*hearing) else each.kind
        made[pair] = _match(each.version, subscription.id, kind, iso(plan.now))
        if plan.addresses.get(subscription.id):
            hearers.note(*hearing)
    return list(made.values())


def _match(version: Version, subscription_id: int, kind: Kind, now: str) -> Match:
    return Match(
        id=0,
        subscription_id=subscription_id,
        article_id=version.article_id,
        seq=version.seq,
        kind=kind,
        published=version.article.edition,
        first_seen=version.first_seen,
        recorded=version.recorded,
        matched=now,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
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
    ) -> _Plan:
        people = subscribers.by_ids(tx, {each.subscriber_id for each in standing.values()})
        quiet = {number: Quiet.of(person.quiet) for number, person in people.items()}
        due = {
            number: due_at(Rhythm.parse(each.rhythm), quiet[each.subscriber_id], now)
            for number, each in standing.items()
        }
        routes = subscriptions.routes_of(tx, standing)
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


def _of_several(standing: Iterable[Subscription]) -> list[int]:
    """Those whose person has another among them."""
    every = list(standing)
    count = Counter(each.subscriber_id for each in every)
    return [each.id for each in every if count[each.subscriber_id] > 1]


def _in_state(state: AddressState, among: Iterable[Address]) -> list[int]:
    return [each.id for each in among if each.state == state]
