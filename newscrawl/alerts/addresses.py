"""Addresses as people give them: what channel they are for, and what may be shown of them."""

from __future__ import annotations

from urllib.parse import urlsplit

from newscrawl.errors import UsageError

EMAIL = "email"
WEBHOOK = "webhook"
_KINDS = {
    "mailto": EMAIL,
    "mailtos": EMAIL,
    "http": WEBHOOK,
    "https": WEBHOOK,
    "json": WEBHOOK,
    "jsons": WEBHOOK,
}
"""Schemes that do not say themselves what they are. Their host is a host; of others it may be a
token.
"""


def check(url: str) -> None:
    """Raises UsageError, without the address in it, for what is none."""
    if not _scheme(url) or any(not each.isprintable() or each.isspace() for each in url):
        raise UsageError("an address is the URL of a channel, such as ntfy://HOST/TOPIC")


def kind(url: str) -> str:
    """The channel of an address that is sound: `email`, `webhook`, or the scheme of a service."""
    scheme = _scheme(url)
    return _KINDS.get(scheme, scheme)


def shown(url: str) -> str:
    """What lists, logs and errors may say of an address that is sound."""
    scheme = _scheme(url)
    host = urlsplit(url).hostname if scheme in _KINDS else None
    return f"{scheme}://{host}/…" if host else f"{scheme}://…"


def _scheme(url: str) -> str:
    try:
        parts = urlsplit(url)
        found = parts.scheme if parts.hostname or parts.path.strip("/") else ""
    except ValueError:
        found = ""
    return found if url[len(found) :].startswith("://") else ""
