"""How far the days are sealed, as `status` and `doctor` say it."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta

import pytest

from newscrawl import settings
from newscrawl.archive import manifests as kept
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops.doctor import examine
from newscrawl.ops.sealing import after_run, seal
from newscrawl.ops.standing import NO_SEALS, seal_health
from newscrawl.text.dates import today
from tests.crawls import Newsroom
from tests.homes import small_home
from tests.ops.test_sealing import NOW, TODAY, TOMORROW, more
from tests.ops.test_verification import execute


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家", articles=2)


def standing(home, now):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        return seal_health(home, catalogue, today(now))


def test_a_day_that_was_over_yesterday_is_waited_for(home):
    assert standing(home, NOW) == standing(home, TOMORROW) == NO_SEALS
    found = standing(home, TOMORROW + timedelta(days=1))
    assert (found.newest, found.waiting) == (None, 1)
    [(what, where, remedy)] = found.troubles()
    assert (what, remedy) == (
        "1 file is not sealed, though the day is over",
        "run `newscrawl seal`, which says why",
    )
    assert where == found.first
    seal(home, TOMORROW)
    found = standing(home, TOMORROW + timedelta(days=1))
    assert (found.newest, found.waiting, list(found.troubles())) == (TODAY, 0, [])


def test_a_damaged_file_is_waited_for_whatever_is_sealed_beside_it(home):
    bad = more(home, days_ago=3)
    bad.write_bytes(bad.read_bytes()[:-1])
    seal(home, TOMORROW)
    found = standing(home, TOMORROW)
    assert (found.newest, found.first) == (TODAY, str(bad.relative_to(home.snapshots)))


def test_a_failing_stamp_is_named_where_one_is_wanted(home, monkeypatch):
    monkeypatch.setattr(settings, "STAMP", "nobody")
    seal(home, TOMORROW)
    [(what, where, _remedy)] = standing(home, TOMORROW).troubles()
    assert what.startswith("its head is not stamped, tried 1 times: NEWSCRAWL_STAMP: must be")
    assert where == TODAY
    monkeypatch.setattr(settings, "STAMP", "")
    assert list(standing(home, TOMORROW).troubles()) == []


@pytest.mark.slow
def test_status_and_doctor_say_the_newest_sealed_day(home):
    more(home, days_ago=3)
    day = (today(NOW) - timedelta(days=3)).isoformat()
    newsroom = Newsroom(home.root)
    before = newsroom.run("newscrawl", "status")
    assert "sealed up to" not in before.stdout
    assert "1 file is not sealed" in before.stdout
    assert newsroom.run("newscrawl", "doctor").returncode == 1
    assert newsroom.run("newscrawl", "seal").stdout == f"sealed 1 day, 3 records: {day}\n"
    assert f"sealed up to {day}, " in newsroom.run("newscrawl", "status").stdout
    doctor = newsroom.run("newscrawl", "doctor")
    assert (doctor.returncode, doctor.stdout) == (0, f"{home.root}: sound, sealed up to {day}\n")
    data = json.loads(newsroom.run("newscrawl", "doctor", "--json").stdout)
    assert data["sealed"] == day
    data = json.loads(newsroom.run("newscrawl", "status", "--json").stdout)
    assert data["seals"]["newest"] == day


def test_the_doctor_looks_at_manifests(home):
    more(home, days_ago=3)
    seal(home, TOMORROW)
    path = kept.place(home.manifests, TODAY)
    path.write_text(path.read_text().replace("\nlines ", "\nlines 1"))
    [finding] = examine(home)
    assert (finding.part, finding.where) == ("manifests", str(path))
    assert finding.what.startswith("line 4: ")


def test_the_end_of_a_run_fails_no_run(home):
    more(home, days_ago=3)
    assert after_run(home) == []
    execute(home, "DELETE FROM manifest_files")
    execute(home, "DELETE FROM manifests")
    [path] = home.manifests.iterdir()
    path.write_text("x")
    [line] = after_run(home)
    assert line.startswith("not sealed: ")
    assert "\n" not in line
