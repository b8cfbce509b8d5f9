"""Sending what is due: leased, written, sent, and noted what became of it.

A delivery is sent at least once. What was sent and not noted, because the process was killed in
between, is sent again with the same key, by which its receiver knows it: at most as many messages
as were on their way, and of one in several parts only the part that was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.backoff import next_attempt
from newscrawl.alerts.channels.sending import send
from newscrawl.alerts.composing import Composer, Material
from newscrawl.alerts.errand import Errand, Target
from newscrawl.alerts.falling import fall_back
from newscrawl.alerts.journal import Journal
from newscrawl.alerts.leasing import Leasing
from newscrawl.alerts.outcome import Later, Outcome, Refused, Sent, Unwanted
from newscrawl.alerts.retelling import retell
from newscrawl.alerts.secrets import SecretsError
from newscrawl.alerts.signing import signing_secret
from newscrawl.alerts.upkeep import Upkeep
from newscrawl.catalogue import heard, leases, subscribers, upcoming
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.heard import Heard
from newscrawl.catalogue.outbox import Delivery
from newscrawl.errors import NewscrawlError
from newscrawl.pace import Pace
from newscrawl.query.errors import QueryError
from newscrawl.text.dates import iso

POLL_SECONDS = 0.2
RENEWALS = 3
"""Of a lease while it lasts: two may be late before anybody else takes what is on its way."""
_Sending: TypeAlias = dict[Future[Outcome], Delivery]


@dataclass(frozen=True, slots=True)
class Policy:
    """How what is due is sent."""

    in_flight: int = 8
    """Messages on their way at once, each at an address of its own."""
    tries: int = 20
    """Attempts before a delivery is dead."""
    first_retry: float = 30.0
    """Seconds before the second attempt, about."""
    lease: float = 300.0
    """Seconds for which a delivery belongs to whoever sends it, and is renewed while that lives."""
    kept: float = 3 * 86_400.0
    """Seconds after which what could not be sent is old news, and expires."""
    patience: float = 3_600.0
    """Seconds of failing after which the addresses for that case are told as well."""


@dataclass(slots=True)
class Report:
    """What a run of the deliverer came to."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    expired: int = 0
    told: int = 0
    """What the journal knows and the catalogue, an older copy, does not: not sent again."""
    errors: dict[str, int] = field(default_factory=dict)
    """How often each reason was given; nothing in it says an address."""

    @property
    def worked(self) -> bool:
        """Whether messages arrive: nothing is dead, and of what was due something was taken."""
        return not self.dead and (self.sent > 0 or not self.later)

    @property
    def line(self) -> str:
        said = f"{self.sent} sent, {self.later} put off, {self.dead} dead"
        more = {"expired": self.expired, "told before": self.told}
        return ", ".join([said, *(f"{count} {what}" for what, count in more.items() if count)])


class Deliverer:
    """Sends what is due, several at once, one at an address. For one thread."""

    def __init__(
        self,
        catalogue: Catalogue,
        composer: Composer,
        journal: Journal,
        pace: Pace,
        allowed: AllowedPrivate,
        policy: Policy,
    ) -> None:
        self._catalogue = catalogue
        self._composer = composer
        self._journal = journal
        self._leasing = Leasing(composer.secrets.fingerprint, journal)
        self._pace = pace
        self._allowed = allowed
        self._policy = policy
        self._pool = ThreadPoolExecutor(policy.in_flight, thread_name_prefix="channel")
        self._sending: _Sending = {}
        self._upkeep = Upkeep(catalogue, composer.secrets.fingerprint, policy.kept, policy.patience)
        self._renewed = float("-inf")
        self._ahead = 0.0
        self.report = Report()

    def run(self, ahead: float, coming: Callable[[], bool] = lambda: False) -> None:
        """Send until nothing will be due for so many seconds, and no more is `coming`.

        Raises SecretsError where the key is another than that of the subscriptions.
        """
        self._ahead = ahead
        self._look_after()
        while coming() or self._sending or self.due_within(ahead):  # what has come is due then
            self._look_after()
            before = self.report.told
            self._lease()
            if self._sending:
                self._settle()
            elif self.report.told == before:
                time.sleep(POLL_SECONDS)

    def due_within(self, seconds: float) -> bool:
        """Whether something is due, or will be then."""
        with self._catalogue.read() as view:
            due = upcoming.next_due(view)
        return due is not None and due <= iso(datetime.now(UTC) + timedelta(seconds=seconds))

    def close(self) -> None:
        """Wait for what is on its way and note what becomes of it."""
        while self._sending:
            self._settle()
        self._pool.shutdown()

    def _look_after(self) -> None:
        self._upkeep.look()
        self.report.expired = self._upkeep.expired

    def _lease(self) -> None:
        free = self._policy.in_flight - len(self._sending)
        now = datetime.now(UTC)
        if not free or not self.due_within(0):
            return
        busy = {each.address_id for each in self._sending.values()}
        with self._catalogue.write() as tx:
            self._renew(tx)
            leased = self._leasing.take(tx, now, self._policy.lease, free, busy)
        self.report.told = self._leasing.told
        if leased:
            self._begin(leased)

    def _renew(self, tx: Transaction) -> None:
        """What is on its way stays ours, however long it takes."""
        self._renewed = time.monotonic()
        until = iso(datetime.now(UTC) + timedelta(seconds=self._policy.lease))
        leases.renew(tx, self._sending.values(), until)

    def _begin(self, leased: list[Delivery]) -> None:
        """Read for all at once, and by itself where that fails: what is damaged befalls one."""
        try:
            with self._catalogue.read() as view:
                material = self._composer.material(view, leased)
                held = subscribers.addresses_by_ids(view, {each.address_id for each in leased})
            opened = self._composer.secrets.opened
            urls = {number: opened(address.sealed) for number, address in held.items()}
        except Exception as error:
            if self._concerns_all(error):
                with self._catalogue.write() as tx:
                    for delivery in leased:
                        leases.release(tx, delivery)
                raise
            self._begin_alone(leased, error)
            return
        for delivery in leased:
            there = Target(held[delivery.address_id], urls[delivery.address_id])
            work = partial(self._send, delivery, there, material)
            self._sending[self._pool.submit(work)] = delivery

    def _begin_alone(self, leased: list[Delivery], error: Exception) -> None:
        """Each by itself; of one alone it is noted as what became of it."""
        if len(leased) == 1:
            self._sending[self._pool.submit(_fail, error)] = leased[0]
            return
        for delivery in leased:
            self._begin([delivery])

    def _concerns_all(self, error: Exception) -> bool:
        """Whether the catalogue cannot be read or the key is another: not one address damaged."""
        if not isinstance(error, SecretsError):
            return isinstance(error, NewscrawlError)
        with self._catalogue.read() as view:
            known = subscribers.any_sealed(view)
        with suppress(SecretsError):
            return known is None or not self._composer.secrets.opened(known)
        return True

    def _send(self, delivery: Delivery, to: Target, material: Material) -> Outcome:
        try:
            message = self._composer.message(delivery, material)
        except QueryError:
            return Refused("its query cannot be read any more")
        if delivery.attempts > self._policy.tries:
            return Refused("every attempt was cut off")
        composed = frozenset(item.number for item in message.items)
        return send(
            to.url,
            message,
            self._allowed,
            secret=signing_secret(self._composer.secrets, to.address).encode(),
            course=Errand(delivery, to, composed, self._catalogue, self._pace).course,
        )

    def _settle(self) -> None:
        if time.monotonic() - self._renewed >= self._policy.lease / RENEWALS:
            with self._catalogue.write() as tx:
                self._renew(tx)
        done, _waiting = wait(self._sending, POLL_SECONDS, FIRST_COMPLETED)
        ended = [(self._sending.pop(each), _outcome(each)) for each in done]
        if not ended:
            return
        sent = [each.id for each, outcome in ended if isinstance(outcome, Sent)]
        # Before the catalogue knows: what is in the journal is sent to nobody again. And not while
        # it is written, for the disk may take its time.
        self._journal.note(self._told(sent))
        with self._catalogue.write() as tx:
            for delivery, outcome in ended:
                self._note(tx, delivery, outcome, datetime.now(UTC))
            reprints = heard.reprints_of(tx, sent)
        self._journal.note(reprints)

    def _told(self, sent: Collection[int]) -> set[Heard]:
        if not sent:
            return set()
        with self._catalogue.read() as view:
            of = heard.of_deliveries(view, sent)
        return {each.told for told in of.values() for each in told.values()}

    def _note(self, tx: Transaction, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        if isinstance(outcome, Later) and outcome.after is not None:
            leases.rest(tx, delivery.address_id, iso(now + timedelta(seconds=outcome.after)))
        match outcome:
            case Sent(receipt):
                leases.sent(tx, delivery, iso(now), confirmed=iso(now) if receipt else None)
                self.report.sent += 1
            case Unwanted(parts):
                leases.release(tx, delivery, parts=parts)
            case Later(reason, parts=parts, withheld=True):
                # Not within this run, which would not end: its settings stay as they are.
                due = now + timedelta(seconds=self._policy.first_retry + self._ahead)
                leases.withhold(tx, delivery, iso(due), parts)
                self.report.later += 1
                self._say(reason)
            case Later(reason, after, parts) if delivery.attempts < self._policy.tries:
                due = next_attempt(delivery.attempts, now, self._policy.first_retry, after)
                leases.later(tx, delivery, iso(due), reason, parts, iso(now))
                self.report.later += 1
                self._say(reason)
            case Later(reason, parts=parts) | Refused(reason, parts):
                if leases.dead(tx, delivery, reason, parts):
                    fall_back(tx, [delivery.id], self._composer.secrets.fingerprint, iso(now))
                    retell(tx, delivery, self._composer.secrets.fingerprint, now)
                self.report.dead += 1
                self._say(reason)

    def _say(self, reason: str) -> None:
        self.report.errors[reason] = self.report.errors.get(reason, 0) + 1


def _fail(error: Exception) -> Outcome:
    raise error


def _outcome(sending: Future[Outcome]) -> Outcome:
    """What became of it. What nobody foresaw befalls this one message only, and is told."""
    error = sending.exception()
    return sending.result() if error is None else Later(f"failed here: {type(error).__name__}")
