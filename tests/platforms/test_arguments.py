from __future__ import annotations

from datetime import date

import pytest

from newscrawl.errors import UsageError
from newscrawl.platforms.arguments import Arguments

TODAY = date(2023, 12, 15)


def days(**given):
    return [day.isoformat() for day in Arguments.parse(given, TODAY).days]


def test_without_arguments_it_is_today():
    assert days() == ["2023-12-15"]


def test_a_day_and_a_span():
    assert days(date="2023-12-01") == ["2023-12-01"]
    assert days(since="2023-12-13") == ["2023-12-13", "2023-12-14", "2023-12-15"]
    assert days(since="2023-12-13", until="2023-12-14") == ["2023-12-13", "2023-12-14"]


def test_another_site_and_refresh():
    arguments = Arguments.parse({"site": "http://127.0.0.1:8000/", "refresh": "1"}, TODAY)
    assert (arguments.site, arguments.refresh) == ("http://127.0.0.1:8000", True)


def test_past_editions_are_told_of_only_where_that_is_asked_for():
    assert not Arguments.parse({}, TODAY).alert
    assert Arguments.parse({"alert": "1"}, TODAY).alert


@pytest.mark.parametrize(
    "site",
    [
        "https://hzdaily.hangzhou.com.cn",
        "http://localhost:80",
        "http://my_paper.example",
        "http://[::1]:8000",
        "http://报纸.example",
    ],
)
def test_a_site_by_any_name_that_can_be_asked(site):
    assert Arguments.parse({"site": site}, TODAY).site == site


@pytest.mark.parametrize(
    "given",
    [
        {"colour": "red"},
        {"date": "yesterday"},
        {"date": "2023-02-30"},
        {"date": "2023-12-16"},
        {"date": "2023-12-01", "since": "2023-12-01"},
        {"until": "2023-12-01"},
        {"since": "2023-12-10", "until": "2023-12-01"},
        {"since": "1990-01-01"},
        {"site": "hzdaily.hangzhou.com.cn"},
        {"site": "file:///etc/passwd"},
        {"site": "http://host/path"},
        {"site": "http://host?page=1"},
        {"site": "http://host#top"},
        {"site": "http://host:99999"},
        {"site": "http://host:0"},
        {"site": "http://host:abc"},
        {"site": "http://exa mple.com"},
        {"site": 'http://exa"mple.com'},
        {"site": "http://a..b"},
        {"site": "http://[::g]"},
        {"site": f"http://{'报' * 64}.example"},
        {"refresh": "yes"},
        {"alert": "yes"},
    ],
)
def test_what_cannot_be_meant_is_one_line(given):
    with pytest.raises(UsageError) as refusal:
        Arguments.parse(given, TODAY)
    assert refusal.value.status == 2
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("number", "ages"), [("1", [1]), ("7", [7, 5, 3, 2, 1]), ("9", [7, 5, 3, 2, 1])]
)
def test_past_editions_are_read_again_the_older_the_more_rarely(number, ages):
    arguments = Arguments.parse({"recheck": number}, TODAY)
    assert [(TODAY - day).days for day in arguments.days] == ages
    assert arguments.refresh
    assert arguments.recheck


@pytest.mark.parametrize(
    "given",
    [
        {"recheck": "0"},
        {"recheck": "367"},
        {"recheck": "-7"},
        {"recheck": "a week"},
        {"recheck": "７"},
        {"recheck": "7", "date": "2023-12-01"},
        {"recheck": "7", "since": "2023-12-01"},
        {"recheck": "7", "refresh": "1"},
    ],
)
def test_a_wrong_number_of_days_is_refused(given):
    with pytest.raises(UsageError, match="-a recheck"):
        Arguments.parse(given, TODAY)
