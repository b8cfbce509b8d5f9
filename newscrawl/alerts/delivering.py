"""Sending what is due: leased, written, sent, and noted what became of it.

A delivery is sent at least once. What was sent and not noted, because the process was killed in
between, is sent again with the same key, by which its receiver knows it: at most as many messages
as were on their way.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.backoff import next_attempt
from newscrawl.alerts.channels.limits import limits
from newscrawl.alerts.channels.sending import send
from newscrawl.alerts.composing import Composer
from newscrawl.alerts.message import Message
from newscrawl.alerts.outcome import Later, Outcome, Refused, Sent
from newscrawl.catalogue import letters, matches, outbox, subscribers, subscriptions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.outbox import Delivery, Wanted
from newscrawl.catalogue.subscribers import Address
from newscrawl.pace import Pace
from newscrawl.text.dates import iso

POLL_SECONDS = 0.2
OVERDUE = timedelta(minutes=10)
"""What waits longer than this is told together: after an outage one message and not many."""
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
    """Seconds for which a delivery belongs to whoever sends it."""
    kept: float = 3 * 86_400.0
    """Seconds after which what could not be sent is old news, and expires."""


@dataclass(slots=True)
class Report:
    """What a run of the deliverer came to."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    expired: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    """How often each reason was given; nothing in it says an address."""

    @property
    def line(self) -> str:
        said = f"{self.sent} sent, {self.later} put off, {self.dead} dead"
        return f"{said}, {self.expired} expired" if self.expired else said


class Deliverer:
    """Sends what is due, several at once, one at an address. For one thread."""

    def __init__(
        self,
        catalogue: Catalogue,
        composer: Composer,
        pace: Pace,
        allowed: AllowedPrivate,
        policy: Policy,
    ) -> None:
        self._catalogue = catalogue
        self._composer = composer
        self._pace = pace
        self._allowed = allowed
        self._policy = policy
        self._pool = ThreadPoolExecutor(policy.in_flight, thread_name_prefix="channel")
        self._sending: _Sending = {}
        self.report = Report()

    def run(self, ahead: float) -> None:
        """Send until nothing will be due for so many seconds.

        Raises SecretsError where the key is another than that of the subscriptions.
        """
        while self._sending or self.due_within(ahead):
            self._lease()
            if self._sending:
                self._settle()
            else:
                time.sleep(POLL_SECONDS)

    def due_within(self, seconds: float) -> bool:
        """Whether something is due, or will be then."""
        with self._catalogue.read() as view:
            due = outbox.next_due(view)
        return due is not None and due <= iso(datetime.now(UTC) + timedelta(seconds=seconds))

    def close(self) -> None:
        """Wait for what is on its way and note what becomes of it."""
        while self._sending:
            self._settle()
        self._pool.shutdown()

    def _lease(self) -> None:
        free = self._policy.in_flight - len(self._sending)
        now = datetime.now(UTC)
        if not free or not self.due_within(0):
            return
        busy = {each.address_id for each in self._sending.values()}
        until = iso(now + timedelta(seconds=self._policy.lease))
        with self._catalogue.write() as tx:
            old = iso(now - timedelta(seconds=self._policy.kept))
            self.report.expired += letters.expire(tx, old)
            leased = _one_each(tx, outbox.lease(tx, iso(now), until, free, busy))
            for delivery in leased:
                if datetime.fromisoformat(delivery.slot) < now - OVERDUE:
                    outbox.gather(tx, delivery, iso(now))
        if leased:
            self._begin(leased)

    def _begin(self, leased: list[Delivery]) -> None:
        with self._catalogue.read() as view:
            messages = self._composer.messages(view, leased)
            held = subscribers.addresses_by_ids(view, {each.address_id for each in leased})
        for delivery in leased:
            work = partial(self._send, delivery, held[delivery.address_id], messages[delivery.id])
            self._sending[self._pool.submit(work)] = delivery

    def _send(self, delivery: Delivery, address: Address, message: Message) -> Outcome:
        with self._catalogue.read() as view:
            if not outbox.holds(view, delivery):
                return Later("cancelled")
        if not message.items:
            return Refused("nothing of it may be told any more")
        url = self._composer.secrets.opened(address.sealed)
        secret = self._composer.secrets.fingerprint(f"signature {address.id}").encode()
        return send(
            url,
            message,
            self._allowed,
            secret=secret,
            begin=delivery.parts,
            pace=partial(self._await_turn, url, address),
        )

    def _await_turn(self, url: str, address: Address) -> None:
        """Keep the channel's rate, also beside other deliverers."""
        if a_minute := limits(url).a_minute:
            time.sleep(self._pace.reserve(address.fingerprint, 60 / a_minute))

    def _settle(self) -> None:
        done, _waiting = wait(self._sending, POLL_SECONDS, FIRST_COMPLETED)
        ended = [(self._sending.pop(each), each.result()) for each in done]
        if ended:
            with self._catalogue.write() as tx:
                for delivery, outcome in ended:
                    self._note(tx, delivery, outcome, datetime.now(UTC))

    def _note(self, tx: Transaction, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        match outcome:
            case Sent(receipt):
                outbox.sent(tx, delivery, iso(now), confirmed=iso(now) if receipt else None)
                self.report.sent += 1
            case Later(reason, after, _known, parts) if delivery.attempts < self._policy.tries:
                due = next_attempt(delivery.attempts, now, self._policy.first_retry, after)
                outbox.later(tx, delivery, iso(due), reason, parts)
                self.report.later += 1
                self._say(reason)
            case Later(reason) | Refused(reason):
                if outbox.dead(tx, delivery, reason):
                    self._fall_back(tx, delivery, now)
                self.report.dead += 1
                self._say(reason)

    def _say(self, reason: str) -> None:
        self.report.errors[reason] = self.report.errors.get(reason, 0) + 1

    def _fall_back(self, tx: Transaction, delivery: Delivery, now: datetime) -> None:
        """Tell at the addresses for this case what could not be told."""
        routes = subscriptions.routes_of(tx, [delivery.subscription_id])
        others = [
            each.address_id
            for each in routes.get(delivery.subscription_id, ())
            if each.fallback and each.address_id != delivery.address_id
        ]
        told = matches.of_deliveries(tx, [delivery.id]).get(delivery.id, [])
        for address in others:
            key = self._composer.secrets.fingerprint(f"{delivery.key}-{address}")
            outbox.put(
                tx,
                [
                    Wanted(delivery.subscription_id, address, match.id, key, iso(now), joins=False)
                    for match in told
                ],
                iso(now),
            )


def _one_each(tx: Transaction, leased: Iterable[Delivery]) -> list[Delivery]:
    """The first at each address; the others are let go of until it is done."""
    first: dict[int, Delivery] = {}
    for delivery in leased:
        if first.setdefault(delivery.address_id, delivery) is not delivery:
            outbox.release(tx, delivery)
    return list(first.values())
