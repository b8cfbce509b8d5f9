"""The journal outlives crashes, other processes and time, and says nothing to whoever reads it."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

import pytest

from newscrawl.alerts.journal import KEPT_DAYS, Journal
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue.heard import Heard
from tests.alerts.sent import KEY

ONE, TWO, THREE = (Heard("林晚舟", "f" * 32, f"hangzhou_daily/{n}") for n in range(3))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "told"


def opened(folder, key=KEY, **more):
    return Journal(folder, Secrets(key, "the test's key").fingerprint, **more)


def only(folder):
    [path] = folder.iterdir()
    return path


def test_what_was_noted_is_known_here_and_to_whoever_comes_later(folder):
    first = opened(folder)
    assert not first.knows(ONE)
    first.note([ONE, TWO])
    first.note([TWO])
    first.note([])
    assert first.knows(ONE)
    assert only(folder).stat().st_size == 16
    second = opened(folder)
    assert second.knows(ONE)
    assert second.knows(TWO)
    assert not second.knows(THREE)
    for other in (ONE._replace(subscriber="乙"), ONE._replace(address="0" * 32)):
        assert not second.knows(other)
    assert not opened(folder, "f" * 64).knows(ONE)
    assert "林晚舟".encode() not in only(folder).read_bytes()


def test_two_may_append(folder):
    one, other = opened(folder), opened(folder)
    one.note([ONE])
    other.note([TWO])
    one.note([THREE])
    later = opened(folder)
    assert all(later.knows(each) for each in (ONE, TWO, THREE))


@pytest.mark.parametrize("cut", range(1, 8))
def test_what_a_crash_has_cut_spoils_nothing(folder, cut):
    opened(folder).note([ONE])
    with only(folder).open("ab") as file:
        file.write(b"\xff" * cut)
    assert opened(folder).knows(ONE)
    opened(folder).note([TWO])
    later = opened(folder)
    assert later.knows(ONE)
    assert later.knows(TWO)


def test_it_is_kept_for_some_days(folder):
    opened(folder).note([ONE])
    today = datetime.now(UTC).date()
    only(folder).rename(folder / (today - timedelta(days=KEPT_DAYS)).isoformat())
    (folder / "notes.txt").write_text("somebody else's")
    assert opened(folder).knows(ONE)
    last = folder / (today - timedelta(days=KEPT_DAYS)).isoformat()
    last.rename(folder / (today - timedelta(days=KEPT_DAYS + 1)).isoformat())
    assert not opened(folder).knows(ONE)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_whoever_runs_for_long_holds_no_more_than_the_days_that_are_kept(folder):
    days = [date(2024, 1, 31)]
    journal = opened(folder, today=lambda: days[-1])
    journal.note([ONE])
    days.append(days[0] + timedelta(days=KEPT_DAYS))
    assert journal.knows(ONE)
    journal.note([TWO])
    days.append(days[-1] + timedelta(days=1))
    assert not journal.knows(ONE)
    assert journal.knows(TWO)
    assert [path.name for path in folder.iterdir()] == [days[1].isoformat()]


def test_what_could_not_be_written_is_not_taken_for_noted(folder):
    """When it can be written again, whoever notes it then has it on the disk."""
    folder.write_text("not a folder")
    journal = opened(folder)
    journal.note([ONE])
    assert not journal.knows(ONE)
    folder.unlink()
    journal.note([ONE])
    assert journal.knows(ONE)
    assert opened(folder).knows(ONE)


def test_where_nothing_can_be_written_the_log_says_so_and_the_rest_goes_on(folder, caplog):
    folder.write_text("not a folder")
    journal = Journal(folder, Secrets(KEY, "the test's key").fingerprint)
    with caplog.at_level(logging.ERROR):
        journal.note([ONE])
        assert not journal.knows(TWO)
    assert "what was told cannot be noted" in caplog.text
    assert "what was told cannot be read" in caplog.text
