"""Days, months and years as they are written in a query."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from newscrawl.query.errors import named
from newscrawl.query.tree import DateRange

_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_RANGE = re.compile(r"\[\s*(\S+)\s+TO\s+(\S+)\s*\]")
_OPEN = "*"


def date_range(text: str) -> DateRange:
    """`2023`, `2023-12`, `2023-12-15` or `[2023-12-01 TO 2023-12]`; `*` leaves a side open.

    Raises ValueError with a sentence for people.
    """
    if not text.startswith("["):
        return DateRange(*_period(text))
    between = _RANGE.fullmatch(text)
    if not between:
        raise ValueError("a range of dates is written [2023-12-01 TO 2023-12-15]")
    first, last = between.groups()
    since = None if first == _OPEN else _period(first)[0]
    until = None if last == _OPEN else _period(last)[1]
    if since and until and since > until:
        raise ValueError(f"the range ends on {until}, before it begins on {since}")
    return DateRange(since, until)


def _period(text: str) -> tuple[date, date]:
    """The first and the last day of a written year, month or day."""
    written = _PERIOD.fullmatch(text)
    if not written:
        raise ValueError(f"{named(text)} is no date; write 2023, 2023-12 or 2023-12-15")
    numbers = [int(part) for part in written.groups() if part]
    try:
        first = date(*[*numbers, 1, 1][:3])
    except ValueError:
        raise ValueError(f"{named(text)} is not in the calendar") from None
    match len(numbers):
        case 1:
            return first, first.replace(month=12, day=31)
        case 2:
            return first, first.replace(day=monthrange(first.year, first.month)[1])
        case _:
            return first, first
