from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.index.timeline import MOST, Timeline, timeline


def test_days_without_gaps():
    days = [("2023-12-30", 2), ("2024-01-01", 1)]
    buckets = [("2023-12-30", 2), ("2023-12-31", 0), ("2024-01-01", 1)]
    assert timeline(days) == Timeline("day", buckets)


def test_more_than_two_months_are_counted_by_the_month():
    counted = timeline([("2023-12-30", 2), ("2023-12-01", 1), ("2024-02-29", 1)])
    assert counted == Timeline("month", [("2023-12", 3), ("2024-01", 0), ("2024-02", 1)])


def test_many_years_are_counted_by_the_year():
    counted = timeline([("1978-12-31", 2), ("2024-01-01", 1)])
    assert counted.unit == "year"
    assert counted.buckets[0] == ("1978", 2)
    assert counted.buckets[-1] == ("2024", 1)
    assert len(counted.buckets) == 47


def test_without_a_day_there_is_no_bucket():
    assert timeline([]) == Timeline("day", [])


days = st.dates(date(1949, 1, 1), date(2035, 12, 31))


@given(
    days,
    st.dictionaries(st.integers(0, 4000), st.integers(1, 9), max_size=20),
    st.integers(100, 200),
)
def test_nothing_is_lost_and_nothing_left_out(first, counts, most):
    given_days = [((first + timedelta(n)).isoformat(), count) for n, count in counts.items()]
    counted = timeline(given_days, most)
    assert sum(count for _label, count in counted.buckets) == sum(counts.values())
    labels = [label for label, _count in counted.buckets]
    assert labels == sorted(set(labels))
    assert len(labels) <= most
    if counted.buckets:
        assert counted.buckets[0][1]
        assert counted.buckets[-1][1]


def test_it_begins_and_ends_with_what_there_is():
    counted = timeline([("2020-01-01", 0), ("2023-12-15", 3), ("2024-12-31", 0)])
    assert counted.buckets == [("2023-12-15", 3)]


def test_of_a_time_that_is_asked_about_the_empty_ends_are_told_too():
    asked = date(2023, 12, 13), date(2023, 12, 16)
    counted = timeline([("2023-12-15", 3)], of=asked)
    assert counted.buckets == [
        ("2023-12-13", 0),
        ("2023-12-14", 0),
        ("2023-12-15", 3),
        ("2023-12-16", 0),
    ]
    long = timeline([("2023-12-15", 3)], of=(date(2023, 1, 1), date(2023, 12, 31)))
    assert (long.unit, len(long.buckets), long.buckets[-1]) == ("month", 12, ("2023-12", 3))
    assert timeline([], of=asked) == Timeline("day", [])


def test_two_months_of_days_have_room():
    span = [(str(date(2023, 7, 1) + timedelta(n)), 1) for n in range(MOST)]
    assert timeline(span).unit == "day"
    assert timeline([*span, ("2023-06-30", 1)]).unit == "month"


def test_the_last_year_there_is_has_an_end():
    assert len(timeline([("9999-12-31", 1), ("9999-12-30", 1)]).buckets) == 2
    assert timeline([("9998-12-31", 1), ("9999-12-31", 1)]).unit == "month"
    assert len(timeline([("0001-01-01", 1), ("9999-12-31", 1)]).buckets) == 9999
