"""A backup is put back whole, into an empty home or beside what came since."""

from __future__ import annotations

import hashlib
import shutil

import pytest

from newscrawl.archive.layout import archive_files
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.ops.backup import restoring, sums
from newscrawl.ops.backup.restoring import NotRestored, restore
from newscrawl.ops.backup.sums import Sums
from newscrawl.ops.backup.taking import Choice, back_up
from newscrawl.ops.backup.vault import NoBackup, Vault
from newscrawl.ops.doctor import examine
from newscrawl.ops.place import paper_lock
from tests.makers import PAPER
from tests.ops.backup.written import capture, unreadable
from tests.people import address, person

ALL = Choice()


@pytest.fixture
def backed(home, vault):
    return back_up(home, vault, ALL).generation


def archived(home):
    return {path.name: path.read_bytes() for path in archive_files(home.snapshots)}


def found(home):
    made = Catalogue.open(home.catalogue)
    rebuild(Store(home.indexes), made)
    searcher = Searcher(home, made)
    try:
        return searcher.search(SearchRequest("渡口")).total
    finally:
        searcher.close()
        made.close()


def test_an_empty_home_becomes_what_was_backed_up(home, vault, tmp_path, backed):
    target = Home(tmp_path / "恢复")
    outcome = restore(vault, target)
    assert (outcome.generation, outcome.files, outcome.copied) == (backed, 2, 2)
    assert (outcome.replaced, outcome.problems, outcome.key_missing) == ([], [], False)
    assert archived(target) == archived(home)
    assert found(target) == 5
    assert examine(target) == []
    back_up(target, vault, ALL)  # it goes on as the home of these backups


def test_a_home_that_holds_something_is_left_alone(home, vault, backed):
    before = archived(home), home.catalogue.read_bytes()
    with pytest.raises(UsageError, match=r"holds newscrawl\.db, 1 archive files: --force"):
        restore(vault, home)
    assert (archived(home), home.catalogue.read_bytes()) == before


def test_with_force_what_came_since_stays_and_is_catalogued(home, vault, backed):
    with ArchiveWriter(home.snapshots) as writer:
        capture(home, writer, "后来的一页。")
    home.told.mkdir()
    (home.told / "2023-12-15").write_bytes(b"12345678")
    outcome = restore(vault, home, force=True)
    assert outcome.replaced == ["newscrawl.db"]
    assert len(outcome.repaired) == 1
    assert len(archived(home)) == 2
    assert (home.told / "2023-12-15").read_bytes() == b"12345678"
    assert unreadable(home) == []
    assert found(home) == 5
    assert examine(home) == []


def test_a_file_that_was_finished_since_is_not_cut_short(home, vault):
    with ArchiveWriter(home.snapshots) as writer:
        capture(home, writer, "首班船载客三十人。")
        back_up(home, vault, ALL)
        capture(home, writer, "第二班也满了。")
    before = archived(home)
    outcome = restore(vault, home, force=True)
    assert archived(home) == before
    assert len(outcome.repaired) == 1
    assert unreadable(home) == []


def test_a_file_that_is_damaged_is_replaced(home, vault, backed):
    before = archived(home)
    [path] = archive_files(home.snapshots)
    path.write_bytes(b"x" * path.stat().st_size)
    outcome = restore(vault, home, force=True)
    assert len(outcome.replaced) == 2
    assert archived(home) == before


def test_changes_in_the_log_of_the_replaced_catalogue_do_not_come_back(
    home, vault, tmp_path, backed
):
    made = Catalogue.open(home.catalogue)
    with made.write() as tx:
        person(tx)
    with made.read():  # the log stays, as after a kill
        left = shutil.copytree(home.root, tmp_path / "被杀")
    made.close()
    killed = Home(left)
    assert (left / "newscrawl.db-wal").stat().st_size
    restore(vault, killed, force=True)
    made = Catalogue.open(killed.catalogue)
    with made.read() as view:
        assert view.exec_driver_sql("SELECT count(*) FROM subscribers").scalar() == 0
    made.close()


def test_a_damaged_copy_stops_it_before_the_catalogue(home, vault, tmp_path, backed):
    [copy] = vault.glob("snapshots/*/*/*")
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    target = Home(tmp_path / "恢复")
    with pytest.raises(NotRestored, match="damaged"):
        restore(vault, target)
    assert not target.catalogue.exists()
    assert archived(target) == {}


@pytest.mark.parametrize("files", range(4))
def test_what_was_cut_off_is_done_again(home, vault, tmp_path, monkeypatch, files):
    home.secret_key.write_text("k" * 64)
    back_up(home, vault, Choice(secrets=True))
    target, real, left = Home(tmp_path / "恢复"), restoring.copy, iter(range(files))

    def killed(*given, **named):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return real(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "copy", killed)
        try:
            restore(vault, target)
        except KeyboardInterrupt:
            assert not target.catalogue.exists()
    outcome = restore(vault, target, force=True)
    assert outcome.problems == []
    assert archived(target) == archived(home)
    assert target.secret_key.read_text() == "k" * 64
    assert found(target) == 5


def test_a_catalogue_that_somebody_began_meanwhile_is_not_replaced(
    home, vault, tmp_path, monkeypatch, backed
):
    target, real = Home(tmp_path / "恢复"), restoring.copy

    def begun(source, target_path, **named):
        target.catalogue.write_bytes(b"another's")
        return real(source, target_path, **named)

    monkeypatch.setattr(restoring, "copy", begun)
    with pytest.raises(NotRestored, match="meanwhile"):
        restore(vault, target)
    assert target.catalogue.read_bytes() == b"another's"
    assert list(target.root.glob("*.restored")) == []


def test_an_older_backup_is_put_back_by_its_name(home, vault, tmp_path, backed):
    with ArchiveWriter(home.snapshots) as writer:
        capture(home, writer, "后来的一页。")
    back_up(home, vault, ALL)
    target = Home(tmp_path / "恢复")
    restore(vault, target, name=backed)
    assert len(archived(target)) == 1
    with pytest.raises(NoBackup, match=backed):
        restore(vault, Home(tmp_path / "none"), name="000009-20231215T004510Z")


def test_a_directory_without_a_backup_is_refused(tmp_path):
    with pytest.raises(NoBackup):
        restore(tmp_path, Home(tmp_path / "恢复"))


@pytest.mark.parametrize("path", ["../x.db", "/etc/x", "indexes/CURRENT", "scrapy.cfg", "a/../b"])
def test_nothing_but_what_a_home_keeps_is_put_into_it(vault, tmp_path, backed, path):
    generation = Vault(vault).named("")
    place = vault / "generations" / backed / path
    if not path.startswith("/"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x")
    stored = path if path.startswith("/") else generation.own(path)
    digest = hashlib.sha256(b"x").hexdigest()
    known = generation.sums()
    generation.list_path.write_text(
        sums.show(Sums(known.made, False, {**known.files, stored: digest}))
    )
    target = Home(tmp_path / "恢复")
    with pytest.raises(NotRestored, match="do not use it"):
        restore(vault, target)
    assert not target.root.exists()


def test_nothing_is_put_into_a_home_where_somebody_is_at_work(home, vault, backed):
    with paper_lock(home, PAPER), pytest.raises(UsageError, match=f"at work: {PAPER}"):
        restore(vault, home, force=True)


def test_what_was_taken_down_stays_so(home, vault, tmp_path, backed):
    (home.root / "tombstones.jsonl").write_text('{"id": 1}\n{"id": 2}\n')
    back_up(home, vault, ALL)
    target = Home(tmp_path / "恢复")
    restore(vault, target, name=backed)  # of the day before
    assert (target.root / "tombstones.jsonl").read_text() == '{"id": 1}\n{"id": 2}\n'
    (home.root / "tombstones.jsonl").write_text('{"id": 1}\n{"id": 2}\n{"id": 3}\n{"i')
    restore(vault, home, force=True)
    notes = (home.root / "tombstones.jsonl").read_text()
    assert notes == '{"id": 1}\n{"id": 2}\n{"id": 3}\n'


def test_it_says_when_something_erased_has_come_back(home, vault, tmp_path, backed):
    assert not restore(vault, Home(tmp_path / "1")).erased_since
    (home.root / "removals.jsonl").write_text('{"records": []}\n')
    assert restore(vault, home, force=True).erased_since


def test_it_says_when_the_key_of_addresses_is_missing(home, vault, tmp_path):
    made = Catalogue.open(home.catalogue)
    with made.write() as tx:
        address(tx, person(tx))
    made.close()
    back_up(home, vault, ALL)
    assert restore(vault, Home(tmp_path / "恢复")).key_missing


def test_a_backup_that_may_only_be_read_is_put_back(home, vault, tmp_path, backed):
    lock = vault / ".lock"
    lock.unlink()
    vault.chmod(0o500)
    try:
        restore(vault, Home(tmp_path / "恢复"))
    finally:
        vault.chmod(0o700)
