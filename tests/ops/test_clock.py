"""A clock that is wrong is found by what was captured, and one that is right is left in peace."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.snapshots import Place
from newscrawl.home import Home
from newscrawl.ops import clock
from newscrawl.ops.place import prepare
from tests.archive.samples import snapshot
from tests.makers import DAY, PAPER, catalogue

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def found(tmp_path):
    """What the clock is said to be, after captures made so long ago with so late a clock."""
    home = Home(tmp_path)
    prepare(home, 0)

    def found(*captures, now=NOW):
        place = Place(PAPER, DAY, "article")
        with (
            closing(catalogue(home.catalogue)) as made,
            ArchiveWriter(home.snapshots) as writer,
            made.write() as tx,
        ):
            rows = []
            for age, headers in captures:
                taken = replace(snapshot(headers=headers), captured_at=now - age)
                record = writer.write(place.folder, taken).result()
                rows.append(snapshots.row(place, taken, record))
            snapshots.add_all(tx, rows)
        with closing(catalogue(home.catalogue)) as made:
            return [each.what for each in clock.examine(home, made, now)]

    return found


def said(moment, **more):
    fields = {"Date": format_datetime(moment, usegmt=True), **more}
    return tuple((name.encode(), value.encode()) for name, value in fields.items())


def minutes(number):
    return timedelta(minutes=number)


def test_a_clock_that_agrees_with_the_sites_is_sound(found):
    assert found(*[(minutes(n), said(NOW - minutes(n + 1))) for n in range(9)]) == []


def test_f10_a_clock_behind_the_newest_capture_is_found(found):
    assert found((-minutes(4), ())) == []
    [what] = found((-timedelta(hours=5), ()))
    assert what == "5 h behind the newest capture, of 2026-03-01 21:00:00"


@pytest.mark.parametrize(
    ("hours", "said_of_it"), [(3, "3 h behind what the sites say"), (-2, "2 h ahead of what")]
)
def test_a_clock_against_which_every_site_speaks_is_found(found, hours, said_of_it):
    told = [(minutes(n), said(NOW - minutes(n) + timedelta(hours=hours))) for n in range(9)]
    [what] = found(*told)
    assert said_of_it in what


def test_one_site_that_agrees_is_believed_and_few_answers_are_not(found):
    wrong = [(minutes(n), said(NOW + timedelta(hours=3))) for n in range(9)]
    assert found(*wrong, (minutes(1), said(NOW - minutes(1)))) == []


def test_few_answers_say_nothing(found):
    assert found(*[(minutes(n), said(NOW + timedelta(hours=3))) for n in range(4)]) == []


def test_what_lay_in_a_cache_and_says_so_is_no_sign(found):
    old = timedelta(hours=6)
    told = [(minutes(n), said(NOW - minutes(n) - old, Age="21600")) for n in range(9)]
    assert found(*told) == []


def test_what_was_said_long_ago_or_cannot_be_read_is_no_sign(found):
    weeks = timedelta(weeks=3)
    told = [(weeks, said(NOW + weeks)) for _each in range(9)]
    assert found(*told, *[(minutes(1), ((b"Date", b"yesterday"),))] * 9) == []


def test_a_clock_that_begins_anew_is_found_before_anything_is_held():
    [finding] = clock.examine(Home.__new__(Home), None, datetime(1970, 1, 1, tzinfo=UTC))
    assert "past long since" in finding.what
