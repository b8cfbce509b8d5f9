"""A backup holds what its catalogue knows, shares what is there, and finds what was damaged."""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
import time
from contextlib import closing

import pytest

from newscrawl.archive.layout import archive_files, open_files
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.durable import sync
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.ops.backup import taking
from newscrawl.ops.backup.checking import check
from newscrawl.ops.backup.restoring import restore
from newscrawl.ops.backup.taking import Choice, back_up
from newscrawl.ops.backup.vault import Vault, VaultBusy
from newscrawl.ops.doctor import examine
from tests.crawls import PROJECT
from tests.homes import small_home
from tests.ops.backup.written import capture, erase, unreadable

ALL = Choice()


def restored(vault, tmp_path, **options):
    target = Home(tmp_path / "恢复")
    restore(vault, target, **options)
    return target


def only(vault, pattern="snapshots/*/*/*"):
    [path] = vault.glob(pattern)
    return path


def test_a_second_backup_copies_only_what_is_new(home, vault):
    first = back_up(home, vault, ALL)
    assert (first.files, first.copied, first.problems) == (2, 2, [])
    with ArchiveWriter(home.snapshots) as writer:
        capture(home, writer, "停航两天的渡口今晨恢复通航。")
    second = back_up(home, vault, ALL)
    assert (second.files, second.copied) == (3, 2)  # the new file and the catalogue
    assert check(vault).problems == ()
    assert check(vault).generations == (first.generation, second.generation)


def test_f3_the_names_of_its_files_are_on_the_disk_before_the_list_is(home, vault, monkeypatch):
    """Also where the catalogue is all that a backup has of its own."""
    synced = []

    def noted(path):
        synced.append(path)
        sync(path)

    monkeypatch.setattr(taking, "sync", noted)
    back_up(home, vault, ALL)
    [folder] = (vault / "generations").glob("*Z")
    assert [each.name for each in folder.iterdir()] == ["newscrawl.db"]
    assert folder in synced


def test_of_a_file_that_is_written_what_the_catalogue_knows_is_kept(home, vault, tmp_path):
    with ArchiveWriter(home.snapshots) as writer:
        capture(home, writer, "首班船载客三十人。")
        capture(home, writer, "夜里的一班取消了。", known=False)
        [path] = open_files(home.snapshots)
        with path.open("ab") as file:
            file.write(gzip.compress(b"half of a record")[:-9])
        report = back_up(home, vault, ALL)
        assert report.problems == []
        made = restored(vault, tmp_path)
    assert unreadable(made) == []
    assert [each.part for each in examine(made)] == ["index"]


def test_a_file_that_was_written_then_is_shared_once_it_is_finished(home, vault, tmp_path):
    with ArchiveWriter(home.snapshots) as writer:
        capture(home, writer, "首班船载客三十人。")
        first = back_up(home, vault, ALL)
        capture(home, writer, "第二班也满了。")
    back_up(home, vault, ALL)
    assert check(vault).problems == ()
    assert len(list(vault.glob("snapshots/*/*/*"))) == 2
    earlier = restored(vault, tmp_path / "1", name=first.generation)
    assert unreadable(earlier) == []
    assert unreadable(restored(vault, tmp_path / "2")) == []


def test_a_file_that_no_row_knows_is_kept_too(home, vault, tmp_path):
    with ArchiveWriter(home.snapshots) as writer:
        capture(home, writer, "没有编目的一页。", known=False)
    back_up(home, vault, ALL)
    made = restored(vault, tmp_path)
    assert len(archive_files(made.snapshots)) == 2
    assert [each.part for each in examine(made)] == ["index"]  # it was catalogued


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda data: data[:-9] + b"\0" * 9])
def test_a_damaged_earlier_copy_is_found_and_made_anew(home, vault, spoil):
    back_up(home, vault, ALL)
    copy = only(vault)
    sound = copy.read_bytes()
    copy.write_bytes(spoil(sound))
    [problem] = check(vault).problems
    assert str(copy) in problem
    report = back_up(home, vault, ALL)
    assert report.mended == [str(copy.relative_to(vault))]
    assert report.problems == []
    assert copy.read_bytes() == sound


def test_quick_finds_an_earlier_copy_that_is_too_short(home, vault):
    back_up(home, vault, ALL)
    copy = only(vault)
    sound = copy.read_bytes()
    copy.write_bytes(sound[:-1])
    assert back_up(home, vault, Choice(quick=True)).mended == [str(copy.relative_to(vault))]
    assert copy.read_bytes() == sound
    copy.write_bytes(sound[:-1] + b"x")
    assert back_up(home, vault, Choice(quick=True)).mended == []
    assert len(check(vault).problems) == 1


def test_what_is_damaged_in_the_home_is_named_and_its_copy_stays(home, vault, tmp_path):
    back_up(home, vault, ALL)
    [path] = archive_files(home.snapshots)
    sound = path.read_bytes()
    path.write_bytes(sound[:-9])
    [problem] = back_up(home, vault, ALL).problems
    assert "its copy is sound" in problem
    path.unlink()
    [problem] = back_up(home, vault, ALL).problems
    assert problem.startswith(f"{path}: missing; its copy is ")
    assert only(vault).read_bytes() == sound
    assert unreadable(restored(vault, tmp_path)) == []


def test_what_is_missing_everywhere_is_named_and_the_rest_is_kept(home, vault, monkeypatch):
    [path] = archive_files(home.snapshots)
    path.unlink()
    monkeypatch.setattr(taking, "TRIES", 10**9)  # one is enough
    report = back_up(home, vault, ALL)
    assert report.problems == [f"{path}: missing, and in no backup: run `newscrawl doctor`"]
    assert report.files == 1


def test_a_damaged_catalogue_makes_no_backup(home, vault):
    back_up(home, vault, ALL)
    content = bytearray(home.catalogue.read_bytes())
    content[4096:40960] = b"\xff" * 36864
    home.catalogue.write_bytes(content)
    with pytest.raises(CatalogueError):
        back_up(home, vault, ALL)
    assert len(check(vault).generations) == 1
    assert check(vault).problems == ()


def test_as_many_backups_are_kept_as_are_wanted(home, vault):
    names = [back_up(home, vault, Choice(keep=2)).generation for _each in range(4)]
    assert names == sorted(names)
    assert check(vault).generations == tuple(names[2:])
    assert len(list(vault.glob("generations/*/newscrawl.db"))) == 2


def test_a_damaged_list_is_named_and_keeps_no_backup_from_being_made(home, vault):
    first = back_up(home, vault, ALL).generation
    path = vault / "generations" / f"{first}.sha256"
    path.write_text(path.read_text().replace("snapshots", "snapshot5"))
    report = back_up(home, vault, ALL)
    assert [str(path) in each for each in report.problems] == [True]
    assert (report.files, report.mended) == (2, [])


@pytest.mark.parametrize("secrets", [True, False])
def test_keys_are_kept_only_when_they_are_wanted(home, vault, tmp_path, secrets):
    home.secret_key.write_text("k" * 64)
    report = back_up(home, vault, Choice(secrets=secrets))
    assert report.left_out == ([] if secrets else ["secret.key"])
    assert restored(vault, tmp_path).secret_key.exists() is secrets
    assert vault.stat().st_mode & 0o077 == 0


# --- what was erased


@pytest.fixture
def erasable(home):
    with ArchiveWriter(home.snapshots) as writer:
        capture(home, writer, "渡口的班次不变。")
        return capture(home, writer, "莫愁䶮㛃昨日到过渡口。")


def test_what_was_erased_leaves_its_backups_and_nothing_else_does(home, vault, erasable):
    back_up(home, vault, ALL)
    kept = {path.name for path in vault.glob("snapshots/*/*/*")}
    erase(home, erasable)
    report = back_up(home, vault, ALL)
    assert report.erased == [f"snapshots/{erasable.path}"]
    assert len(report.dropped) == 1
    assert report.problems == []
    names = {path.name for path in vault.glob("snapshots/*/*/*")}
    assert kept - names == {erasable.path.rpartition("/")[2]}
    assert check(vault).problems == ()
    found = [path for path in vault.rglob("*") if path.is_file() and holds(path, "莫愁䶮㛃")]
    assert found == []


def holds(path, text):
    data = path.read_bytes()
    if path.suffix == ".gz":
        data += b"".join(gzip.decompress(data).split(b"\r\n"))
    return text.encode() in data


def test_a_backup_in_the_middle_of_an_erasure_goes_with_the_next(home, vault, erasable):
    names = [back_up(home, vault, ALL).generation]
    old = (home.snapshots / erasable.path).read_bytes()
    erase(home, erasable)
    (home.snapshots / erasable.path).write_bytes(old)  # it was noted, and is not yet gone
    names.append(back_up(home, vault, ALL).generation)
    assert check(vault).generations == (names[1],)
    (home.snapshots / erasable.path).unlink()
    report = back_up(home, vault, ALL)
    assert report.dropped == [names[1]]
    assert report.erased == [f"snapshots/{erasable.path}"]
    assert back_up(home, vault, ALL).dropped == []
    assert len(check(vault).generations) == 2
    assert check(vault).problems == ()


@pytest.mark.parametrize("known", [True, False])
def test_a_file_that_was_removed_by_hand_stays_in_the_backup(home, vault, erasable, known):
    with ArchiveWriter(home.snapshots) as writer:
        record = capture(home, writer, "班次表贴在候船室里。", known=known)
    back_up(home, vault, ALL)
    (home.snapshots / record.path).unlink()
    erase(home, erasable)
    report = back_up(home, vault, ALL)
    assert report.erased == [f"snapshots/{erasable.path}"]
    assert (vault / "snapshots" / record.path).exists()


@pytest.mark.parametrize("noted", [True, False])
def test_a_backup_that_an_erasure_overtakes_begins_again(home, vault, erasable, monkeypatch, noted):
    copied = []
    real = Catalogue.back_up

    def overtaken(self, target):
        real(self, target)
        copied.append(target)
        if len(copied) == 1:
            erase(home, erasable)
            if not noted:  # the note comes later
                (home.root / "removals.jsonl").unlink()

    monkeypatch.setattr(Catalogue, "back_up", overtaken)
    report = back_up(home, vault, ALL)
    assert (len(copied), report.problems) == (2, [])
    assert len(check(vault).generations) == 1
    assert not (vault / "snapshots" / erasable.path).exists()


def test_a_backup_that_a_new_stamp_overtakes_begins_again(home, vault, tmp_path, monkeypatch):
    """What the stamp is stands in the catalogue: a copy of before would not know it."""
    stamp = home.manifests / "2023-12-15.ots"
    stamp.write_bytes(b"a promise")
    copy, said = Catalogue.back_up, []

    def overtaken(catalogue, target):
        copy(catalogue, target)
        if not said:
            said.append(True)
            stamp.write_bytes(b"a promise that was kept")
            with catalogue.write() as tx:
                tx.exec_driver_sql("UPDATE papers SET title = '盖过章的报'")

    monkeypatch.setattr(Catalogue, "back_up", overtaken)
    back_up(home, vault, ALL)
    target = restored(vault, tmp_path)
    with closing(Catalogue.open(target.catalogue)) as made, made.read() as view:
        title = view.exec_driver_sql("SELECT title FROM papers").scalar()
    assert (title, (target.manifests / stamp.name).read_bytes()) == (
        "盖过章的报",
        b"a promise that was kept",
    )


def test_manifests_are_shared_until_an_erasure_changes_them(home, vault, tmp_path, erasable):
    folder = home.root / "manifests"
    folder.mkdir(exist_ok=True)
    (folder / "2023-12-15.txt").write_text("莫愁䶮㛃")
    (folder / "2023-12-16.txt").write_text("second")
    (folder / "2023-12-17.txt.new").write_text("half")
    back_up(home, vault, ALL)
    erase(home, erasable)
    (folder / "2023-12-15.txt").write_text("erased")
    for number in range(2):
        back_up(home, vault, ALL)
        assert check(vault).problems == ()
        made = restored(vault, tmp_path / str(number)).root / "manifests"
        assert {each.name: each.read_text() for each in made.iterdir()} == {
            "2023-12-15.txt": "erased",
            "2023-12-16.txt": "second",
        }
    assert [path for path in vault.rglob("*.txt") if "莫愁" in path.read_text()] == []
    assert (vault / "manifests" / "2023-12-15.txt").read_text() == "erased"


# --- where it may not be


def test_the_home_and_its_backups_lie_apart(home, tmp_path):
    for place in (home.root, home.root / "backup", tmp_path):
        with pytest.raises(UsageError, match="apart"):
            back_up(home, place, ALL)
    assert not (home.root / "backup").exists()


def test_another_homes_backups_and_other_things_are_left_alone(home, vault, tmp_path):
    back_up(home, vault, ALL)
    other = small_home(tmp_path / "别家")
    with pytest.raises(UsageError, match="another home"):
        back_up(other, vault, ALL)
    (tmp_path / "相册").mkdir()
    (tmp_path / "相册" / "山.jpg").write_bytes(b"x")
    with pytest.raises(UsageError, match="something else"):
        back_up(home, tmp_path / "相册", ALL)
    assert [each.name for each in (tmp_path / "相册").iterdir()] == ["山.jpg"]


def test_a_home_where_nothing_was_collected_has_no_backup(tmp_path, vault):
    with pytest.raises(CatalogueError, match="nothing collected"):
        back_up(Home(tmp_path / "none"), vault, ALL)
    assert not vault.exists()


def test_two_at_once_are_one_and_a_refusal(home, vault):
    back_up(home, vault, ALL)
    with Vault(vault).held(), pytest.raises(VaultBusy):
        back_up(home, vault, ALL)
    back_up(home, vault, ALL)


# --- faults


@pytest.mark.parametrize("size", [4_000, 100_000])
def test_f6_a_full_disk_is_one_line_and_no_half_backup(home, vault, size):
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl", "backup", str(vault)],
        env={
            "NEWSCRAWL_HOME": str(home.root),
            "PYTHONPATH": str(PROJECT),
            "PYTHONDONTWRITEBYTECODE": "1",  # which would be cut short too
        },
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert done.returncode == 1, done.stdout
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert list(vault.glob("generations/*")) == []
    assert list(vault.rglob("*.new")) == []
    assert back_up(home, vault, ALL).problems == []
    assert check(vault).problems == ()


def test_what_a_killed_backup_left_is_used_or_swept(home, vault):
    back_up(home, vault, ALL)
    [name] = check(vault).generations
    (vault / "generations" / f"{name}.sha256").unlink()
    copy = only(vault)
    copy.with_name(copy.name + ".new").write_bytes(b"half")
    report = back_up(home, vault, ALL)
    assert (report.copied, report.mended) == (1, [])  # the catalogue
    assert len(list((vault / "generations").iterdir())) == 2
    assert list(vault.rglob("*.new")) == []


def test_the_clock_does_not_decide_which_is_the_newest(home, vault, monkeypatch):
    first = back_up(home, vault, ALL).generation

    class Yesterday(taking.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(time.time() - 86400, tz)

    monkeypatch.setattr(taking, "datetime", Yesterday)
    second = back_up(home, vault, ALL).generation
    assert [each.name for each in Vault(vault).generations()] == [first, second]
    assert first[7:] > second[7:]
