"""When a match is due, for any rhythm, quiet hours and moment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.alerts.rhythm import AT_ONCE, Quiet, Rhythm, due
from newscrawl.errors import UsageError
from newscrawl.text.dates import SHANGHAI

clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
quiets = st.none() | st.tuples(clocks, clocks).filter(lambda two: two[0] != two[1]).map(
    lambda two: Quiet(*two)
)
rhythms = (
    st.sampled_from([AT_ONCE, Rhythm("hourly")])
    | clocks.map(lambda at: Rhythm("daily", at))
    | clocks.map(lambda at: Rhythm("weekdays", at))
)
moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("rhythm", "quiet", "now", "then"),
    [
        # 2023-12-15 is a Friday
        ("at once", None, "2023-12-15T23:10:05", "2023-12-15T23:10:05"),
        ("at once", "22:00-07:00", "2023-12-15T21:59:59", "2023-12-15T21:59:59"),
        ("at once", "22:00-07:00", "2023-12-15T22:00:00", "2023-12-16T07:00:00"),
        ("at once", "22:00-07:00", "2023-12-16T06:59:59", "2023-12-16T07:00:00"),
        ("at once", "22:00-07:00", "2023-12-16T07:00:00", "2023-12-16T07:00:00"),
        ("at once", "12:30-14:00", "2023-12-15T13:00:00", "2023-12-15T14:00:00"),
        ("at once", "12:30-14:00", "2023-12-15T00:10:00", "2023-12-15T00:10:00"),
        ("hourly", None, "2023-12-15T08:00:00", "2023-12-15T08:00:00"),
        ("hourly", None, "2023-12-15T23:10:05", "2023-12-16T00:00:00"),
        ("hourly", "22:00-07:30", "2023-12-15T21:10:00", "2023-12-16T07:30:00"),
        ("daily 07:30", None, "2023-12-15T07:30:00", "2023-12-15T07:30:00"),
        ("daily 07:30", None, "2023-12-15T07:30:01", "2023-12-16T07:30:00"),
        ("daily 23:00", "22:00-07:00", "2023-12-15T12:00:00", "2023-12-16T07:00:00"),
        ("weekdays 07:30", None, "2023-12-15T07:00:00", "2023-12-15T07:30:00"),
        ("weekdays 07:30", None, "2023-12-15T08:00:00", "2023-12-18T07:30:00"),
        ("daily 23:30", "22:00-07:00", "2023-12-16T02:00:00", "2023-12-16T07:00:00"),
        ("weekdays 23:30", "22:00-07:00", "2023-12-14T23:00:00", "2023-12-15T07:00:00"),
        ("weekdays 23:30", "22:00-07:00", "2023-12-15T23:00:00", "2023-12-16T07:00:00"),
        ("weekdays 23:30", "22:00-07:00", "2023-12-16T06:59:00", "2023-12-16T07:00:00"),
        ("weekdays 23:30", "22:00-07:00", "2023-12-16T07:01:00", "2023-12-19T07:00:00"),
        ("weekdays 06:30", "22:00-07:00", "2023-12-15T07:01:00", "2023-12-18T07:00:00"),
    ],
)
def test_when_it_is_due(rhythm, quiet, now, then):
    hours = Quiet.parse(quiet) if quiet else None
    assert due(Rhythm.parse(rhythm), hours, shanghai(now)) == shanghai(then)


@given(rhythms, quiets, moments)
def test_it_is_never_before_and_never_in_quiet_hours_and_soon(rhythm, quiet, now):
    then = due(rhythm, quiet, now)
    here = then.astimezone(SHANGHAI)
    assert then.tzinfo is UTC
    assert then >= now
    assert quiet is None or not quiet.covers(here.time())
    longest = {"at once": 1, "hourly": 1, "daily": 1, "weekdays": 3}[rhythm.often]
    assert then - now <= timedelta(days=longest, hours=1)
    if rhythm.often == "weekdays":
        put_off = quiet is not None and here.time() == quiet.until
        assert here.isoweekday() <= (6 if put_off and quiet.since > quiet.until else 5)


@given(rhythms, quiets, moments)
def test_what_is_due_then_is_due_then_also_when_it_is_asked_then(rhythm, quiet, now):
    then = due(rhythm, quiet, now)
    ends_quiet = quiet is not None and then.astimezone(SHANGHAI).time() == quiet.until
    if rhythm.often != "hourly" or not ends_quiet:  # from there on the full hours count again
        assert due(rhythm, quiet, then) == then


@given(rhythms, quiets, moments, st.timedeltas(timedelta(), timedelta(days=4)))
def test_what_matches_later_is_not_due_earlier(rhythm, quiet, now, more):
    assert due(rhythm, quiet, now) <= due(rhythm, quiet, now + more)


@given(rhythms, quiets, moments)
def test_without_quiet_hours_it_is_on_its_time(rhythm, quiet, now):
    here = due(rhythm, None, now).astimezone(SHANGHAI)
    match rhythm.often:
        case "at once":
            assert here == now
        case "hourly":
            assert (here.minute, here.second, here.microsecond) == (0, 0, 0)
        case _:
            assert here.time() == rhythm.at


@given(rhythms, quiets)
def test_what_is_written_reads_back(rhythm, quiet):
    assert Rhythm.parse(str(rhythm)) == rhythm
    assert quiet is None or Quiet.parse(str(quiet)) == quiet
    assert Quiet.of(quiet.hours if quiet else None) == quiet


@pytest.mark.parametrize(
    "text",
    ["", "now", "daily", "weekdays", "hourly 07:30", "at once 07:30", "daily 24:00", "daily 7.30",
     "daily 07:60", "daily  07:30", "Daily 07:30", "daily 07:30 ", "daily 077:30", "07:30",
     "daily ０７:３０"],
)  # fmt: skip
def test_what_is_no_rhythm_is_one_line(text):
    with pytest.raises(UsageError) as refusal:
        Rhythm.parse(text)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("text", ["", "22:00", "22:00-", "22-07", "22:00-22:00", "22:00-25:00"])
def test_what_are_no_quiet_hours_is_one_line(text):
    with pytest.raises(UsageError, match="quiet hours"):
        Quiet.parse(text)


def test_only_at_once_tells_each_match_by_itself():
    assert not AT_ONCE.joins
    assert Rhythm.parse("hourly").joins
    assert str(Rhythm.parse("daily 7:30")) == "daily 07:30"
