"""A backup is put back whole, into an empty home or beside what came since."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from contextlib import closing
from datetime import UTC, datetime
from threading import Thread

import pytest

from newscrawl.archive.layout import archive_files
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import tombstones
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.ops import erasing, takedown
from newscrawl.ops.backup import restoring, sums
from newscrawl.ops.backup.restoring import NotRestored, restore
from newscrawl.ops.backup.sums import Sums
from newscrawl.ops.backup.taking import Choice, back_up
from newscrawl.ops.backup.vault import NoBackup, Vault
from newscrawl.ops.doctor import examine
from newscrawl.ops.place import BeingRestored, paper_lock, restore_lock, seal_lock
from newscrawl.ops.takedown import Order
from tests.makers import DAY, PAPER
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
    assert (outcome.replaced, outcome.problems, outcome.keys_missing) == ([], [], [])
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


@pytest.mark.parametrize("begins", [paper_lock, lambda home, _paper: seal_lock(home)])
def test_nobody_begins_anything_while_a_backup_is_put_back(
    home, vault, backed, monkeypatch, begins
):
    """A run would go on in the catalogue that goes, and what it recorded would go with that."""
    put = restoring._Restoring.put_catalogue

    def meanwhile(self, *, force):
        with pytest.raises(BeingRestored, match="is being put back") as refused:
            begins(home, PAPER)
        assert refused.value.status == 1, "cron is to hear of it"
        with pytest.raises(UsageError, match="is being put back"):
            restore(shutil.copytree(vault, vault.with_name("其他备份")), home, force=True)
        put(self, force=force)

    monkeypatch.setattr(restoring._Restoring, "put_catalogue", meanwhile)
    assert restore(vault, home, force=True).problems == []
    with begins(home, PAPER):
        pass


def test_who_began_at_the_same_moment_is_seen(home, vault, backed, monkeypatch):
    taken = []

    def ours(home):
        taken.append(paper_lock(home, PAPER))
        return restore_lock(home)

    monkeypatch.setattr(restoring, "restore_lock", ours)
    with pytest.raises(UsageError, match=f"at work: {PAPER}"):
        restore(vault, home, force=True)


def test_another_key_of_the_home_is_not_replaced(home, vault):
    """What was sealed with it could be opened with no other."""
    home.secret_key.write_text("0" * 64)
    back_up(home, vault, Choice(secrets=True))
    home.secret_key.write_text("1" * 64)
    with pytest.raises(UsageError, match=r"secret\.key: not the key of this backup"):
        restore(vault, home, force=True)
    home.secret_key.rename(home.root / "aside")
    assert restore(vault, home, force=True).problems == []
    assert home.secret_key.read_text() == "0" * 64


def take_down(home, wanted, scope):
    order = Order(scope, "有人要求", "privacy", "编辑部")
    with closing(Catalogue.open(home.catalogue)) as made:
        taken = takedown.take_down(
            home, made, order, datetime.now(UTC), wanted=wanted, prefix=False
        )
        if scope == "erase":
            erasing.resume(home, made)
        return taken.tombstone.id


def standing(home):
    """The tombstones, and the articles that they leave."""
    with closing(Catalogue.open(home.catalogue)) as made, made.read() as view:
        return {each.id for each in tombstones.listed(view)}, found(home)


def test_what_was_taken_down_stays_so(home, vault, tmp_path, backed):
    first = take_down(home, f"{PAPER}/{DAY}/A01/1", "hide")
    back_up(home, vault, ALL)
    target = Home(tmp_path / "恢复")
    restore(vault, target, name=backed)  # of the day before
    assert standing(target) == ({first}, 4)
    second = take_down(home, f"{PAPER}/{DAY}/A01/2", "hide")
    restore(vault, home, force=True)
    assert standing(home) == ({first, second}, 3)


def test_i5_a_takedown_at_that_moment_is_not_lost(home, vault, backed, monkeypatch):
    read, orders = restoring._lines, []

    def meanwhile(path):
        found = read(path)
        if not orders:
            orders.append(Thread(target=take_down, args=(home, f"{PAPER}/{DAY}/A01/1", "hide")))
            orders[0].start()
            orders[0].join(0.5)
        return found

    take_down(home, f"{PAPER}/{DAY}/A01/2", "hide")
    monkeypatch.setattr(restoring, "_lines", meanwhile)
    restore(vault, home, force=True)
    orders[0].join()
    assert found(home) == 3


def test_i6_what_was_erased_leaves_the_backups_and_comes_back_with_none(
    home, vault, tmp_path, backed
):
    text = "第2号渡口昨日恢复通航"
    shutil.copytree(vault, tmp_path / "旧备份")
    assert traces(vault, text)
    take_down(home, f"{PAPER}/{DAY}/A01/2", "erase")
    for _each in range(2):
        report = back_up(home, vault, ALL)
        assert report.problems == []
    assert traces(vault, text) == []
    assert standing(home)[1] == 4
    put_back = restore(vault, Home(tmp_path / "恢复"))
    assert (put_back.erased_since, put_back.keys_missing) == (False, ["removals.key"])
    outcome = restore(tmp_path / "旧备份", home, force=True)  # one that lay elsewhere
    assert outcome.erased_since
    assert outcome.problems == []
    assert standing(home)[1] == 4
    with closing(Catalogue.open(home.catalogue)) as made:
        erasing.resume(home, made)
    assert traces(home.root, text) == []
    assert [each for each in examine(home) if each.part in {"archive", "catalogue"}] == []


def traces(root, text):
    """The files in which it stands, inflated where they are compressed."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return [path for path in files if text.encode() in path.read_bytes() + inflated(path)]


def inflated(path):
    return gzip.decompress(path.read_bytes()) if path.name.endswith(".gz") else b""


def test_it_says_when_the_key_of_addresses_is_missing(home, vault, tmp_path):
    made = Catalogue.open(home.catalogue)
    with made.write() as tx:
        address(tx, person(tx))
    made.close()
    back_up(home, vault, ALL)
    assert restore(vault, Home(tmp_path / "恢复")).keys_missing == ["secret.key"]


def test_a_backup_that_may_only_be_read_is_put_back(home, vault, tmp_path, backed):
    lock = vault / ".lock"
    lock.unlink()
    vault.chmod(0o500)
    try:
        restore(vault, Home(tmp_path / "恢复"))
    finally:
        vault.chmod(0o700)
