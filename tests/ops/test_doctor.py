"""The doctor finds what was damaged, says nothing of what is sound, and mends what it may."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from newscrawl import settings
from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.archive.rewrite import fresh_name
from newscrawl.catalogue import dictionary, erasure, letters, snapshots, sqlite, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from newscrawl.ops.doctor import examine, repair_archive
from newscrawl.ops.findings import Mend
from newscrawl.ops.recovery import recover
from newscrawl.ops.verdict import Remedy
from tests.homes import archive, older_copy_put_back, small_home
from tests.makers import article, record, ruin, spoil
from tests.people import address, dead_letter, person, subscription


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("sound") / "家")


@pytest.fixture
def home(sound, tmp_path):
    """A copy of the sound home, to be damaged."""
    return Home(shutil.copytree(sound.root, tmp_path / "家"))


def one(home, part, what):
    """The one finding, which must be of this part and say this.

    Keys are left out: what tests have people told is sealed with none.
    """
    [finding] = [each for each in examine(home) if each.part == part or each.part != "keys"]
    assert finding.part == part
    assert what in finding.what
    assert finding.remedy
    return finding


def test_a_sound_home_has_no_findings_and_is_not_changed(home):
    def state():
        paths = (each for each in home.root.rglob("*") if not each.match("*.db-*"))
        return {path: path.is_file() and path.read_bytes() for path in paths}

    before, read = state(), []
    assert examine(home, read.append) == []
    assert state() == before
    assert read == [archive_files(home.snapshots)[0].stat().st_size]


def test_a_home_where_nothing_was_collected_is_sound(tmp_path):
    assert examine(Home(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


# --- the archive


def test_f3_a_cut_tail_is_found(home):
    [path] = archive_files(home.snapshots)
    path.write_bytes(path.read_bytes()[:-9])
    finding = one(home, "archive", "no whole gzip member")
    assert finding.where == str(path)
    assert finding.mend is None


def test_f15_one_flipped_byte_is_found(home):
    [path] = archive_files(home.snapshots)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    findings = examine(home)
    assert findings
    assert {finding.where for finding in findings} == {str(path)}


def test_an_archive_file_that_is_missing_is_found(home):
    [path] = archive_files(home.snapshots)
    path.unlink()
    one(home, "archive", "missing; the catalogue knows 5 captures")


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_an_archive_of_an_import_is_to_be_imported_again(home, damage):
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        tx.exec_driver_sql("UPDATE snapshots SET kind = 'import'")
    catalogue.close()
    [path] = archive_files(home.snapshots)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    else:
        path.unlink()
    [finding] = examine(home)
    assert "import the file again" in finding.remedy
    assert "refresh" not in finding.remedy


def test_captures_that_the_archive_has_lost_are_found(home):
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        [path] = snapshots.counts_by_file(tx)
        row = tx.exec_driver_sql("SELECT * FROM snapshots").mappings().first()
        snapshots.add_all(tx, [{**row, "id": None, "record_id": "<urn:uuid:lost>"}])
    catalogue.close()
    finding = one(home, "archive", "holds 5 captures, the catalogue knows 6")
    assert finding.where == str(home.snapshots / path)
    assert finding.mend is None


def test_captures_that_only_the_archive_knows_are_found_and_adopted(home):
    archive(home, [article(7), article(8)])
    finding = one(home, "archive", "holds 2 captures, the catalogue knows 0")
    assert finding.mend is Mend.ADOPT
    assert [line.split(": ")[1] for line in repair_archive(home, [finding])] == [
        "catalogued what only the archive knew"
    ]
    assert examine(home) == []


@pytest.mark.parametrize("name", ["副本.warc.gz", "x.warc.gz.open", "x.txt"])
@pytest.mark.parametrize("cut", [0, 5])
def test_what_is_no_file_of_the_archive_is_to_be_moved_and_left_alone(home, name, cut):
    [path] = archive_files(home.snapshots)
    stray = path.with_name(name)
    stray.write_bytes(path.read_bytes()[: path.stat().st_size - cut])
    finding = one(home, "archive", "no file of the archive")
    assert (finding.where, finding.remedy) == (str(stray), Remedy.STRANGER)
    assert list(repair_archive(home, [finding])) == []
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        assert recover(home, catalogue) == []
    assert stray.exists()


@pytest.mark.parametrize("cut", [0, 5])
def test_f3_a_file_that_a_killed_run_left_is_found_and_recovered(home, cut):
    """Its tail may be cut; what is whole is kept and catalogued."""
    archive(home, [article(7), article(8)])
    path = archive_files(home.snapshots)[-1]
    path = path.rename(unfinished(path))
    path.write_bytes(path.read_bytes()[: path.stat().st_size - cut])
    finding = one(home, "archive", "left unfinished by a run that was killed")
    assert (finding.where, finding.mend) == (str(path), Mend.RECOVER)
    [line] = repair_archive(home, [finding])
    assert f"{'4' if cut else '5'} records kept" in line
    assert examine(home) == []


def test_f5_a_repair_cuts_nothing_that_was_catalogued_behind_a_damaged_record(home):
    [path] = archive_files(home.snapshots)
    content = bytearray(path.read_bytes())
    content[30] ^= 1
    path.write_bytes(content)
    path.rename(unfinished(path))
    [line] = repair_archive(home, [one(home, "archive", "left unfinished")])
    assert line.endswith("closed as it is, for it is damaged")
    assert path.read_bytes() == content
    one(home, "archive", "at byte 0: no whole gzip member")


def test_a_copy_that_an_erasure_is_about_to_name_is_no_finding(home):
    [path] = archive_files(home.snapshots)
    place = str(path.relative_to(home.snapshots))
    fresh = fresh_name(place)
    shutil.copy(path, home.snapshots / fresh)
    assert one(home, "archive", "the catalogue knows 0").mend is Mend.ADOPT
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        erasure.begin_rewriting(tx, place, fresh)
    catalogue.close()
    assert examine(home) == []


def test_a_file_that_is_being_written_is_no_finding(home):
    [path] = archive_files(home.snapshots)
    path = path.rename(unfinished(path))
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert examine(home) == []
    one(home, "archive", "left unfinished")


# --- the catalogue


def test_f12_zeroed_pages_of_the_catalogue_are_found(home):
    size = home.catalogue.stat().st_size
    with home.catalogue.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(bytes(8192))
    findings = examine(home)
    assert findings
    assert {finding.part for finding in findings} == {"catalogue"}
    assert not any(finding.mend for finding in findings)


@pytest.mark.parametrize("garbage", [b"no database" * 1000, b""], ids=["text", "empty"])
def test_f12_a_catalogue_that_is_none_is_found(home, garbage):
    home.catalogue.write_bytes(garbage)
    assert one(home, "catalogue", "").mend is None
    assert home.catalogue.read_bytes() == garbage


def test_f3_a_lost_write_ahead_log_leaves_a_catalogue_that_opens(home):
    with sqlite3.connect(home.catalogue) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO papers VALUES ('other', '别报')")
        connection.commit()
        wal = home.catalogue.with_name("newscrawl.db-wal")
        whole = wal.read_bytes()
    connection.close()
    wal.write_bytes(whole[: len(whole) // 2])
    assert sqlite.problems(home.catalogue) == []
    assert examine(home) == []


def test_a_catalogue_that_cannot_be_opened_is_not_said_to_be_damaged(home):
    home.catalogue.rename(home.catalogue.with_suffix(".kept"))
    home.catalogue.mkdir()
    finding = one(home, "catalogue", "cannot be opened: ")
    assert "backup" not in finding.remedy
    assert "owner and mode" in finding.remedy


def test_a_home_that_may_only_be_read_is_sound_and_stays_as_it_is(home, monkeypatch):
    before = sorted(home.root.iterdir())
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert examine(home) == []
    assert sorted(home.root.iterdir()) == before


def test_a_catalogue_that_is_missing_beside_an_archive_is_found(home):
    for path in home.root.glob("newscrawl.db*"):
        path.unlink()
    one(home, "catalogue", "missing, and there is an archive")
    assert not home.catalogue.exists()


def test_a_catalogue_of_a_later_newscrawl_is_found(home):
    with sqlite3.connect(home.catalogue) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    one(home, "catalogue", "newer")


# --- the index


def one_file(home, pattern):
    return max(Store(home.indexes).current().directory.glob(pattern))


def zero_newest_toc(home):
    toc = one_file(home, "*/whoosh/*.toc")
    toc.write_bytes(bytes(toc.stat().st_size))


def zero_state(home):
    one_file(home, "state.json").write_bytes(bytes(100))


def drop_segment(home):
    one_file(home, "*/whoosh/*.lists").unlink()


def drop_side_table(home):
    one_file(home, "*/grams.db").unlink()


def zero_side_table(home):
    grams = one_file(home, "*/grams.db")
    content = grams.read_bytes()
    grams.write_bytes(content[:4096] + bytes(len(content) - 4096))


def drop_all(home):
    shutil.rmtree(home.indexes)
    home.indexes.mkdir()


# Whoosh leaves a file open when it cannot read it.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (zero_newest_toc, "not what was written"),
        (zero_state, "not what was written"),
        (drop_segment, "missing"),
        (drop_side_table, "missing"),
        (zero_side_table, ""),
        (drop_all, "no index yet"),
    ],
)
def test_f3_a_damaged_index_is_found(home, damage, what):
    damage(home)
    assert one(home, "index", what).mend is Mend.REINDEX


def test_what_a_commit_has_left_that_no_reader_is_told_of_is_no_finding(home):
    left = Store(home.indexes).current().directory / "2024-Q1"
    left.mkdir()
    (left / "grams.db").touch()
    assert examine(home) == []


def test_j3_an_index_that_others_may_write_is_found(home):
    Store(home.indexes).current().directory.chmod(0o770)
    assert one(home, "index", "writable by others").mend is Mend.REINDEX


def test_j3_an_index_from_elsewhere_is_found(home, tmp_path):
    other = small_home(tmp_path / "other", articles=1)
    shutil.rmtree(home.indexes)
    shutil.copytree(other.indexes, home.indexes, ignore=shutil.ignore_patterns("key"))
    assert one(home, "index", "made elsewhere").mend is Mend.REINDEX


def test_an_index_that_may_not_be_read_is_not_to_be_built_anew_for_it(home):
    Store(home.indexes).key.unlink()
    Store(home.indexes).key.mkdir(mode=0o700)
    finding = one(home, "index", "check free space and permissions")
    assert finding.mend is None


def test_f13_an_index_of_another_copy_of_the_catalogue_is_found(home):
    """Of as many versions and as many articles, so that no number tells."""
    older_copy_put_back(home)
    finding = one(home, "index", "older copy of newscrawl.db was put back")
    assert finding.mend is Mend.REINDEX
    assert "newscrawl reindex" in finding.remedy
    assert "run `" not in finding.what


def test_an_index_that_is_behind_is_found(home):
    catalogue = Catalogue.open(home.catalogue)
    record(catalogue, article(5, headline="改了", record_id=newest_record(catalogue)))
    catalogue.close()
    assert one(home, "index", "1 versions behind").mend is Mend.CATCH_UP


def test_an_index_that_does_not_follow_the_dictionary_is_found(home):
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        dictionary.add(tx, ["号渡口", "首班船"])
    catalogue.close()
    assert one(home, "index", "does not yet follow 2 changed words").mend is None


def newest_record(catalogue):
    with catalogue.read() as connection:
        statement = "SELECT record_id FROM snapshots ORDER BY id DESC"
        return connection.exec_driver_sql(statement).scalar()


def test_an_index_that_finds_fewer_articles_than_there_are_is_found(home):
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        tx.exec_driver_sql("UPDATE versions SET live = 0 WHERE seq = 1")
    catalogue.close()
    assert one(home, "index", "finds 5 articles, the catalogue has 4").mend is Mend.REINDEX


# --- what is around them


def test_an_article_that_cannot_be_prepared_is_found_and_nothing_else(home):
    catalogue = Catalogue.open(home.catalogue)
    spoil(catalogue, 2)
    rebuild(Store(home.indexes), catalogue)
    catalogue.close()
    finding = one(home, "index", "cannot be prepared")
    assert finding.where.endswith("A01/2")
    assert finding.mend is None
    assert "newscrawl reindex" in finding.remedy


def test_an_article_that_cannot_be_read_is_named_with_what_to_do(home):
    catalogue = Catalogue.open(home.catalogue)
    ruin(catalogue, "no UTF-8", 2)
    rebuild(Store(home.indexes), catalogue)
    catalogue.close()
    finding = one(home, "catalogue", "cannot be read")
    assert finding.where.endswith("A01/2")
    assert "restore newscrawl.db" in finding.remedy


def test_an_article_that_has_become_unreadable_since_it_was_indexed_is_named(home):
    catalogue = Catalogue.open(home.catalogue)
    ruin(catalogue, "no JSON", 2)
    catalogue.close()
    finding = one(home, "catalogue", "cannot be read")
    assert finding.where.endswith("A01/2")


@pytest.mark.parametrize(
    "name", ["indexes", "snapshots", "run", "logs", "cache", "newscrawl.db", "."]
)
def test_j3_a_place_that_others_may_write_is_found(home, name):
    (home.root / name).chmod(0o777)
    [finding] = [each for each in examine(home) if each.part == "home"]
    assert "writable by others" in finding.what
    assert finding.where == str(home.root / name)


def test_a_key_that_others_may_read_is_found(home):
    Store(home.indexes).key.chmod(0o644)
    one(home, "home", "open to others")


def test_a_key_of_secrets_that_others_may_read_is_found(home):
    home.secret_key.touch(0o644)
    assert one(home, "home", "open to others").where == str(home.secret_key)
    home.secret_key.unlink()


def test_a_full_disk_is_found(home, monkeypatch):
    monkeypatch.setattr(settings, "FREE_SPACE_MB", 10**9)
    one(home, "home", f"{10**9} MB needed")


def test_an_unsafe_setting_is_found(home, monkeypatch):
    monkeypatch.setattr(settings, "TELNETCONSOLE_ENABLED", True)
    assert one(home, "settings", "True, must be False").where == "TELNETCONSOLE_ENABLED"


# --- alerts


def test_a_subscription_that_cannot_be_read_is_found(home):
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        me = person(tx)
        from_now_on = {"since_seq": versions.newest_seq(tx)}
        subscription(tx, me, "渡口", query="(渡口", **from_now_on)
        subscription(tx, me, "临空", query="临空", **from_now_on)
        subscription(tx, me, "停", query="(停", state="paused")
    catalogue.close()
    finding = one(home, "alerts", "this parenthesis is not closed")
    assert finding.where == "渡口 (me)"


def test_messages_that_are_dead_are_found_and_how_to_look_at_them(home):
    def change(work):
        catalogue = Catalogue.open(home.catalogue)
        with catalogue.write() as tx:
            work(tx)
        catalogue.close()

    def die(tx):
        me = person(tx)
        place = address(tx, me)
        newest = versions.newest_seq(tx)
        for name, state in (("渡口", "active"), ("临空", "paused"), ("旧", "removed")):
            of = subscription(tx, me, name, (place,), state=state, since_seq=newest)
            dead_letter(tx, of, place, name)

    change(die)
    finding = one(home, "alerts", "2 messages are dead, they could not be delivered, of 2")
    assert "`newscrawl outbox --state dead`" in finding.remedy
    change(lambda tx: letters.drop(tx, [1, 2, 3]))
    assert [each for each in examine(home) if each.part != "keys"] == []
