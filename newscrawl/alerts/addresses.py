"""What channel an address is for."""

from __future__ import annotations

from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.alerts.channels.mailto import mailbox, masked

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


def listed(url: str) -> str:
    """What lists and pages say of an address that is kept: of an e-mail address whose mailbox it
    is, for the server that sends it is that of many; of others their scheme and host.

    Raises UsageError for what is no address.
    """
    return masked(mailbox(parsed(url))) if kind(url) == EMAIL else shown(url)
