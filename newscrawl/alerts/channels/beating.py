"""A heartbeat: one GET, whose answer says only that it has arrived."""

from __future__ import annotations

from newscrawl import __version__
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.channels.guard import SECONDS, Bounds
from newscrawl.alerts.channels.posting import FAILURES, Headers, NotSent, request
from newscrawl.alerts.channels.reasons import failure
from newscrawl.alerts.channels.webhook import SECURE, meaning, target
from newscrawl.alerts.outcome import Outcome, Refused
from newscrawl.errors import UsageError

_HEADERS: Headers = [("User-Agent", f"newscrawl/{__version__}")]


def ask(url: str, allowed: AllowedPrivate, seconds: float = SECONDS) -> Outcome:
    """Ask an http or https address, within the bounds of a webhook. Never raises."""
    try:
        address = parsed(url)
        if address.scheme not in SECURE:
            return Refused("the address is not of http or https")
        to = target(address)
    except UsageError:
        return Refused("the address cannot be read")
    with Bounds(seconds) as bounds:
        try:
            return meaning(request("GET", to, _HEADERS, b"", allowed, bounds))
        except NotSent as error:
            return failure(error.__cause__, over=bounds.over)
        except FAILURES as error:
            return failure(error, over=bounds.over)
