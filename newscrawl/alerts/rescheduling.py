"""When what waits is told, once a rhythm or quiet hours are others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from newscrawl.alerts.rhythm import AT_ONCE, Quiet, Rhythm
from newscrawl.alerts.rhythm import due as due_at
from newscrawl.catalogue import waiting
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.subscribers import Subscriber
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.text.dates import iso


def reschedule(
    tx: Transaction, person: Subscriber, every: Iterable[Subscription], now: str
) -> None:
    """Let what waits of a person's subscriptions be due as if they had been so when it matched; at
    once where that is past, unless it is quiet now. `now` is ISO 8601, UTC.

    What is due already, or was tried, stays as it is.
    """
    rhythms = {each.id: Rhythm.parse(each.rhythm) for each in every}
    quiet = Quiet.of(person.quiet)
    soonest = due_at(AT_ONCE, quiet, datetime.fromisoformat(now))
    due = {}
    for each in waiting.ahead(tx, rhythms, now):
        matched = datetime.fromisoformat(each.created)
        wanted = due_at(rhythms[each.subscription_id], quiet, matched)
        due[each.id] = iso(max(wanted, soonest))
    waiting.put_off(tx, due)
