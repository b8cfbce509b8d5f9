"""What became of an attempt to send. No reason holds an address, a token or what was answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it."""

    receipt: str = ""
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; to be tried again."""

    reason: str
    after: float | None = None
    """Seconds that the other side asks to wait, within bounds."""
    parts: int = 0
    """Parts of the message that have arrived: where the next attempt begins."""
    withheld: bool = False
    """Whether a setting of whoever sends is lacking: nothing was tried, and nothing has failed."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Never, as it is: trying again would not help."""

    reason: str
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Nobody wants it any more, not now, or not as it is composed: nothing was sent after its first
    parts.
    """

    parts: int = 0
    reason: str = "no longer wanted"


Outcome = Sent | Later | Refused | Unwanted
