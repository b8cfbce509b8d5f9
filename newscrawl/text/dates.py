"""Days and times: stored in UTC, shown in Asia/Shanghai."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The time of every Chinese newspaper; without summer time since 1991."""


def today(now: datetime) -> date:
    """The day in Shanghai at the aware time `now`."""
    return now.astimezone(SHANGHAI).date()


def parse_day(text: str) -> date:
    """The day written `YYYY-MM-DD`.

    Raises ValueError, in words for a person, for any other form and for days that do not exist.
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a date of the form YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day of the calendar") from error


def shown(utc: datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS` in Shanghai, as a reader sees the aware time `utc`."""
    return utc.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def iso(utc: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffff+00:00`, as it is stored."""
    return utc.astimezone(UTC).isoformat(timespec="microseconds")
