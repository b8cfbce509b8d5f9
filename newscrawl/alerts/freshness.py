"""How long news is news."""

from __future__ import annotations

from datetime import datetime, timedelta

from newscrawl import settings
from newscrawl.text.dates import iso


def stale_before(now: datetime) -> str:
    """What was first due before this time is old, and told to nobody. `now` is aware."""
    return iso(now - timedelta(hours=settings.DELIVERY_KEPT_HOURS))
