"""`newscrawl doctor`: what it prints, its exit status, and what it repairs."""

from __future__ import annotations

import json
import shutil

import pytest

from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.ops.doctor import examine
from tests.crawls import Newsroom
from tests.homes import archive, small_home
from tests.makers import article


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
