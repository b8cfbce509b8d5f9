"""Subscribing, and whatever a person may do with a subscription, for the commands and the pages.

Addresses are secrets: they come in, are sealed, and stand in no error, no repr and no log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias

from newscrawl import settings
from newscrawl.alerts import admission, consent
from newscrawl.alerts.backlog import Backlog
from newscrawl.alerts.directory import (
    Confirmation,
    Directory,
    Hours,
    change_habits,
    secrets_of,
    suited,
)
from newscrawl.alerts.forgetting import Forgotten, forget
from newscrawl.alerts.journal import Journal
from newscrawl.alerts.narrowing import narrowed
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.redirecting import redirect
from newscrawl.alerts.rescheduling import reschedule
from newscrawl.alerts.routing import route, told
from newscrawl.alerts.secrets import Secrets, digest, new_token
from newscrawl.alerts.whose import of_person
from newscrawl.alerts.wishes import Change, Subscribed, Wish
from newscrawl.catalogue import subscribers, subscriptions, versions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.papers import Declared, check_papers
from newscrawl.catalogue.subscribers import Address, Language, Subscriber
from newscrawl.catalogue.subscriptions import Secret, Subscription
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.query.limits import ACCEPTED
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.sieve import sieve
from newscrawl.text.dates import iso

Check: TypeAlias = Callable[[str], object]
"""Raises UsageError, without the address in it, for one that nothing can be sent to."""


class Desk:
    """Where people subscribe. Every method is one transaction, and nothing where it raises, but for
    what a subscription that is edited has matched before.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        home: Home,
        policy: Policy,
        check: Check = admission.check,
        declared: Declared = dict,
    ) -> None:
        """`check` judges an address before it is kept, and may take a second for it. Of the papers
        `declared`, beside those collected, people may hear as well.
        """
        self._catalogue = catalogue
        self._home = home
        self._policy = policy
        self._check = check
        self._declared = declared

    def subscribe(self, wish: Wish) -> Subscribed:
        """Begin a subscription; it concerns what is first seen from now on.

        Raises QueryError as a search does, and UsageError for unknown papers, a name that is taken
        or cannot be one, addresses that cannot be used, and more than one person may have.
        """
        query = self._query(wish.query)
        self._check_all((*wish.to, *wish.otherwise))
        with self._catalogue.write() as tx:
            check_papers(tx, wish.papers, declared=self._declared)
            now, secrets = _now(), self._secrets(tx)
            directory = Directory(tx, secrets, self._policy, now)
            person = directory.person(wish.person, wish.language, wish.quiet)
            self._require_few(tx, person)
            begun = Subscription(
                id=0,
                subscriber_id=person.id,
                name=wish.name,
                query=query,
                papers=wish.papers,
                sieve=_sieve(query, wish.papers),
                rhythm=str(wish.rhythm),
                state="active",
                since_seq=versions.newest_seq(tx),
                created=now,
                feed=_secret(secrets),
                unsubscribe=_secret(secrets),
            )
            begun = replace(begun, id=subscriptions.add(tx, begun))
            first = directory.addresses(person, wish.to)
            others = directory.addresses(person, wish.otherwise)
            addresses = route(tx, begun, first, others)
            directory.require_few(person)
            return Subscribed(begun, addresses, tuple(directory.unconfirmed))

    def edit(self, person: str, name: str, change: Change) -> Subscribed:
        """Change a subscription, from the next article on; its feed and its links stay.

        What was recorded when this was called is matched as it was asked for until then. What waits
        for an address that is left out goes to those that are given instead, and what waits for
        its time is due in the new rhythm. Raises as `subscribe` does, and where there is no such
        subscription.
        """
        query = None if change.query is None else self._query(change.query)
        self._check_all((*(change.to or ()), *(change.otherwise or ())))
        asks = change.query is not None or change.papers is not None
        backlog = self._backlog(person, name) if asks else None
        with self._catalogue.write() as tx:
            check_papers(tx, change.papers or (), declared=self._declared)
            before = _named(tx, person, name)
            text = before.query if query is None else query
            within = before.papers if change.papers is None else change.papers
            since = before.since_seq
            if backlog and (text, within) != (before.query, before.papers):
                # Not what was recorded last: nothing is matched while the write lock is held.
                since = max(since, backlog.reached)
            after = replace(
                before,
                name=before.name if change.name is None else change.name,
                query=text,
                papers=within,
                sieve=_sieve(text, within),
                rhythm=before.rhythm if change.rhythm is None else str(change.rhythm),
                since_seq=since,
            )
            if after != before:
                subscriptions.change(tx, after)
            done = self._redirected(tx, after, change)
            if after.rhythm != before.rhythm:
                whose = subscribers.by_ids(tx, [after.subscriber_id])[after.subscriber_id]
                reschedule(tx, whose, [after], _now())
        return done

    def person(self, name: str, language: Language | None, quiet: Hours | None) -> Subscriber:
        """Let a person's messages be in this language, and none come in these hours; what waits is
        due accordingly.

        Raises NoSuchSubscriber.
        """
        with self._catalogue.write() as tx:
            before = subscribers.named(tx, name)
            after = suited(before, language, quiet)
            change_habits(tx, before, after, _now())
            return after

    def pause(self, person: str, name: str) -> None:
        """Let a subscription match nothing, and what waits for it wait."""
        with self._catalogue.write() as tx:
            subscriptions.change(tx, replace(_named(tx, person, name), state="paused"))

    def resume(self, person: str, name: str) -> None:
        """Let a subscription match again, from the next article on."""
        with self._catalogue.write() as tx:
            paused = _named(tx, person, name)
            since = versions.newest_seq(tx)
            subscriptions.change(tx, replace(paused, state="active", since_seq=since))

    def remove(self, person: str, name: str) -> None:
        """End a subscription; what waits for it is not sent."""
        with self._catalogue.write() as tx:
            consent.end(tx, _named(tx, person, name))

    def forget(self, person: str, address: str) -> Forgotten:
        """End an address of a person, as `forgetting.forget` does."""
        with self._catalogue.write() as tx:
            whose, secrets = subscribers.named(tx, person), self._secrets(tx)
            return forget(tx, whose, address, secrets, _now())

    def unsubscribe(self, token: str) -> Subscription | None:
        """End the subscription of a link to unsubscribe, which may have ended before; None where
        there never was one.
        """
        with self._catalogue.write() as tx:
            return consent.unsubscribe(tx, token)

    def confirm(self, token: str) -> Address | None:
        """Confirm the address of a link to confirm, which may be confirmed by it already; None
        where there is none (any more).
        """
        with self._catalogue.write() as tx:
            asked = consent.confirm(tx, token, datetime.now(UTC))
            return None if asked is None else asked.address

    def ask_again(self, person: str) -> list[Confirmation]:
        """New secrets for a person's addresses in use that still wait to be confirmed."""
        with self._catalogue.write() as tx:
            directory = Directory(tx, self._secrets(tx), self._policy, _now())
            return directory.ask_again(subscribers.named(tx, person))

    def _backlog(self, person: str, name: str) -> Backlog:
        """Of whoever has this subscription; most of it is matched here, before the edit holds the
        write lock.
        """
        with self._catalogue.read() as view:
            mine = _named(view, person, name)
            secrets = self._secrets(view)
        journal = Journal(self._home.told, secrets.fingerprint)
        backlog = Backlog(mine.subscriber_id, secrets.fingerprint, journal.note)
        backlog.clear(self._catalogue)
        return backlog

    def _query(self, text: str) -> str:
        return show(parse(text, self._policy.limits))

    def _check_all(self, urls: Iterable[str]) -> None:
        """Before any write lock is taken: it takes its time."""
        for url in dict.fromkeys(urls):
            self._check(url)
            admission.require_pages(url, self._policy.public_url)

    def _redirected(
        self, tx: Transaction, subscription: Subscription, change: Change
    ) -> Subscribed:
        """Let it be told at the addresses of the change, and at those that it leaves."""
        first, others = told(tx, subscription)
        if change.to is None and change.otherwise is None:
            return Subscribed(subscription, (*first, *others), ())
        now, secrets = _now(), self._secrets(tx)
        directory = Directory(tx, secrets, self._policy, now)
        fallbacks = [each.id for each in others]
        person = subscribers.by_ids(tx, [subscription.subscriber_id])[subscription.subscriber_id]
        if change.to is not None:
            first = directory.addresses(person, change.to)
        if change.otherwise is not None:
            others = directory.addresses(person, change.otherwise)
        addresses = route(tx, subscription, first, others)
        directory.require_few(person)
        redirect(tx, subscription.id, first, others, fallbacks, secrets.fingerprint, now)
        return Subscribed(subscription, addresses, tuple(directory.unconfirmed))

    def _secrets(self, tx: Transaction) -> Secrets:
        return secrets_of(tx, self._home, settings.secret_key())

    def _require_few(self, tx: Transaction, person: Subscriber) -> None:
        most = self._policy.subscriptions_each
        if subscriptions.count(tx, person.id) >= most:
            raise UsageError(
                f"{person.name}: {most} subscriptions, the most that one person may have "
                "(NEWSCRAWL_SUBSCRIPTIONS_EACH): remove one first"
            )


def _named(tx: Transaction, person: str, name: str) -> Subscription:
    return of_person(tx, person, name)


def _sieve(query: str, papers: Sequence[str] | None) -> str | None:
    """None where the papers cannot be read: then it stands nowhere."""
    return None if papers is None else sieve(parse(narrowed(query, papers), ACCEPTED)).text()


def _secret(secrets: Secrets) -> Secret:
    token = new_token()
    return Secret(secrets.seal(token), digest(token))


def _now() -> str:
    return iso(datetime.now(UTC))
