"""What people want to hear of, and otherwise than before, as they say it; and what came of it.

Addresses are secrets: they stand in no repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.alerts.directory import Confirmation, Hours
from newscrawl.alerts.rhythm import AT_ONCE, Rhythm
from newscrawl.catalogue import subscribers
from newscrawl.catalogue.subscribers import Address, Language
from newscrawl.catalogue.subscriptions import Subscription

ME = subscribers.ME


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hear of."""

    name: str
    """Of the subscription."""
    query: str
    to: tuple[str, ...] = field(default=(), repr=False)
    """URLs of addresses; without any it is a feed only."""
    otherwise: tuple[str, ...] = field(default=(), repr=False)
    """URLs of those that are used only where the others cannot be reached."""
    person: str = ME
    papers: tuple[str, ...] = ()
    """Spider names or Chinese titles; none means all."""
    rhythm: Rhythm = AT_ONCE
    language: Language | None = None
    """Of the person, for all subscriptions; None leaves it as it is, and so does the next."""
    quiet: Hours | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise with a subscription; None leaves it as it is."""

    name: str | None = None
    query: str | None = None
    papers: tuple[str, ...] | None = None
    rhythm: Rhythm | None = None
    to: tuple[str, ...] | None = field(default=None, repr=False)
    """URLs, in place of those that are told; without any it is a feed only."""
    otherwise: tuple[str, ...] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What subscribing, or changing a subscription, has come to."""

    subscription: Subscription
    addresses: tuple[Address, ...]
    """In their order, those that are used otherwise last."""
    unconfirmed: tuple[Confirmation, ...]
    """Those among them that are new and wait to be confirmed."""
