"""What the doctor says of the index while it is being built anew."""

from __future__ import annotations

import shutil

import pytest
from filelock import FileLock

from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Build, Store
from newscrawl.ops import indexed
from newscrawl.ops.findings import Mend
from newscrawl.ops.place import is_indexing
from tests.homes import small_home
from tests.makers import spoil


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("sound") / "家")


@pytest.fixture
def home(sound, tmp_path):
    return Home(shutil.copytree(sound.root, tmp_path / "家"))


@pytest.fixture
def catalogue(home):
    made = Catalogue.open(home.catalogue)
    yield made
    made.close()


def rebuilt_in(monkeypatch, name, home, catalogue):
    """Before a build is asked for this the first time, another one takes its place."""
    look, due = getattr(Build, name), [True]

    def looked_at(build):
        if due.pop() if due else False:
            rebuild(Store.of(home), catalogue)
        return look(build)

    monkeypatch.setattr(Build, name, looked_at)


@pytest.mark.parametrize("name", ["problems", "mark"])
def test_a_rebuild_that_ends_during_the_look_is_no_finding(home, catalogue, monkeypatch, name):
    rebuilt_in(monkeypatch, name, home, catalogue)
    assert indexed.examine(home, catalogue) == []


def test_articles_that_a_rebuild_finds_meanwhile_are_not_said_to_be_too_many(
    home, catalogue, monkeypatch
):
    with catalogue.read() as view:
        [fields] = view.exec_driver_sql("SELECT fields FROM versions WHERE seq = 2").one()
    spoil(catalogue, 2)
    rebuild(Store.of(home), catalogue)
    with catalogue.write() as tx:
        tx.exec_driver_sql("UPDATE versions SET fields = ? WHERE seq = 2", (fields,))
    rebuilt_in(monkeypatch, "mark", home, catalogue)
    assert indexed.examine(home, catalogue) == []


def begin_another(home):
    store = Store.of(home)
    return FileLock(store.lock), store.create()


def test_of_a_damaged_index_that_is_being_built_anew_it_says_so(home, catalogue):
    [file] = Store.of(home).current().directory.glob("*/grams.db")
    file.unlink()
    lock, _build = begin_another(home)
    with lock:
        [finding] = indexed.examine(home, catalogue)
    assert finding.what == "missing; it is being built just now"
    assert finding.mend is None
    assert "when that is done" in finding.remedy
    [finding] = indexed.examine(home, catalogue)  # what was killed has left its build
    assert finding.mend is Mend.REINDEX


def test_an_indexer_that_only_follows_hides_no_damage(home, catalogue):
    [file] = Store.of(home).current().directory.glob("*/grams.db")
    file.unlink()
    with FileLock(Store.of(home).lock):
        assert is_indexing(home)
        [finding] = indexed.examine(home, catalogue)
    assert finding.mend is Mend.REINDEX
    assert not is_indexing(home)


def test_the_first_index_of_a_home_is_waited_for(home, catalogue):
    shutil.rmtree(home.indexes)
    home.indexes.mkdir()
    lock, _build = begin_another(home)
    with lock:
        [finding] = indexed.examine(home, catalogue)
    assert "no index yet" in finding.what
    assert finding.mend is None


def test_a_sound_index_beside_which_another_is_built_has_no_finding(home, catalogue):
    lock, _build = begin_another(home)
    with lock:
        assert indexed.examine(home, catalogue) == []
