"""Whether to try again, and how long to wait before that, by what the other side says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LEAST = 1.0
LONGEST = 6 * 3600.0
"""Seconds: whoever asks for more is asked again then."""

_PASSING = frozenset({408, 425, 429})


def refuses(status: int) -> bool:
    """Whether an answer of this status would be the same again, whenever it is asked for."""
    return 400 <= status < 500 and status not in _PASSING


def wait(retry_after: str, now: float) -> float | None:
    """Seconds, from a `Retry-After` that is a number or a date; bounded, and None for another."""
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,20}", text):
        seconds = float(text)
    else:
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        seconds = (date - datetime.fromtimestamp(now, UTC)).total_seconds()
    return min(max(seconds, LEAST), LONGEST)
