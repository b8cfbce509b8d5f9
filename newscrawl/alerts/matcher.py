"""The matcher: follows the catalogue by sequence number, all subscriptions at once.

It looks for what matches outside any write lock. Matches and what is to be sent of them are written
in slices, a transaction each, of which the last moves the mark up to which versions are matched. A
slice is nothing where somebody else has moved the mark, and of what an earlier matcher has written
no match is added again: no version is skipped, or matched twice, however a matcher ends.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice

from newscrawl.alerts import unread
from newscrawl.alerts.client import matcher_lock
from newscrawl.alerts.firing import Fired, fired
from newscrawl.alerts.hearers import Hearers
from newscrawl.alerts.narrowing import narrowed
from newscrawl.alerts.plan import Keyed
from newscrawl.alerts.slicing import slices
from newscrawl.alerts.standing import Entry, Standing
from newscrawl.alerts.telling import tell
from newscrawl.alerts.unmatched import passed as reached
from newscrawl.background import alone
from newscrawl.catalogue import active, log, matches, subscriptions, versions
from newscrawl.catalogue.active import Active
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.heard import Heard
from newscrawl.home import Home

BATCH = 100
"""Versions that are looked at together, at most."""
FIRED = 2_000
"""Matches after which what was found is written, before more is looked for."""
SLICE = 500
"""Matches in one transaction: the write lock is held for about a tenth of a second."""
PAUSE_SECONDS = 0.1
"""Between two slices: so often looks for the write lock whoever waits for it."""
POLL_SECONDS = 0.1
NAMED = 20
"""Subscriptions that cannot be read and are named in the log, at most."""
_log = logging.getLogger("newscrawl.alerts")


class Matcher:
    """Brings the mark forward, step by step. For one thread."""

    def __init__(
        self,
        catalogue: Catalogue,
        keyed: Keyed,
        told: Callable[[], object] = lambda: None,
        note: Callable[[set[Heard]], object] = lambda _heard: None,
    ) -> None:
        """`told` is called once something is to be sent; `note` gets what nobody needs to be told
        any more.
        """
        self._catalogue = catalogue
        self._keyed = keyed
        self._note = note
        self._told = told
        self._standing: Standing | None = None
        self._revision = 0
        self._reported: dict[int, str] = {}

    def step(self) -> int:
        """Match the next versions; how many, 0 where there are none."""
        with self._catalogue.read() as view:
            # Of one view: no subscription that was there before a version is missed.
            held = matches.matched(view)
            passed = held if self._standing else reached(view, held)
            entries = log.after(view, passed, BATCH)
            if not entries:
                return self._write((), held, passed)
            batch = list(filter(log.readable, entries))
            standing = self._followed(view)
            news = fired(standing, batch, log.before(view, batch))
            found, last = _some(news, entries[-1].seq)
            self._report(view, standing.unread)
        return self._write(found, held, last)

    def behind(self) -> bool:
        """Whether there are versions that subscriptions may concern and that are not matched."""
        with self._catalogue.read() as view:
            return reached(view, matches.matched(view)) < versions.newest_seq(view)

    def _write(self, found: Iterable[Fired], before: int, to: int) -> int:
        if to == before:
            return 0
        hearers = Hearers()
        *first, last = slices(found, SLICE, self._owners)
        for piece in first:
            if not self._write_slice(piece, hearers, before, before):
                break
            time.sleep(PAUSE_SECONDS)
        else:
            self._write_slice(last, hearers, before, to)
        return to - before

    def _write_slice(self, found: Sequence[Fired], hearers: Hearers, before: int, to: int) -> bool:
        """False, and nothing is written, where somebody else has moved the mark."""
        with self._catalogue.write() as tx:
            if not matches.move_matched(tx, before, to):
                return False
            written = tell(tx, found, datetime.now(UTC), self._keyed, hearers)
        self._note(written.reprints)
        if written.matches:
            self._told()
        return True

    def _owners(self, wanted: Collection[int]) -> dict[int, int]:
        with self._catalogue.read() as view:
            return subscriptions.owners(view, wanted)

    def _followed(self, view: Transaction) -> Standing:
        if self._standing is None:
            self._standing = Standing(map(_entry, active.everything(view)))
            self._revision = subscriptions.revision(view)
            return self._standing
        changed = active.changes(view, self._revision)
        if changed.put:
            self._standing.put(map(_entry, changed.put))
        if changed.dropped:
            self._standing.drop(changed.dropped)
        self._revision = changed.revision
        return self._standing

    def _report(self, view: Transaction, faults: Mapping[int, str]) -> None:
        """Say of what is passed over, once."""
        fresh = {each: why for each, why in faults.items() if self._reported.get(each) != why}
        self._reported = dict(faults)
        for each in unread.named(view, dict(islice(fresh.items(), NAMED))):
            _log.warning("%s", each)
        if len(fresh) > NAMED:
            _log.warning(
                "%d subscriptions in all cannot be read: `newscrawl doctor` names them", len(faults)
            )


def _some(found: Iterable[Fired], last: int) -> tuple[list[Fired], int]:
    """What fired first, and the sequence number up to which that is all."""
    some: list[Fired] = []
    count = 0
    for each in found:
        some.append(each)
        count += len(each.subscriptions)
        if count >= FIRED:
            return some, each.version.seq
    return some, last


def _entry(wanted: Active) -> Entry:
    query = None if wanted.papers is None else narrowed(wanted.query, wanted.papers)
    return Entry(wanted.id, query, wanted.sieve)


def run(home: Home, matcher: Matcher, idle_seconds: float) -> None:
    """Be the matcher, if nobody else is, until nothing has come for a while."""
    alone(matcher_lock(home), lambda: _follow(matcher.step, idle_seconds), matcher.behind)


def _follow(step: Callable[[], int], idle_seconds: float) -> None:
    last_work = time.monotonic()
    while time.monotonic() - last_work < idle_seconds:
        if step():
            last_work = time.monotonic()
        else:
            time.sleep(POLL_SECONDS)
