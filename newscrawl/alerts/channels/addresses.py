"""Addresses as people give them, `scheme://…`: each is a secret and never part of an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from newscrawl.alerts.channels.natives import native
from newscrawl.errors import UsageError

LONGEST = 4_000
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9.+-]*)://")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")

_PLAIN = ("http", "json", "mailto", "bark", "gotify", "mmost", "rocket", "nctalk", "matrix")
_AT_HOSTS = frozenset((*_PLAIN, *(f"{scheme}s" for scheme in _PLAIN)))
"""Schemes whose host is a host. With others it is a token."""
_WEBHOOKS = frozenset({"http", "https", "json", "jsons"})
_AT_HOSTS_WITH_PATH = frozenset({"ntfy", "ntfys"})
"""`ntfy://host/topic`, but `ntfy://topic`."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart. Not to be shown but by `shown`."""

    scheme: str
    """The channel's: `wecombot`, also for the https address of one."""
    url: str = field(repr=False)
    """As the channel writes it, which is what Apprise is given."""
    host: str = field(repr=False)
    """ASCII, in lower case, without brackets; empty where it is none."""
    port: int | None = field(repr=False)
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    path: str = field(repr=False)
    query: str = field(repr=False)

    def options(self) -> list[tuple[str, str]]:
        """The parameters, unquoted; a `+` in front of a name stays one."""
        query = re.sub(r"(^|&)\+", r"\1%2B", self.query)
        return parse_qsl(query, keep_blank_values=True)

    @property
    def at_host(self) -> bool:
        """Whether its host is one that is connected to, and no token."""
        return bool(self.host) and _at_host(self.scheme, self.path)


def parsed(url: str) -> Address:
    """An address that a service gives out as https is its channel's: see `natives`.

    Raises UsageError, without the address in it, for what is none.
    """
    scheme = _SCHEME.match(url)
    if scheme is None or len(url) > LONGEST or _FORBIDDEN.search(url):
        raise UsageError("an address is a URL of a channel, such as ntfy://HOST/TOPIC")
    try:
        parts = urlsplit(url)
        port = parts.port if _at_host(parts.scheme, parts.path) else None  # else a token's half
    except ValueError:
        raise UsageError(f"{scheme[1].lower()}://…: the address cannot be read") from None
    host = _ascii(parts.hostname or "")
    if parts.scheme in _WEBHOOKS:
        channels = native(parts.scheme, host, parts.path, parts.query)
        if channels is not None:
            return parsed(channels)
    return Address(
        scheme=parts.scheme,
        url=url,
        host=host,
        port=port,
        user=_unquoted(parts.username),
        password=_unquoted(parts.password),
        path=parts.path,
        query=parts.query,
    )


def shown(url: str) -> str:
    """What lists and errors may say of an address: its scheme, and its host where it has one."""
    try:
        address = parsed(url)
    except UsageError:
        return "…"
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{address.scheme}://{host}/…" if address.at_host else f"{address.scheme}://…"


def _at_host(scheme: str, path: str) -> bool:
    return scheme in _AT_HOSTS or (scheme in _AT_HOSTS_WITH_PATH and bool(path.strip("/")))


def _ascii(host: str) -> str:
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return name if _HOST.fullmatch(name) else ""


def _unquoted(text: str | None) -> str | None:
    return None if text is None else unquote(text)
