"""The rhythm of a paper: bounds, and often around its hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.ops.rhythms import (
    DAY,
    MOST_AT_NIGHT,
    MOST_MINUTES,
    NEAR,
    SLOT,
    WITHOUT_HISTORY,
    Rhythm,
    Span,
    Standing,
    usual_hours,
)
from newscrawl.text.dates import SHANGHAI

MORNING = Span(5 * 60, 6 * 60)
FIRST = date(2023, 12, 1)

spans = st.builds(
    lambda start, length: Span(start * SLOT, min(DAY, (start + length) * SLOT)),
    st.integers(0, DAY // SLOT - 1),
    st.integers(1, 6),
)
moments = st.timedeltas(timedelta(0), timedelta(days=365)).map(
    lambda passed: datetime(2023, 1, 1, tzinfo=UTC) + passed
)
standings = st.builds(
    Standing, st.booleans(), st.none() | moments, st.integers(min_value=0, max_value=10_000)
)
rhythms = st.builds(
    Rhythm,
    st.floats(1, 900),
    st.lists(spans, min_size=1, max_size=4).map(tuple),
)


def at(hour, minute=0, day=15):
    """A time in Shanghai, as UTC."""
    return datetime(2023, 12, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@given(rhythms, moments, standings, st.floats(0, 1))
def test_a_pause_is_never_below_the_least_and_never_above_the_most(rhythm, now, standing, chance):
    pause = rhythm.pause(now, standing, chance)
    assert rhythm.least <= pause <= max(rhythm.least, 60 * MOST_AT_NIGHT)


@given(rhythms, moments, standings, st.floats(0, 1))
def test_by_day_a_pause_is_at_most_a_quarter_of_an_hour(rhythm, now, standing, chance):
    noon = now.replace(hour=4)
    assert rhythm.pause(noon, standing, chance) <= max(rhythm.least, 60 * MOST_MINUTES)


@given(st.floats(0, DAY), st.floats(0, DAY), st.floats(60, 120))
def test_nearer_to_the_hour_is_never_slower(one, other, least):
    """Between noon and night, behind the hour; its distances in minutes."""
    rhythm, hour = Rhythm(least, (Span(0, 12 * 60),)), at(12)
    near, far = sorted((one % 600, other % 600))
    pauses = [rhythm.pause(hour + timedelta(minutes=each), Standing(), 0.0) for each in (near, far)]
    assert pauses == sorted(pauses)


@given(rhythms, moments, st.floats(0, 1))
def test_news_bring_the_least_whatever_the_hour(rhythm, now, chance):
    standing = Standing(complete=True, news=now - timedelta(minutes=NEAR / 2))
    assert rhythm.pause(now, standing, chance) == rhythm.least


@given(rhythms, moments, st.integers(0, 20), st.booleans())
def test_more_failures_are_never_faster(rhythm, now, failures, complete):
    few, more = (
        rhythm.pause(now, Standing(complete, None, each), 0.0) for each in (failures, failures + 1)
    )
    assert few <= more


@given(rhythms, moments, st.floats(0, 1))
def test_no_pause_leaps_over_the_beginning_of_a_usual_hour(rhythm, now, chance):
    """By more than the least: else it would come too late for what it was made for."""
    pause = rhythm.pause(now, Standing(), chance)
    local = now.astimezone(SHANGHAI)
    minute = local.hour * 60 + local.minute + local.second / 60
    if any(minute in span for span in rhythm.hours):
        assert pause == rhythm.least
    else:
        ahead = min((span.start - minute) % DAY for span in rhythm.hours)
        assert pause <= 60 * ahead + max(rhythm.least, 60 * NEAR)


def test_the_hour_is_polled_at_the_least_until_the_edition_is_complete():
    rhythm = Rhythm(60, (MORNING,))
    assert rhythm.pause(at(5, 30), Standing(), 0.5) == 60
    held = Standing(complete=True, news=at(5, 10))
    assert rhythm.pause(at(5, 15), held, 0.0) == 60
    assert rhythm.pause(at(5, 40), held, 0.0) == 60 * 2**2
    assert rhythm.pause(at(6, 30), held, 0.0) == 60 * MOST_MINUTES


def test_a_later_usual_hour_of_a_complete_edition_is_polled_at_the_least_again():
    rhythm = Rhythm(60, (MORNING, Span(9 * 60, 10 * 60)))
    held = Standing(complete=True, news=at(5, 10))
    assert rhythm.pause(at(7), held, 0.0) == 60 * MOST_MINUTES
    assert rhythm.pause(at(9), held, 0.0) == 60
    assert rhythm.pause(at(9, 50), held, 0.0) == 60


def test_at_night_pauses_are_the_longest():
    rhythm = Rhythm(60, (MORNING,))
    assert rhythm.pause(at(12), Standing(), 0.0) == 60 * MOST_MINUTES
    assert rhythm.pause(at(23), Standing(), 0.0) == 60 * MOST_AT_NIGHT
    assert rhythm.pause(at(4, 45), Standing(), 0.0) < 120


def test_chance_shortens_what_is_longer_than_the_least():
    rhythm = Rhythm(60, (MORNING,))
    assert rhythm.pause(at(12), Standing(), 1.0) == pytest.approx(60 * (15 - 0.2 * 14))
    assert rhythm.pause(at(5, 30), Standing(), 1.0) == 60


def test_a_clock_that_went_back_is_no_long_silence():
    standing = Standing(complete=True, news=at(12))
    assert Rhythm(60, (MORNING,)).pause(at(11), standing, 0.0) == 60


def came(*times, days=10):
    """What came at these times on each of so many days."""
    for number in range(days):
        day = FIRST + timedelta(days=number)
        for hour, minute in times:
            yield day, datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def test_usual_hours_are_those_at_which_something_came_on_a_quarter_of_the_days():
    found = usual_hours([*came((5, 40), (5, 41), (11, 5)), *came((15, 0), days=2)])
    assert [f"{span}" for span in found] == ["05:00–06:00", "10:30–11:30"]


def test_a_span_begins_a_slot_early_but_not_on_the_day_before():
    assert usual_hours(came((0, 5))) == (Span(0, SLOT),)
    assert usual_hours(came((23, 59))) == (Span(DAY - 2 * SLOT, DAY),)


def test_a_back_fill_and_few_days_say_nothing():
    late = [(day - timedelta(days=3), seen) for day, seen in came((14, 0))]
    assert usual_hours(late) == WITHOUT_HISTORY
    assert usual_hours(came((14, 0), days=2)) == WITHOUT_HISTORY
    assert usual_hours([]) == WITHOUT_HISTORY


@given(
    st.lists(st.tuples(st.integers(0, 27), st.integers(0, DAY - 1)), max_size=80),
)
def test_usual_hours_are_apart_ordered_and_within_the_day(seen):
    moments = [
        (
            FIRST + timedelta(days=day),
            datetime(2023, 12, 1, tzinfo=SHANGHAI) + timedelta(days=day, minutes=minute),
        )
        for day, minute in seen
    ]
    found = usual_hours(moments)
    assert found
    edges = [edge for span in found for edge in (span.start, span.end)]
    assert edges == sorted(set(edges))
    assert edges[0] >= 0
    assert edges[-1] <= DAY
