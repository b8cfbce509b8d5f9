"""What a subscriber is told: values that know nothing of any channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from newscrawl.query.highlight import Passage

Kind = Literal["new", "edited", "reprint"]
Language = Literal["zh", "en"]
Division: TypeAlias = tuple[tuple[int, ...], ...]
"""The numbers of the articles of each part."""


@dataclass(frozen=True, slots=True)
class Item:
    """One article in a message. All of it may come from a page: nothing here is markup."""

    headline: Passage
    paper: str
    page: str
    time: str
    """As shown, of Asia/Shanghai."""
    passage: Passage
    snapshot: str = ""
    """The address of our snapshot, or nothing."""
    original: str = ""
    kind: Kind = "new"
    also: tuple[str, ...] = ()
    """The other papers that have the story."""
    number: int = 0
    """By which a division knows it: the match's."""
    story: str = ""
    """The address of our page that compares them, or nothing."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one address at once. What it is written as never has its secret links."""

    key: str
    """The same in every attempt, so that whoever gets it twice can tell."""
    subscription: str
    """Its name."""
    query: str
    items: tuple[Item, ...]
    language: Language = "zh"
    unsubscribe: str = field(default="", repr=False)
    """The address that ends the subscription with one click, or nothing."""
    feed: str = field(default="", repr=False)
    division: Division = ()
    """How it was divided when it was sent before, so that its parts stay the same whatever has
    changed since; empty where it was not.
    """
    left_out: int = 0
    """Older articles that waited until they were old news, and are not told any more."""
