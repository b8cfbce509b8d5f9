"""When a paper is polled next: often around the hours at which it usually brings something.

Pure: the clock, the history and the chance are given.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from newscrawl.text.dates import SHANGHAI

DAY = 24 * 60
SLOT = 30
"""Minutes of the day that are counted together."""
NEAR = 10.0
"""Minutes after news, or before a usual hour, in which a paper is polled as often as it may be;
each so many minutes further away double the pause.
"""
MOST_MINUTES, MOST_AT_NIGHT = 15.0, 30.0
NIGHT = (22 * 60, 4 * 60)
"""Minutes of the day, from the first until the second."""
ENOUGH_DAYS = 3
"""A history of fewer days says nothing."""
SHARE = 1 / 4
"""Of the days: what came in a slot on fewer is chance."""
JITTER = 0.2
"""By up to this much a pause is shorter that is longer than it had to be."""
MOST_DOUBLED = 10


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes of the Shanghai day, from `start` until `end`; `end` is at most 1440."""

    start: int
    end: int

    def __contains__(self, minute: float) -> bool:
        return self.start <= minute < self.end

    def __str__(self) -> str:
        return f"{_clock(self.start)}–{_clock(self.end)}"


WITHOUT_HISTORY = (Span(4 * 60, 9 * 60),)
"""When Chinese morning papers put their editions out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a paper stands when its next poll is planned."""

    complete: bool = False
    """Today's edition is held whole."""
    news: datetime | None = None
    """When something of it was last seen for the first time; aware."""
    failures: int = 0
    """Polls in a row that failed."""


def usual_hours(arrivals: Iterable[tuple[date, datetime]]) -> tuple[Span, ...]:
    """When a paper usually brings something: in slots in which it did so on a quarter of the days.

    `arrivals`: the day of an edition, and the aware time at which something of it was first seen.
    What was seen on another day was a back-fill and does not count. A span begins a slot early:
    what was seen at a time had come before it.
    """
    days: dict[date, set[int]] = defaultdict(set)
    for day, seen in arrivals:
        local = seen.astimezone(SHANGHAI)
        if local.date() == day:
            days[day].add((local.hour * 60 + local.minute) // SLOT)
    if len(days) < ENOUGH_DAYS:
        return WITHOUT_HISTORY
    least = SHARE * len(days)
    slots = range(DAY // SLOT)
    usual = {slot for slot in slots if sum(slot in came for came in days.values()) >= least}
    return _spans(usual | {slot - 1 for slot in usual if slot}) or WITHOUT_HISTORY


def _spans(slots: Iterable[int]) -> tuple[Span, ...]:
    ordered = sorted(slots)
    breaks = [0, *(at + 1 for at, (a, b) in enumerate(pairwise(ordered)) if b > a + 1)]
    ends = [*breaks[1:], len(ordered)]
    return tuple(
        Span(ordered[first] * SLOT, (ordered[last - 1] + 1) * SLOT)
        for first, last in zip(breaks, ends, strict=True)
        if last > first
    )


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How long to wait after a poll. `least`: seconds, never undercut."""

    least: float
    hours: tuple[Span, ...] = WITHOUT_HISTORY

    def pause(self, now: datetime, standing: Standing, chance: float) -> float:
        """Seconds from the beginning of one poll to that of the next.

        `now` is aware; `chance`, from 0 to 1, parts papers and houses from one another.
        """
        minute, quiet = _minute(now), _quiet(now, standing.news)
        far = min(quiet, self._distance(minute, None if not standing.complete else quiet))
        doubled = min(max(far - NEAR, 0) / NEAR + standing.failures, MOST_DOUBLED)
        most = max(self.least, 60 * (MOST_AT_NIGHT if _is_night(minute) else MOST_MINUTES))
        pause = min(self.least * 2**doubled, most)
        return pause - (pause - self.least) * JITTER * chance

    def _distance(self, minute: float, over: float | None) -> float:
        """Minutes to the nearest usual hour, before or behind, 0 within one.

        Of an edition that is held whole, which brought something `over` minutes ago, the hours in
        which that was are over, and only those to come count.
        """
        if over is None:
            return min(_away(minute, span) for span in self.hours)
        return min(
            (span.start - minute) % DAY if minute not in span or minute - over in span else 0.0
            for span in self.hours
        )


def _away(minute: float, span: Span) -> float:
    if minute in span:
        return 0.0
    return min((span.start - minute) % DAY, (minute - span.end) % DAY)


def _minute(now: datetime) -> float:
    local = now.astimezone(SHANGHAI)
    return local.hour * 60 + local.minute + local.second / 60


def _quiet(now: datetime, news: datetime | None) -> float:
    """Minutes without news; none where the clock went back since."""
    return max((now - news).total_seconds() / 60, 0.0) if news else math.inf


def _is_night(minute: float) -> bool:
    return minute >= NIGHT[0] or minute < NIGHT[1]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
