"""Why something was not sent, in words of ours only: what a library says may hold the address."""

from __future__ import annotations

import socket
import ssl

from newscrawl.alerts.allowed import SETTING
from newscrawl.alerts.channels.guard import PrivateTarget, TooMuch
from newscrawl.alerts.outcome import Later, Outcome, Refused

UNREADABLE = "the address cannot be read"
CUT_OFF = "the connection was cut off"
SLOW = "no answer in time"
TOO_MUCH = "the answer is too long"

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TooMuch, TOO_MUCH),
    (TimeoutError, SLOW),
    (ssl.SSLCertVerificationError, "the certificate is not valid"),
    (ssl.SSLError, "no encrypted connection"),
    (socket.gaierror, "the name is not known"),
    (ConnectionRefusedError, "nothing listens there"),
)


def private(pairs: str) -> str:
    """Why a private address is refused; `pairs` would allow it, where they are known."""
    return f"a private address; list {pairs or 'it'} in {SETTING} if it may be told"


def failure(error: BaseException | None, *, over: bool = False) -> Outcome:
    """What a failure of the network means; its deepest known cause counts."""
    causes: list[BaseException] = []
    while error is not None and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__
    for cause in causes:
        if isinstance(cause, PrivateTarget):
            return Refused(private(cause.pair))
    if any(isinstance(cause, UnicodeError) for cause in causes):
        return Refused(UNREADABLE)
    if over:
        return Later(SLOW)
    for kind, reason in _REASONS:
        if any(isinstance(cause, kind) for cause in causes):
            return Later(reason)
    return Later(CUT_OFF)
