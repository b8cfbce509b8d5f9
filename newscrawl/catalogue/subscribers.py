"""People who subscribe, and the addresses at which they are told.

An address' URL is a secret. It is kept sealed; `shown` is all of it that may be seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from newscrawl.catalogue.alert_schema import addresses, routes, subscribers, subscriptions
from newscrawl.catalogue.names import check_name
from newscrawl.catalogue.parts import in_parts
from newscrawl.errors import NewscrawlError

ME = "me"
"""The operator, who needs no other name."""
Language = Literal["zh", "en"]
AddressState = Literal["pending", "confirmed", "ended"]


class NoSuchSubscriber(NewscrawlError):
    """Nobody has this name."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person. Raises UsageError for a name that cannot be one."""

    id: int
    """0 before it is added."""
    name: str
    language: Language
    quiet: tuple[str, str] | None
    """From and until, `HH:MM` in Asia/Shanghai; until is the next day where it is before from."""
    created: str
    """ISO 8601, UTC."""

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person is told."""

    id: int
    """0 before it is added."""
    subscriber_id: int
    kind: str
    """`email`, `webhook`, or the scheme of a service: `ntfy`."""
    shown: str
    """All that lists, logs and errors may say of it."""
    sealed: str = field(repr=False)
    fingerprint: str = field(repr=False)
    """A keyed hash of the URL: whether two are the same is known without opening either."""
    state: AddressState
    created: str
    confirmed: str | None
    """When; None for what is not confirmed."""


def add(connection: Connection, subscriber: Subscriber) -> int:
    """Add a person under the next number, and return it; the name must be free."""
    values = _quiet_values(subscriber) | {
        "name": subscriber.name,
        "language": subscriber.language,
        "created": subscriber.created,
    }
    added: int = connection.execute(
        insert(subscribers).values(values).returning(subscribers.c.id)
    ).scalar_one()
    return added


def change(connection: Connection, subscriber: Subscriber) -> None:
    """Let a person's language and quiet hours be these.

    `subscriptions.renew_of` is to follow: feeds are in the language of whose they are.
    """
    values = _quiet_values(subscriber) | {"language": subscriber.language}
    connection.execute(update(subscribers).where(subscribers.c.id == subscriber.id).values(values))


def found(connection: Connection, name: str) -> Subscriber | None:
    """The person of a name, if there is one."""
    row = connection.execute(select(subscribers).where(subscribers.c.name == name)).one_or_none()
    return None if row is None else _subscriber(row)


def named(connection: Connection, name: str) -> Subscriber:
    """The person of a name. Raises NoSuchSubscriber."""
    subscriber = found(connection, name)
    if subscriber is None:
        raise NoSuchSubscriber(
            f"{name}: nobody of this name has subscribed; `newscrawl subscriptions list` shows who"
        )
    return subscriber


def option(name: str) -> str:
    """What a command is told besides, so that it is about this person: nothing for the operator."""
    return "" if name == ME else f" --person {name}"


def by_ids(connection: Connection, wanted: Iterable[int]) -> dict[int, Subscriber]:
    """People by number; unknown numbers are left out."""
    rows = (row for part in in_parts(wanted) for row in connection.execute(_BY_ID, {"ids": part}))
    return {row.id: _subscriber(row) for row in rows}


def subscribed_to(connection: Connection, name: str) -> list[str]:
    """The names of those who have a subscription of a name, who came first first."""
    return list(connection.scalars(_SUBSCRIBED, {"name": name}))


def everybody(connection: Connection) -> list[Subscriber]:
    """Every person, by name."""
    rows = connection.execute(select(subscribers).order_by(subscribers.c.name))
    return [_subscriber(row) for row in rows]


def add_address(connection: Connection, address: Address, token: str | None = None) -> int:
    """Add an address under the next number, and return it.

    `token` is the SHA-256 of what confirms it. The person must not have the URL already.
    """
    values = {
        "subscriber_id": address.subscriber_id,
        "kind": address.kind,
        "shown": address.shown,
        "sealed": address.sealed,
        "fingerprint": address.fingerprint,
        "state": address.state,
        "token": token,
        "created": address.created,
        "confirmed": address.confirmed,
    }
    added: int = connection.execute(
        insert(addresses).values(values).returning(addresses.c.id)
    ).scalar_one()
    return added


def addresses_of(connection: Connection, subscriber_id: int) -> list[Address]:
    """A person's addresses in the order in which they came, ended ones included."""
    rows = connection.execute(
        _ADDRESSES.where(addresses.c.subscriber_id == subscriber_id).order_by(addresses.c.id)
    )
    return [Address(*row) for row in rows]


def has_addresses(connection: Connection) -> bool:
    """Whether there is anything that a key opens."""
    return connection.scalar(select(addresses.c.id).limit(1)) is not None


def addresses_by_ids(connection: Connection, wanted: Iterable[int]) -> dict[int, Address]:
    """Addresses by number; unknown numbers are left out."""
    rows = (
        row
        for part in in_parts(wanted)
        for row in connection.execute(_ADDRESSES_BY_ID, {"ids": part})
    )
    return {row.id: Address(*row) for row in rows}


def in_use(connection: Connection, subscriber_id: int) -> set[int]:
    """The addresses that a person is told at: of subscriptions that are not removed."""
    used = (
        select(addresses.c.id)
        .join(routes, routes.c.address_id == addresses.c.id)
        .join(subscriptions, subscriptions.c.id == routes.c.subscription_id)
        .where(
            addresses.c.subscriber_id == subscriber_id,
            addresses.c.state != "ended",
            subscriptions.c.state != "removed",
        )
    )
    return set(connection.scalars(used))


def any_sealed(connection: Connection) -> str | None:
    """Something sealed, by which a key can be tried; None where there is nothing.

    Nobody has an address and no subscription, not even a removed one.
    """
    newest = select(subscriptions.c.feed).order_by(subscriptions.c.id.desc()).limit(1)
    sealed: str | None = connection.scalar(newest)
    return sealed


def ask_confirmation(connection: Connection, address_id: int, token: str) -> None:
    """Let an address wait for its confirmation, by what has this SHA-256; no earlier one counts."""
    _update_address(connection, address_id, state="pending", token=token, confirmed=None)


def address_by(connection: Connection, token: str) -> Address | None:
    """The address that waits for what has this SHA-256, or is confirmed by it; None for others."""
    row = connection.execute(_ADDRESSES.where(addresses.c.token == token)).one_or_none()
    return None if row is None else Address(*row)


def confirm(connection: Connection, token: str, now: str) -> Address | None:
    """Confirm the address that waits for what has this SHA-256; None where none does.

    One that is confirmed by it stays as it is: people press a button twice.
    """
    address = address_by(connection, token)
    if address is None or address.state == "confirmed":
        return address
    _update_address(connection, address.id, state="confirmed", confirmed=now)
    return address_by(connection, token)


def reopen(connection: Connection, address_id: int, now: str) -> None:
    """Let an address be used."""
    _update_address(connection, address_id, state="confirmed", token=None, confirmed=now)


def end_address(connection: Connection, address_id: int, instead: str = "") -> None:
    """Let an address be used no more; its URL is not kept, but this in its place."""
    _update_address(connection, address_id, state="ended", token=None, sealed=instead)


def reseal(connection: Connection, address_id: int, sealed: str) -> None:
    """Let this be the URL of an address that had ended, sealed."""
    _update_address(connection, address_id, sealed=sealed)


def show_as(connection: Connection, address_id: int, shown: str) -> None:
    """Let this be all of an address that may be seen."""
    _update_address(connection, address_id, shown=shown)


def _update_address(connection: Connection, address_id: int, **values: str | None) -> None:
    connection.execute(update(addresses).where(addresses.c.id == address_id).values(**values))


def _quiet_values(subscriber: Subscriber) -> dict[str, str | None]:
    quiet_from, quiet_until = subscriber.quiet or (None, None)
    return {"quiet_from": quiet_from, "quiet_until": quiet_until}


def _subscriber(row: Row[Any]) -> Subscriber:
    quiet = (row.quiet_from, row.quiet_until) if row.quiet_from else None
    return Subscriber(row.id, row.name, row.language, quiet, row.created)


_ADDRESSES = select(
    addresses.c.id,
    addresses.c.subscriber_id,
    addresses.c.kind,
    addresses.c.shown,
    addresses.c.sealed,
    addresses.c.fingerprint,
    addresses.c.state,
    addresses.c.created,
    addresses.c.confirmed,
)
_SUBSCRIBED = (
    select(subscribers.c.name)
    .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
    .where(subscriptions.c.name == bindparam("name"), subscriptions.c.state != "removed")
    .order_by(subscribers.c.id)
)
_BY_ID = select(subscribers).where(subscribers.c.id.in_(bindparam("ids", expanding=True)))
_ADDRESSES_BY_ID = _ADDRESSES.where(addresses.c.id.in_(bindparam("ids", expanding=True)))
