"""Messages that were given up: how many, and how they are looked at."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.catalogue import letters
from newscrawl.catalogue.connection import Transaction

LOOK = "`newscrawl outbox --state dead` shows why"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What is dead, of subscriptions that are kept."""

    messages: int
    subscriptions: int

    @classmethod
    def of(cls, view: Transaction) -> Undelivered | None:
        """None where nothing is."""
        counts = letters.dead(view)
        return cls(sum(counts.values()), len(counts)) if counts else None

    @property
    def what(self) -> str:
        several = "subscription" if self.subscriptions == 1 else "subscriptions"
        return f"{said(self.messages)}, of {self.subscriptions} {several}"

    @property
    def remedy(self) -> str:
        return f"{LOOK}; there `--again-all` sends them once more, `--drop-all` lets them rest"


def said(messages: int) -> str:
    """`1 message is dead, it could not be delivered`."""
    if messages == 1:
        return "1 message is dead, it could not be delivered"
    return f"{messages:,} messages are dead, they could not be delivered"
