"""Bytes by paper and day, and what is said of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl import settings
from newscrawl.home import Home
from newscrawl.ops import usage
from newscrawl.ops.doctor import examine
from newscrawl.ops.growth import Growth
from newscrawl.ops.usage import PaperUsage, lasting, measure

NOW = datetime(2023, 12, 15, 17, 0, tzinfo=UTC)
"""In Shanghai it is the 16th."""


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "家")
    made.root.mkdir()
    return made


def file(home, paper, edition, back, size, name="warc.gz"):
    """An archive file that was begun so many days ago."""
    stamp = f"{NOW - timedelta(days=back):%Y%m%dT%H%M%S%fZ}"
    path = home.snapshots / paper / edition / f"{stamp}-{size:08x}.{name}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)


def test_a_day_is_that_of_writing_in_shanghai(home):
    file(home, "daily", "2023-12-15", 0, 10)
    file(home, "daily", "2001-01-01", 0, 5, "warc.gz.open")  # a back-fill at work
    file(home, "daily", "2023-12-14", 1, 7)
    file(home, "express", "2023-12-14", 6, 3)
    file(home, "express", "2023-10-14", 60, 100)
    (home.snapshots / "express" / "2023-12-14" / "copied.warc.gz").write_bytes(b"yy")
    home.catalogue.write_bytes(b"c" * 11)
    (home.root / "newscrawl.db-wal").write_bytes(b"w")
    (home.indexes / "build" / "deep").mkdir(parents=True)
    (home.indexes / "build" / "deep" / "seg").write_bytes(b"i" * 13)
    found = measure(home, NOW)
    assert found.days == tuple(f"2023-12-{day}" for day in range(10, 17))
    assert found.papers == (
        PaperUsage("daily", 22, (0, 0, 0, 0, 0, 7, 15)),
        PaperUsage("express", 105, (3, 0, 0, 0, 0, 0, 0)),
    )
    assert (found.archive, found.catalogue, found.index) == (127, 12, 13)
    assert found.free > 10**6


def test_growth_is_that_of_the_last_thirty_days(home):
    file(home, "daily", "2023-01-01", 300, 10**6)
    for back in range(30):
        file(home, "daily", "2023-12-15", back, 1000 + back)
    growth = measure(home, NOW).growth
    assert growth.over_days == 30
    assert growth.bytes_a_day == sum(range(1000, 1030)) // 30


def test_growth_of_a_young_home_is_that_of_its_days(home):
    file(home, "daily", "2023-12-15", 4, 4000)
    growth = measure(home, NOW).growth
    assert (growth.over_days, growth.bytes_a_day) == (4, 1000)


def test_where_nothing_is_there_is_nothing_to_say(tmp_path):
    found = measure(Home(tmp_path / "none"), NOW)
    assert (found.archive, found.papers, found.growth) == (0, (), Growth(0, None, None))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("growth", "line"),
    [
        (Growth(1.2, None, None), "growth: too little to say after 1 day"),
        (Growth(30, 0, None), "growth: nothing in the last 30 days"),
        (Growth(30, 45_200_000, 812), "growth: 45.2 MB a day in the last 30 days, "),
        (Growth(30, 5, 3650), "more than 10 years"),
    ],
)
def test_what_a_person_reads(growth, line):
    assert line in lasting(growth)


@pytest.mark.parametrize(("days", "warned"), [(0, False), (9, False), (11, True)])
def test_a_disk_that_is_soon_full_is_a_finding(home, monkeypatch, days, warned):
    real = datetime.now(UTC)
    monkeypatch.setattr(f"{__name__}.NOW", real)
    for back in range(10):
        file(home, "daily", "2023-12-15", back, 10_000)
    room = settings.FREE_SPACE_MB * 2**20 + 105_000  # for ten days and a half
    monkeypatch.setattr(usage, "free_bytes", lambda _home: room)
    monkeypatch.setattr(settings, "FREE_SPACE_DAYS", days)
    found = [each.what for each in examine(home) if each.part == "home"]
    said = "the disk is full in 9 days, at the growth of the last 9 days"
    assert found == ([said] if warned else [])
