"""What was recorded and is not matched yet, matched for one person before they change a query.

So it is the old query's, and the new one concerns only what comes after. Nothing here moves the
mark up to which everybody is matched: a matcher that runs, or comes later, finds these matches
there and adds none again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from newscrawl.alerts.firing import Fired, fired
from newscrawl.alerts.hearers import Hearers
from newscrawl.alerts.narrowing import narrowed
from newscrawl.alerts.plan import Keyed
from newscrawl.alerts.standing import Entry, Standing
from newscrawl.alerts.telling import tell
from newscrawl.catalogue import active, log, matches, subscriptions, versions
from newscrawl.catalogue.active import Active
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.heard import Heard
from newscrawl.catalogue.subscriptions import Subscription

BATCH = 100
"""Versions that are looked at together, at most."""


class Backlog:
    """Of one person: of all their subscriptions, for which of them tells of a story is decided
    among them. For one thread.
    """

    def __init__(
        self, subscriber_id: int, keyed: Keyed, note: Callable[[set[Heard]], object]
    ) -> None:
        """`note` gets what nobody needs to be told any more."""
        self._subscriber = subscriber_id
        self._keyed = keyed
        self._note = note
        self._standing = Standing()
        self._revision: int | None = None
        self._seq = 0

    def clear(self, catalogue: Catalogue) -> None:
        """Match it, a transaction for each BATCH in which something is found. What is recorded from
        then on is nobody's here.
        """
        while True:
            with catalogue.read() as view:
                found = self._next(view)
            if found is None:
                return
            if found:
                with catalogue.write() as tx:
                    reprints = self._tell(tx, found)
                self._note(reprints)

    @property
    def reached(self) -> int:
        """The sequence number up to which it is matched."""
        return self._seq

    def _next(self, view: Transaction) -> list[Fired] | None:
        """What the next versions come to; None where there are no more."""
        if self._revision is None:
            self._revision = self._begin(view)
        else:
            self._revision = self._follow(view, self._revision)
        entries = log.after(view, self._seq, BATCH)
        if not entries:
            return None
        self._seq = entries[-1].seq
        batch = list(filter(log.readable, entries))
        return list(fired(self._standing, batch, log.before(view, batch)))

    def _begin(self, view: Transaction) -> int:
        """From the mark on, or from where the first subscription begins: as they stand now."""
        every = subscriptions.of_subscriber(view, self._subscriber)
        mine = [each for each in every if each.state == "active"]
        since = min((each.since_seq for each in mine), default=versions.newest_seq(view))
        self._seq = max(matches.matched(view), since)
        self._standing = Standing(map(_entry, mine))
        return subscriptions.revision(view)

    def _follow(self, view: Transaction, revision: int) -> int:
        """What is changed meanwhile stands as it is now; nothing is read again. Whoever changes
        what one of them asks for has matched what was recorded until then, and lets it begin behind
        that, as one begins that is new or resumed. What others change is no matter here.
        """
        changed = active.changes(view, revision, self._subscriber)
        self._standing.put(map(_entry, changed.put))
        self._standing.drop(changed.dropped)
        return changed.revision

    def _tell(self, tx: Transaction, found: list[Fired]) -> set[Heard]:
        return tell(tx, found, datetime.now(UTC), self._keyed, Hearers()).reprints


def _entry(mine: Subscription | Active) -> Entry:
    query = None if mine.papers is None else narrowed(mine.query, mine.papers)
    return Entry(mine.id, query, mine.sieve)
