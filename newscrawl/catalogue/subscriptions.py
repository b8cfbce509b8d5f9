"""Subscriptions: what a person wants to hear of, how often, and where.

Every change raises the revision, so that who matches them reads only what has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    Row,
    Text,
    bindparam,
    cast,
    func,
    insert,
    select,
    update,
)

from newscrawl.catalogue import subscribers
from newscrawl.catalogue.alert_schema import subscriptions
from newscrawl.catalogue.names import check_name
from newscrawl.catalogue.parts import in_parts
from newscrawl.errors import NewscrawlError, UsageError

State = Literal["active", "paused", "removed"]


class NoSuchSubscription(NewscrawlError):
    """A person has no subscription of this name."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of which an address is made: sealed, and the SHA-256 by which it is found."""

    sealed: str = field(repr=False)
    digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A query that stands. Raises UsageError for a name that cannot be one."""

    id: int
    """0 before it is added."""
    subscriber_id: int
    name: str
    query: str
    """As `query.show` writes it."""
    papers: tuple[str, ...] | None
    """Spider names or Chinese titles; none means all, and None that they cannot be read."""
    sieve: str | None = field(repr=False)
    """What must stand in an article that it matches, derived; None where it is to be derived."""
    rhythm: str
    """As `alerts.rhythm` writes it."""
    state: State
    since_seq: int
    """It concerns versions that come after this sequence number."""
    created: str
    feed: Secret
    unsubscribe: Secret
    revision: int = 0
    """That of its last change; given by the catalogue."""

    def __post_init__(self) -> None:
        check_name(self.name)


def add(connection: Connection, subscription: Subscription) -> int:
    """Add a subscription under the next number, and return it.

    Raises UsageError where the person has one of this name.
    """
    require_free(connection, subscription.subscriber_id, subscription.name)
    values = {
        "subscriber_id": subscription.subscriber_id,
        "created": subscription.created,
        "feed": subscription.feed.sealed,
        "feed_digest": subscription.feed.digest,
        "unsubscribe": subscription.unsubscribe.sealed,
        "unsubscribe_digest": subscription.unsubscribe.digest,
    }
    added: int = connection.execute(
        insert(subscriptions)
        .values(values | _changeable(connection, subscription))
        .returning(subscriptions.c.id)
    ).scalar_one()
    return added


def change(connection: Connection, subscription: Subscription) -> None:
    """Let a subscription have this name, query, papers, sieve, rhythm, state and beginning.

    Papers that cannot be read stay as they are. Raises UsageError where the person has another of
    this name.
    """
    if subscription.state != "removed":
        require_free(connection, subscription.subscriber_id, subscription.name, subscription.id)
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == subscription.id)
        .values(_changeable(connection, subscription))
    )


def renew_of(connection: Connection, subscriber_id: int) -> None:
    """Let a person's subscriptions have a new revision, as if each were changed."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscriber_id == subscriber_id, _KEPT)
        .values(revision=revision(connection) + 1)
    )


def found(connection: Connection, subscriber_id: int, name: str) -> Subscription | None:
    """A person's subscription of a name, if there is one."""
    row = _named(connection, subscriber_id, name)
    return None if row is None else _subscription(row)


def named(connection: Connection, subscriber_id: int, name: str) -> Subscription:
    """A person's subscription of a name. Raises NoSuchSubscription."""
    known = found(connection, subscriber_id, name)
    if known is None:
        raise NoSuchSubscription(
            f"{name}: no subscription of this name; `newscrawl subscriptions list` shows them"
        )
    return known


def require_free(connection: Connection, subscriber_id: int, name: str, but: int = 0) -> None:
    """Raises UsageError where the person has another of this name, `but` this one."""
    taken = _named(connection, subscriber_id, name)
    if taken is None or taken.id == but:
        return
    person = subscribers.by_ids(connection, [subscriber_id])[subscriber_id]
    which = f"{name}{subscribers.option(person.name)}"
    raise UsageError(
        f"{name}: this name is taken: `newscrawl subscriptions edit {which}` changes what it is, "
        f"`newscrawl subscriptions remove {which}` ends it; or choose another"
    )


def of_subscriber(connection: Connection, subscriber_id: int) -> list[Subscription]:
    """A person's subscriptions by name, without those that are removed."""
    rows = connection.execute(
        _EVERY.where(subscriptions.c.subscriber_id == subscriber_id, _KEPT).order_by(
            subscriptions.c.name
        )
    )
    return [_subscription(row) for row in rows]


def count(connection: Connection, subscriber_id: int) -> int:
    """How many a person has, without those that are removed."""
    mine = subscriptions.c.subscriber_id == subscriber_id
    return connection.scalar(select(func.count()).where(mine, _KEPT)) or 0


def by_ids(connection: Connection, wanted: Iterable[int]) -> dict[int, Subscription]:
    """Subscriptions by number, removed ones included; unknown numbers are left out."""
    rows = (row for part in in_parts(wanted) for row in connection.execute(_BY_ID, {"ids": part}))
    return {row.id: _subscription(row) for row in rows}


def owners(connection: Connection, wanted: Iterable[int]) -> dict[int, int]:
    """Of subscriptions the number of the subscriber; unknown ones are left out."""
    found: dict[int, int] = {}
    for part in in_parts(wanted):
        found.update((each, owner) for each, owner in connection.execute(_OWNERS, {"ids": part}))
    return found


def by_feed(connection: Connection, digest: str) -> Subscription | None:
    """The subscription whose feed's secret has this SHA-256, also a removed one; or None."""
    return _by(connection, subscriptions.c.feed_digest == digest)


def by_unsubscribe(connection: Connection, digest: str) -> Subscription | None:
    """The subscription that is ended by what has this SHA-256, also a removed one; or None."""
    return _by(connection, subscriptions.c.unsubscribe_digest == digest)


def revision(connection: Connection) -> int:
    """That of the last change; 0 before the first."""
    return connection.scalar(select(func.max(subscriptions.c.revision))) or 0


def read_papers(text: str) -> tuple[str, ...] | None:
    """What is stored as the papers of a subscription; None where it is damaged."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return tuple(map(str, found)) if isinstance(found, list) else None


def _changeable(connection: Connection, subscription: Subscription) -> dict[str, object]:
    papers = {} if subscription.papers is None else {"papers": list(subscription.papers)}
    return {
        **papers,
        "name": subscription.name,
        "query": subscription.query,
        "sieve": subscription.sieve,
        "rhythm": subscription.rhythm,
        "state": subscription.state,
        "since_seq": subscription.since_seq,
        "revision": revision(connection) + 1,
    }


def _named(connection: Connection, subscriber_id: int, name: str) -> Row[Any] | None:
    return connection.execute(
        _EVERY.where(
            subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.name == name, _KEPT
        )
    ).one_or_none()


def _by(connection: Connection, condition: Any) -> Subscription | None:
    row = connection.execute(_EVERY.where(condition)).one_or_none()
    return None if row is None else _subscription(row)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        subscriber_id=row.subscriber_id,
        name=row.name,
        query=row.query,
        papers=read_papers(row.papers),
        sieve=row.sieve,
        rhythm=row.rhythm,
        state=row.state,
        since_seq=row.since_seq,
        created=row.created,
        feed=Secret(row.feed, row.feed_digest),
        unsubscribe=Secret(row.unsubscribe, row.unsubscribe_digest),
        revision=row.revision,
    )


_KEPT = subscriptions.c.state != "removed"
_EVERY = select(
    *(
        cast(each, Text).label("papers") if each is subscriptions.c.papers else each
        for each in subscriptions.c
    )
)
"""The papers as text: one that is damaged is to stop no other."""
_BY_ID = _EVERY.where(subscriptions.c.id.in_(bindparam("ids", expanding=True)))
_OWNERS = select(subscriptions.c.id, subscriptions.c.subscriber_id).where(
    subscriptions.c.id.in_(bindparam("ids", expanding=True))
)
