"""Whether an address may be kept: something can be sent to it, and would not be refused here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newscrawl.alerts.addresses import EMAIL, kind
from newscrawl.alerts.allowed import SETTING, allowed_private
from newscrawl.alerts.channels import schemes, sending
from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.alerts.channels.guard import Bounds
from newscrawl.alerts.channels.reasons import private
from newscrawl.alerts.channels.targets import place_of
from newscrawl.errors import UsageError

LOOK_UP = 3.0
"""Seconds for the names of all addresses."""


def check(url: str) -> None:
    """Raises as `sending.check` does, and UsageError for one that is private for sure, and not
    allowed.
    """
    check_at_once(url)
    sending.check(url)


def check_at_once(url: str) -> None:
    """The part of it that takes no time."""
    schemes.check(parsed(url))
    place = place_of(url)
    if place is not None and place.refused(allowed_private()):
        raise UsageError(f"{shown(url)}: {private(place.pair)}")


def require_pages(url: str, public_url: str) -> None:
    """Raises UsageError for an e-mail address where nobody reaches the pages that its links lead
    to.
    """
    if kind(url) == EMAIL and not public_url:
        raise UsageError(
            f"{shown(url)}: e-mail needs NEWSCRAWL_PUBLIC_URL, for its links to confirm and to "
            "unsubscribe lead there"
        )


def doubts(urls: Iterable[str]) -> Iterator[str]:
    """What is to be said of addresses whose names lead to private ones now: that may change."""
    allowed = allowed_private()
    with Bounds(LOOK_UP) as bounds:
        for url in dict.fromkeys(urls):
            place = place_of(url)
            if place is not None and place.doubtful(allowed, bounds):
                yield (
                    f"{shown(url)}: leads to a private address now, where messages are refused; "
                    f"list {place.pair} in {SETTING} if it may be told"
                )
