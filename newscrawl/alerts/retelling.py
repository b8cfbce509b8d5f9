"""What was silent because a message was to tell of its story, told once that message has died."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from newscrawl.alerts.freshness import stale_before
from newscrawl.alerts.hearers import Hearers
from newscrawl.alerts.plan import Keyed, Plan
from newscrawl.catalogue import hearing, matches, outbox, stories, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.matches import Match
from newscrawl.catalogue.outbox import Delivery
from newscrawl.text.dates import iso


def retell(tx: Transaction, died: Delivery, keyed: Keyed, now: datetime) -> None:
    """Tell of each story that its person has not heard of now by the newest reprint that has been
    silent since, if there is one and it is news still.

    Of several subscriptions by the one that is told soonest, that which has failed last. It always
    goes on to what matched later: so it ends, and no match is told twice.
    """
    silent = _silent(tx, died)
    if not silent:
        return
    person = subscriptions.owners(tx, [died.subscription_id])[died.subscription_id]
    hearers = Hearers()
    hearers.read(tx, silent)
    unheard = {story: of for story, of in silent.items() if not hearers.knows(person, story)}
    mine = {each.subscription_id for of in unheard.values() for each in of}
    standing = {
        number: each
        for number, each in subscriptions.by_ids(tx, mine).items()
        if each.state == "active"
    }
    plan = Plan.of(tx, standing, now, keyed)
    fresh = stale_before(now)
    chosen = []
    for story, of in unheard.items():
        news = {each.subscription_id: each for each in of if (each.matched or "") >= fresh}
        asked = [standing.get(number) for number in news if plan.tells(number)]
        tellers = plan.in_order(asked, story, {(died.subscription_id, story)})
        chosen += [news[each.id] for each in tellers[:1]]
    hearing.sound(tx, (each.id for each in chosen))
    outbox.put(tx, plan.wanted(chosen), iso(now))


def _silent(tx: Transaction, died: Delivery) -> dict[int, Sequence[Match]]:
    """By story, in the order in which they matched: those that came after what it tells of."""
    told = matches.of_deliveries(tx, [died.id]).get(died.id, [])
    of = stories.of_seqs(tx, {each.seq for each in told})
    last = {of[each.seq]: each.id for each in told if each.seq in of}
    found: dict[int, list[Match]] = defaultdict(list)
    for story, match in hearing.silent(tx, died.subscription_id, last):
        if match.id > last[story]:
            found[story].append(match)
    return dict(found)
