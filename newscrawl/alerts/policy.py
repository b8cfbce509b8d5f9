"""What people may do here: how much, and whether there are pages that they can reach."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl import settings
from newscrawl.query.limits import Limits


@dataclass(frozen=True, slots=True)
class Policy:
    """The bounds of a subscription and of a person."""

    limits: Limits
    """Of a query."""
    subscriptions_each: int
    addresses_each: int
    public_url: str
    """Where people reach `newscrawl serve`; empty where they do not."""

    @classmethod
    def of(cls, limits: Limits) -> Policy:
        """As the settings say."""
        return cls(
            limits, settings.SUBSCRIPTIONS_EACH, settings.ADDRESSES_EACH, settings.PUBLIC_URL
        )
