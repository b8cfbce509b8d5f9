"""One way to send, whatever the channel, and to judge an address before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels import others, schemes, serverchan, smtp, webhook
from newscrawl.alerts.channels.addresses import Address, parsed
from newscrawl.alerts.channels.guard import SECONDS, Bounds
from newscrawl.alerts.channels.letter import Unlinked, letter_of
from newscrawl.alerts.channels.letter import parts as letter_parts
from newscrawl.alerts.channels.limits import limits
from newscrawl.alerts.channels.mailto import mailbox
from newscrawl.alerts.message import Division, Message
from newscrawl.alerts.outcome import Later, Outcome, Refused, Sent, Unwanted
from newscrawl.alerts.rendering.dialects import DIALECTS
from newscrawl.alerts.rendering.formats import Format
from newscrawl.alerts.rendering.splitting import Part, parts
from newscrawl.errors import NewscrawlError, UsageError


@dataclass(frozen=True, slots=True)
class _Means:
    """What is the same for all parts."""

    allowed: AllowedPrivate
    secret: bytes
    seconds: float


Send = Callable[[], Outcome]
"""Sends one part."""


@dataclass(frozen=True, slots=True)
class Course:
    """How far a message has come, and who is asked on its way."""

    begin: int = 0
    """Parts that have arrived."""
    ready: Callable[[], bool] = lambda: True
    """Before each part: may wait, and says whether it is still wanted."""
    keep: Callable[[Division], bool] = lambda _division: True
    """Before the first of several: the message of the next attempt is to have this division. False
    where it is no longer ours to say so.
    """
    arrived: Callable[[int], object] = lambda _parts: None
    """After each of several: so many have arrived."""


WHOLE = Course()


@dataclass(frozen=True, slots=True)
class _Part:
    numbers: tuple[int, ...]
    """Of its articles."""
    send: Send


def send(
    url: str,
    message: Message,
    allowed: AllowedPrivate,
    *,
    secret: bytes = b"",
    seconds: float = SECONDS,
    course: Course = WHOLE,
) -> Outcome:
    """Send a message in its parts, those left out that have arrived.

    With a `secret`, what webhooks get is signed. Each part has so many seconds. Never raises for
    what a network, an address or a page does, nor where the catalogue fails between parts. An
    outcome's `parts` are those that have arrived in all attempts: the next attempt begins there.
    """
    try:
        prepared = _prepared(url, message, _Means(allowed, secret, seconds))
    except UsageError as error:
        return Refused(str(error))
    except Unlinked as error:
        return Later(str(error), parts=course.begin, withheld=True)
    except NewscrawlError as error:
        return Later(str(error), parts=course.begin)
    receipt, there = "", course.begin
    try:
        for part in prepared[course.begin :]:
            if not _begun(prepared, there, course):
                return Unwanted(parts=there)
            outcome = part.send()
            if not isinstance(outcome, Sent):
                return replace(outcome, parts=there)
            receipt, there = outcome.receipt, there + 1
            if len(prepared) > 1:
                course.arrived(there)
    except NewscrawlError as error:
        return Later(f"failed here: {type(error).__name__}", parts=there)
    return Sent(receipt, parts=len(prepared))


def _begun(prepared: Sequence[_Part], number: int, course: Course) -> bool:
    """Whether the part of this number, from 0 on, is to be sent."""
    if not course.ready():
        return False
    first_of_several = number == 0 and len(prepared) > 1
    return not first_of_several or course.keep(tuple(each.numbers for each in prepared))


def count(url: str, message: Message) -> int:
    """How many parts a message is sent in. Raises UsageError as `check` does, and Unlinked for an
    e-mail that its reader could not end.
    """
    return len(_prepared(url, message, _Means(AllowedPrivate(), b"", SECONDS)))


def check(url: str) -> None:
    """Raises UsageError, without the address in it, for one that nothing can be sent to, or may
    not; another NewscrawlError where its channel cannot be asked now.
    """
    address = parsed(url)
    schemes.check(address)
    adapter = _ADAPTERS.get(address.scheme)
    if adapter is None:
        others.described(address.url)
    else:
        adapter.check(address)


def _prepared(url: str, message: Message, means: _Means) -> Sequence[_Part]:
    address = parsed(url)
    schemes.check(address)
    adapter = _ADAPTERS.get(address.scheme)
    if adapter is None:
        return _by_apprise(address.url, message, means)
    return adapter.prepared(address, limits(url).size, message, means)


def _by_apprise(url: str, message: Message, means: _Means) -> Sequence[_Part]:
    def post(part: Part, written: Format) -> Outcome:
        return others.send(url, part, written, means.allowed, means.seconds)

    return _in_a_chat(url, message, post)


def _by_serverchan(
    address: Address, _most: int, message: Message, means: _Means
) -> Sequence[_Part]:
    serverchan.target(address)

    def post(part: Part, _written: Format) -> Outcome:
        with Bounds(means.seconds) as bounds:
            return serverchan.send(address, part, means.allowed, bounds)

    return _in_a_chat(address.url, message, post)


def _in_a_chat(
    url: str, message: Message, post: Callable[[Part, Format], Outcome]
) -> Sequence[_Part]:
    known = limits(url)
    dialect = DIALECTS[known.format]

    def sending(part: Part) -> Send:
        if not part.body:
            return _nothing
        if not known.titled:
            part = replace(part, title="", body=f"{part.title}{dialect.newline}{part.body}")
        return lambda: post(part, known.format)

    made = parts(message, dialect, known.size, known.measure, known.parts)
    return [_Part(part.numbers, sending(part)) for part in made]


def _by_webhook(address: Address, most: int, message: Message, means: _Means) -> Sequence[_Part]:
    webhook.check(address)

    def sending(part: Message, number: int, count: int) -> Send:
        key, body = webhook.keyed_body(part, number, count)

        def post() -> Outcome:
            with Bounds(means.seconds) as bounds:
                return webhook.send(address, body, key, means.secret, means.allowed, bounds)

        return post

    return _of_messages(webhook.parts(message, most), sending)


def _by_mail(address: Address, most: int, message: Message, means: _Means) -> Sequence[_Part]:
    recipient = mailbox(address)

    def sending(part: Message, number: int, count: int) -> Send:
        letter = letter_of(part, recipient, number, count)

        def hand_over() -> Outcome:
            with Bounds(means.seconds) as bounds:
                return smtp.send(recipient, letter, means.allowed, bounds)

        return hand_over

    return _of_messages(letter_parts(message, most), sending)


def _of_messages(
    divisions: Sequence[Message], sending: Callable[[Message, int, int], Send]
) -> list[_Part]:
    """`sending` is given each part that is not empty, its number from 1 on, and how many are."""
    return [
        _Part(
            tuple(item.number for item in part.items),
            sending(part, number, len(divisions)) if part.items else _nothing,
        )
        for number, part in enumerate(divisions, start=1)
    ]


def _nothing() -> Outcome:
    """All its articles were taken down."""
    return Sent()


@dataclass(frozen=True, slots=True)
class _Adapter:
    """A channel of our own."""

    check: Callable[[Address], object]
    prepared: Callable[[Address, int, Message, _Means], Sequence[_Part]]


_WEBHOOK = _Adapter(webhook.check, _by_webhook)
_MAIL = _Adapter(mailbox, _by_mail)
_SERVERCHAN = _Adapter(serverchan.target, _by_serverchan)
_ADAPTERS = {
    **dict.fromkeys(webhook.SECURE, _WEBHOOK),
    **dict.fromkeys(("mailto", "mailtos"), _MAIL),
    "sc3": _SERVERCHAN,
}
