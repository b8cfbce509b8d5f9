"""When a delivery that failed is tried again."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

LONGEST = timedelta(hours=6)
"""Between two attempts."""


def next_attempt(attempts: int, now: datetime, first: float, asked: float | None) -> datetime:
    """After so many attempts, one at least: each time twice as long, from `first` seconds on.

    By up to half of it less or more, so that what failed together does not come again together;
    never before the other side has asked for it, in `asked` seconds.
    """
    seconds = min(first * 2.0 ** min(attempts - 1, 30), LONGEST.total_seconds())
    jittered = seconds * random.uniform(0.5, 1.5)  # noqa: S311 - spread, not secret
    return now + timedelta(seconds=max(jittered, asked or 0.0))
