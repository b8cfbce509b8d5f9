"""What channel an address is for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.alerts.channels.mailto import mailbox, masked

EMAIL = "email"
WEBHOOK = "webhook"
MARK = 4
"""Characters of a fingerprint that are shown, at least."""
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


def told_apart(url: str, fingerprint: str, others: Collection[str]) -> str:
    """What lists say of an address, where a person has `others` that are shown so: a little more of
    a mailbox, else the beginning of its fingerprint, which tells nobody where it leads.

    Raises UsageError for what is no address.
    """
    return next(each for each in _ever_longer(url, fingerprint) if each not in others)


def _ever_longer(url: str, fingerprint: str) -> Iterator[str]:
    said = listed(url)
    yield said
    if kind(url) == EMAIL:
        yield masked(mailbox(parsed(url)), last=True)
    for length in range(MARK, len(fingerprint) + 1):
        yield f"{said} #{fingerprint[:length]}"
