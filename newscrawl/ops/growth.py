"""How fast what is kept grows, and for how long the disk takes it."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_DAYS = 30.0
"""That the growth is taken from: what is older says little of tomorrow."""
LEAST_DAYS = 3.0
"""Of collecting, before anything is said: a first back-fill is not how it goes on."""
LONGEST_DAYS = 3650
"""Nobody can tell beyond that."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Bytes a day, and until when."""

    over_days: float
    """That were looked at."""
    bytes_a_day: int | None
    """Archive, catalogue and index; None where there is too little to say."""
    days_left: int | None
    """Until no run begins for want of space, at most LONGEST_DAYS; None where nobody can say."""


def forecast(*, written: int, over_days: float, archive: int, derived: int, room: int) -> Growth:
    """The growth from `written` bytes of archive in so many days, and the days that `room` lasts.

    All of these are bytes: `archive` in all, `derived` of catalogue and index, which are taken to
    grow as the archive does, and `room`, which may be negative.
    """
    if over_days < LEAST_DAYS or not archive:
        return Growth(round(over_days, 1), None, None)
    each = written / over_days * (1 + derived / archive)
    if each < 1:
        return Growth(round(over_days, 1), 0, None)
    days = min(LONGEST_DAYS, max(0, int(room / each)))
    return Growth(round(over_days, 1), int(each), days)
