"""`newscrawl doctor`: what it prints, its exit status, and what it repairs."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime

import pytest

from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.ops.crontab import Installation, block
from newscrawl.ops.doctor import examine
from tests.crawls import Newsroom
from tests.homes import archive, small_home
from tests.makers import PAPER, article, record


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家")


def doctor(home, *options):
    return Newsroom(home.root).run("newscrawl", "doctor", *options)


def test_a_sound_home_is_status_0(home):
    done = doctor(home)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{home.root}: sound\n", "")


def test_findings_are_listed_with_what_to_do_and_status_1(home):
    [path] = archive_files(home.snapshots)
    path.write_bytes(path.read_bytes()[:-9])
    shutil.rmtree(home.indexes)
    shown, data = doctor(home), json.loads(doctor(home, "--json").stdout)
    assert shown.returncode == 1
    assert "reindex" in shown.stdout
    assert data["sound"] is False
    assert [finding["part"] for finding in data["findings"]] == ["archive", "index"]
    assert all(finding["remedy"] for finding in data["findings"])


def test_an_address_is_whole_and_said_once(home, tmp_path):
    deep = Home(shutil.move(home.root, tmp_path / ("深" * 60)))
    [path] = archive_files(deep.snapshots)
    path.write_bytes(path.read_bytes()[:-9])
    build = Store(deep.indexes).current().directory
    shutil.rmtree(build)
    printed = doctor(deep).stdout
    assert f"archive    {path}\n           at byte " in printed
    assert f"index      {build}: the current index is missing\n" in printed
    assert printed.count(str(build)) == 1
    assert not any(line.endswith(" ") for line in printed.splitlines())


def test_repair_recovers_rebuilds_and_says_what_it_did(home):
    archive(home, [article(7)])
    path = archive_files(home.snapshots)[-1]
    path.rename(unfinished(path))
    toc = max(Store(home.indexes).current().directory.glob("*/whoosh/*.toc"))
    toc.write_bytes(b"")
    assert doctor(home).returncode == 1
    done = doctor(home, "--repair", "--json")
    assert done.returncode == 0, done.stdout
    data = json.loads(done.stdout)
    assert data["sound"] is True
    recovered, rebuilt = data["repaired"]
    assert "3 records kept" in recovered
    assert rebuilt == "index: built anew from the catalogue"
    assert doctor(home).stdout == f"{home.root}: sound\n"
    assert total(home) == 5


def test_repair_of_a_sound_home_changes_nothing(home):
    build = Store(home.indexes).current()
    done = doctor(home, "--repair")
    assert (done.returncode, done.stdout) == (0, f"{home.root}: sound\n")
    assert Store(home.indexes).current() == build


def test_repair_mends_modes_notes_and_a_late_index_and_says_each(home):
    [path] = archive_files(home.snapshots)
    home.snapshots.chmod(0o755)
    path.chmod(0o666)
    notes = home.root / "tombstones.jsonl"
    notes.write_bytes(b'{"line": "raised", "tomb')
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.read() as view:
        held = view.exec_driver_sql("SELECT record_id FROM snapshots ORDER BY id DESC").scalar()
    record(catalogue, article(5, headline="改了", record_id=held))
    catalogue.close()
    shown = doctor(home)
    assert shown.returncode == 1
    assert "3 found" in shown.stdout
    done = doctor(home, "--repair")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"repaired: {path}: mode 666 made 644",
        f"repaired: {notes}: 24 bytes of an unfinished line cut",
        "repaired: index: caught up with 1 versions",
        f"{home.root}: sound",
    ]
    assert total(home) == 5


def test_a_schedule_that_starts_what_is_gone_is_found(home, tmp_path):
    place = Installation(tmp_path, tmp_path / "gone" / "scrapy", home.root, 60)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "held").write_text(block(place, [PAPER], None, datetime.now(UTC)))
    (programs / "crontab").write_text('#!/bin/sh\ncat "$(dirname "$0")/held"\n')
    (programs / "crontab").chmod(0o755)
    room = Newsroom(home.root, {"PATH": f"{programs}:{os.environ['PATH']}"})
    data = json.loads(room.run("newscrawl", "doctor", "--json").stdout)
    assert [each["part"] for each in data["findings"]] == ["schedule", "schedule"]
    gone, late = data["findings"]
    assert gone["what"] == f"starts {place.scrapy}, which is not there"
    assert late["what"].startswith("scheduled, and no run has begun for ")


def test_what_cannot_be_repaired_stays_a_finding(home):
    [path] = archive_files(home.snapshots)
    content = path.read_bytes()[:-9]
    path.write_bytes(content)
    assert doctor(home, "--repair").returncode == 1
    assert path.read_bytes() == content
    assert len(examine(home)) == 1


def test_before_the_first_crawl_all_is_sound(tmp_path):
    done = doctor(Home(tmp_path / "none"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{tmp_path / 'none'}: nothing collected yet: ")
    assert not (tmp_path / "none").exists()


def total(home):
    catalogue = Catalogue.open(home.catalogue)
    searcher = Searcher(home, catalogue)
    try:
        return searcher.search(SearchRequest("渡口")).total
    finally:
        searcher.close()
        catalogue.close()
