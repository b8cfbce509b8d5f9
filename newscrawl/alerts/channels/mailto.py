"""`mailto(s)://` addresses: whose server sends, as whom, to whom.

`mailtos://{user}:{password}@HOST:PORT?to=NAME@EXAMPLE.ORG`, with `from=`, `name=`, `smtp=` where
they differ, and `mode=ssl` for TLS from the first byte, which is what port 465 means anyway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newscrawl.alerts.channels.addresses import Address
from newscrawl.errors import UsageError

LONG = 4
"""Characters of a name of which two say little."""
_KNOWN = frozenset({"to", "from", "name", "smtp", "mode", "user", "pass"})
_MODES = frozenset({"", "starttls", "ssl", "insecure"})
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"(?=.{{1,64}}$){_ATOM}(\.{_ATOM})*")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One recipient, and the way to it."""

    host: str
    port: int
    implicit: bool
    """TLS from the first byte."""
    encrypted: bool
    """TLS is a must; else it is used where it is offered."""
    recipient: str = field(repr=False)
    sender: str
    name: str
    user: str = field(repr=False, default="")
    password: str = field(repr=False, default="")


def mailbox(address: Address) -> Mailbox:
    """Raises UsageError for what cannot be sent to, or is for more than one recipient."""
    options = dict(address.options())
    if options.keys() - _KNOWN:
        raise _wrong(f"takes no parameters but {', '.join(sorted(_KNOWN))}")
    mode = options.get("mode", "").lower()
    if mode not in _MODES:
        raise _wrong("mode is starttls, ssl or insecure")
    encrypted = address.scheme == "mailtos" or mode in {"ssl", "starttls"}
    implicit = mode == "ssl" or (encrypted and not mode and address.port == 465)
    host = _domain(options["smtp"]) if options.get("smtp") else _host(address.host)
    user = options.get("user") or address.user or ""
    sender = _mail(options.get("from") or (user if "@" in user else f"{user}@{address.host}"))
    return Mailbox(
        host=host,
        port=address.port or (465 if implicit else 587 if encrypted else 25),
        implicit=implicit,
        encrypted=encrypted,
        recipient=_mail(options.get("to") or address.path.strip("/") or sender),
        sender=sender,
        name=_name(options.get("name", "newscrawl")),
        user=user if options.get("pass") or address.password else "",
        password=options.get("pass") or address.password or "",
    )


def masked(box: Mailbox, *, last: bool = False) -> str:
    """`x…@example.org`: what may be seen of whose mailbox it is; of a long name the last character
    as well, where that is asked for.
    """
    local, _at, domain = box.recipient.rpartition("@")
    more = local[-1] if last and len(local) >= LONG else ""
    return f"{local[0]}…{more}@{domain}"


def _wrong(what: str) -> UsageError:
    return UsageError(f"mailto://…: {what}")


def _host(text: str) -> str:
    """Of an address that is taken apart already."""
    return text if ":" in text else _domain(text)


def _domain(text: str) -> str:
    try:
        domain = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    if not _DOMAIN.fullmatch(domain):
        raise _wrong("without a host that can be read")
    return domain


def _mail(text: str) -> str:
    """`name@domain` of ASCII; raises UsageError for anything else, and for several."""
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        raise _wrong("wants one address, NAME@DOMAIN")
    return f"{local}@{_domain(domain)}"


def _name(text: str) -> str:
    if not text.isprintable() or len(text) > 100:
        raise _wrong("name is printable and short")
    return text
