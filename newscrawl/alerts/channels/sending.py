"""One way to send, whatever the channel, and to judge an address before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels import others, smtp, webhook
from newscrawl.alerts.channels.addresses import Address, parsed
from newscrawl.alerts.channels.guard import SECONDS, Bounds
from newscrawl.alerts.channels.letter import letters
from newscrawl.alerts.channels.limits import limits
from newscrawl.alerts.channels.mailto import mailbox
from newscrawl.alerts.message import Message
from newscrawl.alerts.outcome import Later, Outcome, Refused, Sent
from newscrawl.alerts.rendering.dialects import DIALECTS
from newscrawl.alerts.rendering.splitting import parts
from newscrawl.errors import NewscrawlError, UsageError


@dataclass(frozen=True, slots=True)
class _Means:
    """What is the same for all parts."""

    allowed: AllowedPrivate
    secret: bytes
    seconds: float


Send = Callable[[], Outcome]
"""Sends one part."""


def send(
    url: str,
    message: Message,
    allowed: AllowedPrivate,
    *,
    secret: bytes = b"",
    seconds: float = SECONDS,
    begin: int = 0,
    pace: Callable[[], object] = lambda: None,
) -> Outcome:
    """Send a message in its parts, from that numbered `begin` on; `pace` is called before each.

    With a `secret`, what webhooks get is signed. Each part has so many seconds. Never raises for
    what a network, an address or a page does. An outcome's `parts` are those that have arrived in
    all attempts: the next attempt begins there.
    """
    try:
        prepared = _prepared(url, message, _Means(allowed, secret, seconds))
    except UsageError as error:
        return Refused(str(error))
    except NewscrawlError as error:
        return Later(str(error), parts=begin)
    receipt = ""
    for number, one in enumerate(prepared[begin:], start=begin):
        pace()
        outcome = one()
        if not isinstance(outcome, Sent):
            return replace(outcome, parts=number)
        receipt = outcome.receipt
    return Sent(receipt, parts=len(prepared))


def count(url: str, message: Message) -> int:
    """How many parts a message is sent in. Raises UsageError as `check` does."""
    return len(_prepared(url, message, _Means(AllowedPrivate(), b"", SECONDS)))


def check(url: str) -> None:
    """Raises UsageError, without the address in it, for one that nothing can be sent to; another
    NewscrawlError where its channel cannot be asked now.
    """
    address = parsed(url)
    adapter = _ADAPTERS.get(address.scheme)
    if adapter is None:
        others.described(url)
    else:
        adapter.check(address)


def _prepared(url: str, message: Message, means: _Means) -> Sequence[Send]:
    address = parsed(url)
    adapter = _ADAPTERS.get(address.scheme)
    if adapter is None:
        return _by_apprise(url, message, means)
    return adapter.prepared(address, limits(url).size, message, means)


def _by_apprise(url: str, message: Message, means: _Means) -> Sequence[Send]:
    known = limits(url)
    dialect = DIALECTS[known.format]

    def sending(part: Any) -> Send:
        if not known.titled:
            part = replace(part, title="", body=f"{part.title}{dialect.newline}{part.body}")
        return lambda: others.send(url, part, known.format, means.allowed, means.seconds)

    return [sending(part) for part in parts(message, dialect, known.size, known.measure)]


def _by_webhook(address: Address, most: int, message: Message, means: _Means) -> Sequence[Send]:
    webhook.check(address)

    def sending(key: str, body: bytes) -> Send:
        def post() -> Outcome:
            with Bounds(means.seconds) as bounds:
                return webhook.send(address, body, key, means.secret, means.allowed, bounds)

        return post

    return [sending(key, body) for key, body in webhook.bodies(message, most)]


def _by_mail(address: Address, most: int, message: Message, means: _Means) -> Sequence[Send]:
    recipient = mailbox(address)

    def sending(letter: Any) -> Send:
        def hand_over() -> Outcome:
            with Bounds(means.seconds) as bounds:
                return smtp.send(recipient, letter, means.allowed, bounds)

        return hand_over

    return [sending(letter) for letter in letters(message, recipient, most)]


@dataclass(frozen=True, slots=True)
class _Adapter:
    """A channel of our own."""

    check: Callable[[Address], object]
    prepared: Callable[[Address, int, Message, _Means], Sequence[Send]]


_WEBHOOK = _Adapter(webhook.check, _by_webhook)
_MAIL = _Adapter(mailbox, _by_mail)
_ADAPTERS = {
    **dict.fromkeys(webhook.SECURE, _WEBHOOK),
    **dict.fromkeys(("mailto", "mailtos"), _MAIL),
}
