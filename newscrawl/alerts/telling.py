"""What is written of new versions in one transaction: matches, and what is to be sent of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newscrawl.alerts.firing import Fired
from newscrawl.alerts.freshness import stale_before
from newscrawl.alerts.hearers import Hearers
from newscrawl.alerts.plan import Keyed, Plan
from newscrawl.catalogue import arrears, heard, hearing, matches, outbox, stories, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.heard import Heard
from newscrawl.catalogue.matches import Kind, Match
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.catalogue.versions import Version
from newscrawl.text.dates import iso


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
    plan = Plan.of(tx, standing, now, keyed)
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
    plan: Plan,
    hearers: Hearers,
) -> list[Match]:
    told = stories.of_seqs(tx, [each.version.seq for each in fired])
    tried = hearing.of_stories(tx, _of_several(standing.values()), told.values())
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
        hears = subscription.subscriber_id, story
        kind = "reprint" if hearers.knows(*hears) else each.kind
        made[pair] = _match(each.version, subscription.id, kind, iso(plan.now))
        if plan.addresses.get(subscription.id):
            hearers.note(*hears)
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


def _of_several(standing: Iterable[Subscription]) -> list[int]:
    """Those whose person has another among them."""
    every = list(standing)
    count = Counter(each.subscriber_id for each in every)
    return [each.id for each in every if count[each.subscriber_id] > 1]
