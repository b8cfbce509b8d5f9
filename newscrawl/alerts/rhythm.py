"""How often a person is told: when a match is due, in the time of Asia/Shanghai."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal, get_args

from newscrawl.errors import UsageError
from newscrawl.text.dates import SHANGHAI

Often = Literal["at once", "hourly", "daily", "weekdays"]
FORMS = "at once, hourly, daily HH:MM, or weekdays HH:MM"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """At once, every full hour, or every day or every weekday at a time.

    Weekdays are Monday to Friday, public holidays included.
    """

    often: Often
    at: time | None = None
    """Asia/Shanghai; for `daily` and `weekdays`, and for these only."""

    @classmethod
    def parse(cls, text: str) -> Rhythm:
        """The rhythm that is written so. Raises UsageError naming the forms."""
        often, _, clock = text.rpartition(" ") if text[-1:].isdigit() else (text, "", "")
        timed = often in ("daily", "weekdays")
        if often not in get_args(Often) or timed != bool(clock):
            raise UsageError(f"rhythm {text!r}: must be {FORMS}")
        return cls(often, _time(clock, "rhythm") if timed else None)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{self.often} {_clock(self.at)}" if self.at else self.often

    @property
    def joins(self) -> bool:
        """Whether several matches are told in one message."""
        return self.often != "at once"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day in which a person is told nothing, Asia/Shanghai; over midnight where
    they end before they begin. Raises UsageError where they would not end.
    """

    since: time
    until: time
    """The first moment that is not quiet."""

    def __post_init__(self) -> None:
        if self.since == self.until:
            raise UsageError(f"quiet hours {self}: must end at another time than they begin")

    @classmethod
    def parse(cls, text: str) -> Quiet:
        """The hours written `22:00-07:00`. Raises UsageError."""
        since, _, until = text.partition("-")
        return cls(_time(since, "quiet hours"), _time(until, "quiet hours"))

    @classmethod
    def of(cls, hours: tuple[str, str] | None) -> Quiet | None:
        """The hours as the catalogue holds them."""
        return None if hours is None else cls.parse("-".join(hours))

    @property
    def hours(self) -> tuple[str, str]:
        """As the catalogue holds them."""
        return _clock(self.since), _clock(self.until)

    def __str__(self) -> str:
        return f"{_clock(self.since)}-{_clock(self.until)}"

    def covers(self, clock: time) -> bool:
        """Whether it is quiet at this time of day."""
        if self.since < self.until:
            return self.since <= clock < self.until
        return clock >= self.since or clock < self.until


AT_ONCE = Rhythm("at once")


def due(rhythm: Rhythm, quiet: Quiet | None, now: datetime) -> datetime:
    """When what matches at the aware time `now` is to be told: UTC, not before `now`, never in
    quiet hours. A time of day that lies in them is put off to their end: that of a Friday night to
    Saturday morning, for it is Friday's.
    """
    here = now.astimezone(SHANGHAI)
    if rhythm.at is not None:
        moment = next(each for each in _daily(here, rhythm, rhythm.at, quiet) if each >= here)
    else:
        moment = _outside(_full_hour(here) if rhythm.often == "hourly" else here, quiet)
    return moment.astimezone(UTC)


def _daily(
    moment: datetime, rhythm: Rhythm, clock: time, quiet: Quiet | None
) -> Iterator[datetime]:
    """When it is told, day by day, from the day before on: its time may be put off to this one."""
    day = datetime.combine(moment.date(), clock, moment.tzinfo) - _DAY
    while True:
        if rhythm.often == "daily" or day.isoweekday() <= 5:
            yield _outside(day, quiet)
        day += _DAY


def _outside(moment: datetime, quiet: Quiet | None) -> datetime:
    """This moment, or the end of the quiet hours that it lies in."""
    if quiet is None or not quiet.covers(moment.time()):
        return moment
    end = datetime.combine(moment.date(), quiet.until, moment.tzinfo)
    return end if end > moment else end + _DAY


def _full_hour(moment: datetime) -> datetime:
    begun = moment.replace(minute=0, second=0, microsecond=0)
    return begun if begun == moment else begun + timedelta(hours=1)


def _time(text: str, what: str) -> time:
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text)
    if found is None or not (int(found[1]) < 24 and int(found[2]) < 60):
        raise UsageError(f"{what}: {text!r} is not a time of day of the form HH:MM")
    return time(int(found[1]), int(found[2]))


def _clock(clock: time) -> str:
    return clock.strftime("%H:%M")
