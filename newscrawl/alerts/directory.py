"""People and their addresses, found or entered as somebody subscribes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from newscrawl.alerts.addresses import EMAIL, kind, told_apart
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.rescheduling import reschedule
from newscrawl.alerts.rhythm import Quiet
from newscrawl.alerts.secrets import Secrets, digest, new_token
from newscrawl.catalogue import subscribers, subscriptions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.subscribers import Address, Language, Subscriber
from newscrawl.errors import UsageError
from newscrawl.home import Home

Hours = Quiet | Literal["none"]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An address that waits, and the secret by which whoever reads there confirms it."""

    address: Address
    token: str = field(repr=False)


def secrets_of(tx: Transaction, home: Home, key: str) -> Secrets:
    """What addresses are sealed with; a new key only where none is sealed yet.

    Raises SecretsError where it is not the key that those that are there were sealed with.
    """
    sealed = subscribers.any_sealed(tx)
    secrets = Secrets.of(key, home.secret_key, fresh=sealed is None)
    if sealed is not None:
        secrets.opened(sealed)
    return secrets


def secrets_in_use(tx: Transaction, home: Home, key: str) -> Secrets | None:
    """What addresses are sealed with; None where none is, for then no key is lacking either.

    Raises SecretsError where it cannot be read.
    """
    nothing = subscribers.any_sealed(tx) is None
    return None if nothing else Secrets.of(key, home.secret_key)


def suited(person: Subscriber, language: Language | None, quiet: Hours | None) -> Subscriber:
    """The person with this language and these hours; None leaves what is there."""
    hours = person.quiet if quiet is None else None if quiet == "none" else quiet.hours
    return replace(person, language=language or person.language, quiet=hours)


def change_habits(tx: Transaction, before: Subscriber, after: Subscriber, now: str) -> None:
    """Let a person's language and quiet hours be others, also for what waits. `now` is ISO 8601,
    UTC.
    """
    subscribers.change(tx, after)
    subscriptions.renew_of(tx, after.id)
    if after.quiet != before.quiet:
        reschedule(tx, after, subscriptions.of_subscriber(tx, after.id), now)


class Directory:
    """Enters people and addresses in one transaction. `now` is ISO 8601, UTC."""

    def __init__(self, tx: Transaction, secrets: Secrets, policy: Policy, now: str) -> None:
        self._tx = tx
        self._secrets = secrets
        self._policy = policy
        self._now = now
        self._shown: dict[str, str] = {}
        """What is said of those that were asked for, by fingerprint."""
        self.unconfirmed: list[Confirmation] = []
        """The addresses that this has entered and that are to be confirmed."""

    def person(self, name: str, language: Language | None, quiet: Hours | None) -> Subscriber:
        """The person of a name, new or known, with the language and the quiet hours given.

        Raises UsageError for a name that cannot be one.
        """
        known = subscribers.found(self._tx, name)
        wanted = suited(known or Subscriber(0, name, "zh", None, self._now), language, quiet)
        if known is None:
            return replace(wanted, id=subscribers.add(self._tx, wanted))
        if wanted != known:
            change_habits(self._tx, known, wanted, self._now)
        return wanted

    def addresses(self, subscriber: Subscriber, urls: Iterable[str]) -> list[Address]:
        """A person's addresses of these URLs, new or known, each once and in this order. No two
        that are used are shown alike.

        Raises UsageError for what is no address.
        """
        known = {
            each.fingerprint: each for each in subscribers.addresses_of(self._tx, subscriber.id)
        }
        used = subscribers.in_use(self._tx, subscriber.id)
        shown = {mark: each.shown for mark, each in known.items() if each.id in used} | self._shown
        found: dict[str, Address] = {}
        for url in urls:
            mark = self._secrets.fingerprint(f"address {url}")
            if mark not in found:
                others = {says for other, says in shown.items() if other != mark}
                there = known.get(mark)
                found[mark] = (
                    self._entered(subscriber, url, mark, others)
                    if there is None
                    else self._known(there, url, others)
                )
                shown[mark] = self._shown[mark] = found[mark].shown
        return list(found.values())

    def require_few(self, subscriber: Subscriber) -> None:
        """Once it is entered who is told where. Raises UsageError for more than a person may have:
        of addresses that no subscription is told at any more there may be many.
        """
        used = len(subscribers.in_use(self._tx, subscriber.id))
        most = self._policy.addresses_each
        if used > most:
            raise UsageError(
                f"{subscriber.name}: {used} addresses, and {most} is the most that one "
                "person may have (NEWSCRAWL_ADDRESSES_EACH)"
            )

    def ask_again(self, subscriber: Subscriber) -> list[Confirmation]:
        """New secrets for the addresses of a person that are in use and still wait; those of before
        are void.
        """
        used = subscribers.in_use(self._tx, subscriber.id)
        held = subscribers.addresses_of(self._tx, subscriber.id)
        waiting = [each for each in held if each.state == "pending" and each.id in used]
        return [self._asked(each) for each in waiting]

    def _entered(
        self, subscriber: Subscriber, url: str, mark: str, others: Collection[str]
    ) -> Address:
        channel = kind(url)
        waits = channel == EMAIL
        made = Address(
            id=0,
            subscriber_id=subscriber.id,
            kind=channel,
            shown=told_apart(url, mark, others),
            sealed=self._secrets.seal(url),
            fingerprint=mark,
            state="pending" if waits else "confirmed",
            created=self._now,
            confirmed=None if waits else self._now,
        )
        entered = replace(made, id=subscribers.add_address(self._tx, made))
        return self._asked(entered).address if waits else entered

    def _known(self, there: Address, url: str, others: Collection[str]) -> Address:
        if there.shown in others:
            there = replace(there, shown=told_apart(url, there.fingerprint, others))
            subscribers.show_as(self._tx, there.id, there.shown)
        return self._again(there, url) if there.state == "ended" else there

    def _again(self, ended: Address, url: str) -> Address:
        ended = replace(ended, sealed=self._secrets.seal(url))
        subscribers.reseal(self._tx, ended.id, ended.sealed)
        if ended.kind == EMAIL:
            return self._asked(ended).address
        subscribers.reopen(self._tx, ended.id, self._now)
        return replace(ended, state="confirmed", confirmed=self._now)

    def _asked(self, address: Address) -> Confirmation:
        token = new_token()
        subscribers.ask_confirmation(self._tx, address.id, digest(token))
        waiting = Confirmation(replace(address, state="pending", confirmed=None), token)
        self.unconfirmed.append(waiting)
        return waiting
