"""How many articles there are over time, in buckets that a chart has room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["day", "month", "year"]
MOST = 62
"""Buckets of a timeline: two months of days, five years of months."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Counts without gaps."""

    unit: Unit
    buckets: list[tuple[str, int]]
    """`2023-12-15`, `2023-12` or `2023` with its count, in order."""


def timeline(
    days: Iterable[tuple[str, int]], most: int = MOST, *, of: tuple[date, date] | None = None
) -> Timeline:
    """The finest timeline of at most `most` buckets; years are as many as they are.

    `days`: `YYYY-MM-DD`, each once, with its count. `of`: the first and the last day of the time
    that is asked about; without it, and where nothing is, it has no empty buckets at its ends.
    """
    counts = {date.fromisoformat(text): count for text, count in days if count}
    if not counts:
        return Timeline("day", [])
    first, last = of or (min(counts), max(counts))
    for unit in _STEPS:
        starts = list(islice(_starts(first, last, unit), most + 1))
        if len(starts) <= most:
            break
    else:
        starts = list(_starts(first, last, unit))
    sums: Counter[str] = Counter()
    for day, count in counts.items():
        sums[_label(day, unit)] += count
    labels = (_label(start, unit) for start in starts)
    return Timeline(unit, [(label, sums[label]) for label in labels])


def _starts(first: date, last: date, unit: Unit) -> Iterator[date]:
    """The first day of every bucket from that of `first` to that of `last`."""
    begun, step = _STEPS[unit]
    start = begun(first)
    while start <= last:
        yield start
        if (date.max - start).days < step:
            return
        start = begun(start + timedelta(days=step))


def _label(day: date, unit: Unit) -> str:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


_STEPS: dict[Unit, tuple[Callable[[date], date], int]] = {
    "day": (lambda day: day, 1),
    "month": (lambda day: day.replace(day=1), 31),
    "year": (lambda day: day.replace(month=1, day=1), 366),
}
"""The first day of a day's bucket, and so many days later it is the next bucket."""
