"""A version whose row cannot be read: a disk or a hand has changed it since it was written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Illegible:
    """What is known of it all the same."""

    seq: int
    article_id: str
    n: int
    live: bool
    """As `Version.live`."""
    day: str
    """Of its edition, YYYY-MM-DD; where that cannot be read, of its article's first one."""
    identity: str
    """As `Version.identity`."""
    error: Exception
    """Why it cannot be read."""
