"""Asking somebody who stamps, over the guarded connections of the messages."""

from __future__ import annotations

from newscrawl import __version__
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.alerts.channels.guard import Bounds
from newscrawl.alerts.channels.posting import FAILURES, Answer, Headers, NotSent, request
from newscrawl.alerts.channels.reasons import failure
from newscrawl.alerts.channels.webhook import SECURE, target
from newscrawl.alerts.outcome import Later, Refused
from newscrawl.errors import NewscrawlError


class NotStamped(NewscrawlError):
    """No stamp was got, or it is not one of this head."""


def posted(url: str, headers: Headers, body: bytes, allowed: AllowedPrivate) -> bytes:
    """The body of the answer. Raises NotStamped, also for an answer that is none of 200."""
    answer = asked("POST", url, headers, body, allowed)
    if answer.status != 200:
        raise NotStamped(f"{shown(url)}: answered {answer.status}")
    return answer.body


def asked(method: str, url: str, headers: Headers, body: bytes, allowed: AllowedPrivate) -> Answer:
    """The answer, whatever its status. Raises NotStamped, which names no more of the address than
    its host; of a private one it says the setting that would allow it.
    """
    sent = [("User-Agent", f"newscrawl/{__version__}"), *headers]
    where = parsed(url)
    if where.scheme not in SECURE:
        raise NotStamped(f"{shown(url)}: no http or https")
    with Bounds() as bounds:
        try:
            return request(method, target(where), sent, body, allowed, bounds, read=True)
        except NotSent as error:
            outcome = failure(error.__cause__, over=bounds.over)
        except FAILURES as error:
            outcome = failure(error, over=bounds.over)
    assert isinstance(outcome, Later | Refused)
    raise NotStamped(f"{shown(url)}: {outcome.reason}")
