from datetime import UTC, date, datetime

import pytest

from newscrawl.text.dates import SHANGHAI, iso, parse_day, shown, today

NEW_YEARS_EVE = datetime(2023, 12, 31, 16, 0, 5, 42, tzinfo=UTC)


def test_the_day_begins_in_shanghai() -> None:
    assert today(NEW_YEARS_EVE) == date(2024, 1, 1)
    assert today(datetime(2023, 12, 31, 15, 59, tzinfo=UTC)) == date(2023, 12, 31)


def test_a_time_is_shown_in_shanghai_and_stored_in_utc() -> None:
    assert shown(NEW_YEARS_EVE) == "2024-01-01 00:00:05"
    assert iso(NEW_YEARS_EVE) == "2023-12-31T16:00:05.000042+00:00"
    assert iso(NEW_YEARS_EVE.astimezone(SHANGHAI)) == iso(NEW_YEARS_EVE)


def test_a_day_is_read() -> None:
    assert parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text", ["今天", "", "20231215", "2023-W50-5", "2023-1-5", "２０２３-12-15"]
)
def test_a16_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date of the form YYYY-MM-DD"):
        parse_day(text)


@pytest.mark.parametrize("text", ["2023-02-30", "2023-13-01", "0000-01-01"])
def test_a16_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a day of the calendar"):
        parse_day(text)
