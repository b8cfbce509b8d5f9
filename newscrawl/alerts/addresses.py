"""What channel an address is for."""

from __future__ import annotations

from newscrawl.alerts.channels.addresses import parsed

EMAIL = "email"
WEBHOOK = "webhook"
_KINDS = {
    **dict.fromkeys(("mailto", "mailtos"), EMAIL),
    **dict.fromkeys(("http", "https", "json", "jsons"), WEBHOOK),
}
"""Schemes that do not say themselves what they are."""


def kind(url: str) -> str:
    """`email`, `webhook`, or the scheme of a service. Raises UsageError for what is no address."""
    scheme = parsed(url).scheme
    return _KINDS.get(scheme, scheme)
