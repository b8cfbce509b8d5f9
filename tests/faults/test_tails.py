"""A loss of power cuts or zeroes the end of whatever was not synced: the doctor says so and mends.

Every file below a home that may be half written at that moment is damaged here, of a home that has
one of each kind; and so is what was synced, which a disk may lose all the same: that is named.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.alerts.directory import secrets_of
from newscrawl.archive import removals
from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.archive.rewrite import UNFINISHED
from newscrawl.catalogue import articles, snapshots, tombstone_file, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Place
from newscrawl.cli.doctor import mended
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from newscrawl.ops import erasing, sealed
from newscrawl.ops.backup.checking import check
from newscrawl.ops.backup.taking import Choice, back_up
from newscrawl.ops.doctor import examine
from newscrawl.ops.sealing import seal
from newscrawl.ops.takedown import Order, take_down
from newscrawl.pace import Pace
from tests.faults import state
from tests.homes import archive, small_home
from tests.makers import DAY, PAPER, article
from tests.people import person, subscription

pytestmark = pytest.mark.fault
NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def cut(data: bytes, of: int) -> bytes:
    return data[:-of]


def zeroed(data: bytes, of: int) -> bytes:
    return data[:-of] + bytes(of)


def zeroed_within(data: bytes, of: int) -> bytes:
    """Its end reached the disk, and what stands before that did not."""
    return bytes(len(data) - of) + data[-of:]


damaging = pytest.mark.parametrize("damage", [cut, zeroed])


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A home with one of each: a sealed day, what is hidden, erased, held for a court, sealed."""
    home = small_home(tmp_path_factory.mktemp("whole") / "家", 6)
    seal(home, datetime.now(UTC) + timedelta(days=2))
    with closing(Catalogue.open(home.catalogue)) as held:
        for number, scope, hold in ((1, "hide", False), (2, "erase", False), (3, "erase", True)):
            wanted = f"{PAPER}/{DAY}/A01/{number}"
            order = Order(scope, "asked", "privacy", "desk", hold)
            taken = take_down(home, held, order, NOW, wanted=wanted, prefix=False)
            if scope == "erase":
                erasing.erase(home, held, taken.tombstone)
        with held.write() as tx:
            secrets = secrets_of(tx, home, "")
            subscription(tx, person(tx), "渡口", since_seq=versions.newest_seq(tx))
            tx.exec_driver_sql("UPDATE subscriptions SET feed = ?", (secrets.seal("x"),))
        rebuild(Store.of(home), held)
    home.told.mkdir()
    (home.told / "2026-03-01").write_bytes(bytes(range(64)))
    assert examine(home) == []
    return home


@pytest.fixture
def home(whole, tmp_path, monkeypatch):
    made = Home(shutil.copytree(whole.root, tmp_path / "家"))
    monkeypatch.setenv("NEWSCRAWL_HOME", str(made.root))
    return made


def spoil(path: Path, damage, of: int | None = None) -> None:
    """The last third of a file, or so many bytes of it."""
    data = path.read_bytes()
    mode = path.stat().st_mode
    path.write_bytes(damage(data, of or max(len(data) // 3, 1)))
    path.chmod(mode)


def repaired(home: Home) -> list[str]:
    """What the doctor says that it did, after which it finds nothing any more."""
    findings = examine(home)
    assert findings
    done = mended(home, findings)
    assert examine(home) == []
    state.check(home.root)
    return done


# --- what was not synced: nothing of it counted yet, and nothing else is lost


@damaging
def test_f3_an_archive_file_that_was_written(home, damage):
    [(_page, place), _other] = archive(home, [article(7), article(8)])
    path = home.snapshots / place.path
    path = path.rename(unfinished(path))
    spoil(path, damage, 100)
    [line] = repaired(home)
    assert "4 records kept" in line


@damaging
def test_f3_the_log_of_the_catalogue(home, damage):
    """The last transaction is gone; what it was of is in the archive, and is entered again."""
    item = article(7)
    [(page, place)] = archive(home, [item])
    log = home.catalogue.with_name("newscrawl.db-wal")
    with closing(Catalogue.open(home.catalogue)) as held:
        with held.write() as tx:
            snapshots.add_all(tx, [snapshots.row(Place(PAPER, DAY, "article"), page, place)])
        before = log.stat().st_size
        with held.write() as tx:
            articles.record(tx, item)
        kept = {path: path.read_bytes() for path in home.root.glob("newscrawl.db*")}
    for path, data in kept.items():
        path.write_bytes(data)
    home.catalogue.with_name("newscrawl.db-shm").unlink()
    spoil(log, damage, log.stat().st_size - before - 100)
    assert examine(home) == []
    with closing(sqlite3.connect(home.catalogue)) as held:
        asked = "SELECT count(*) FROM articles WHERE id LIKE '%/A01/7'"
        assert held.execute(asked).fetchone() == (0,)
    state.check(home.root)


@pytest.mark.parametrize("damage", [cut, zeroed, zeroed_within])
@pytest.mark.parametrize("name", ["tombstones.jsonl", "removals.jsonl"])
def test_f3_a_note_that_was_being_written(home, name, damage):
    path = home.root / name
    before = path.read_bytes()
    line = before.splitlines()[-1] + b"\n"
    path.write_bytes(before + damage(line, len(line) // 2))
    [said] = repaired(home)
    assert said.endswith("bytes of an unfinished line cut")
    assert path.read_bytes() == before


@damaging
def test_f3_the_last_tombstone_when_the_disk_lost_it_though_it_was_synced(home, damage):
    path = tombstone_file.beside(home.catalogue)
    before = tombstone_file.names(home.catalogue)
    spoil(path, damage, len(path.read_bytes().splitlines()[-1]) // 2)
    assert all(str(path) in each for each in repaired(home))
    assert tombstone_file.names(home.catalogue) == before


@pytest.mark.parametrize("left", [None, b""])
def test_f3_a_note_is_mended_and_no_catalogue_made_where_that_is_lost(home, left):
    path = tombstone_file.beside(home.catalogue)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"line": ')
    for each in home.root.glob("newscrawl.db*"):
        each.unlink()
    if left is not None:
        home.catalogue.write_bytes(left)
    assert mended(home, examine(home)) == [f"{path}: 9 bytes of an unfinished line cut"]
    assert path.read_bytes() == whole
    assert home.catalogue.exists() is (left is not None)
    assert {each.part for each in examine(home)} == {"catalogue"}


def test_f3_what_people_were_told(home):
    path = home.told / "2026-03-01"
    spoil(path, cut, 3)
    assert repaired(home) == [f"{path}: 5 bytes of an unfinished line cut"]


def index_files(home: Home) -> list[Path]:
    found = (path for path in home.indexes.rglob("*") if path.is_file() and path.stat().st_size)
    return sorted(path for path in found if not path.name.endswith(("-shm", "-wal")))


@damaging
def test_f3_any_file_of_the_index(home, damage):
    names = {path.name.partition(".")[2] or path.name for path in index_files(home)}
    assert names >= {"CURRENT", "key", "db", "lists", "toc", "json"}
    for number in range(len(index_files(home))):
        path = index_files(home)[number]
        spoil(path, damage)
        assert repaired(home) == ["index: built anew from the catalogue"], path


def litter(home: Home) -> list[Path]:
    """What whoever writes anew has beside it until that is synced, and a takedown as well."""
    [build] = home.indexes.glob("build-*")
    [old] = archive_files(home.snapshots)
    [held] = sealed.files(home)
    [manifest] = home.manifests.glob("*.txt")
    replaced = (build / "state.json", home.indexes / "CURRENT", manifest, held)
    kept = [path.with_name(f"{path.name}.new") for path in replaced]
    keys = [home.root / f"{name}.0123abcd" for name in (removals.KEY, "secret.key")]
    return [*kept, *keys, old.with_name(f"{old.name}{UNFINISHED}")]


@damaging
def test_f3_what_was_to_take_the_place_of_another_file_changes_nothing(home, damage):
    [old] = archive_files(home.snapshots)
    for path in litter(home):
        path.write_bytes(damage(old.read_bytes(), 900))
    assert examine(home) == []
    rebuild_all(home)
    assert examine(home) == []


def rebuild_all(home: Home) -> None:
    """Whatever writes goes over what was left."""
    with closing(Catalogue.open(home.catalogue)) as held:
        rebuild(Store.of(home), held)
        order = Order("erase", "asked", "privacy", "desk", legal_hold=True)
        taken = take_down(home, held, order, NOW, wanted=f"{PAPER}/{DAY}/A01/4", prefix=False)
        erasing.erase(home, held, taken.tombstone)


@damaging
def test_f3_a_backup_under_way(home, tmp_path, damage):
    vault = tmp_path / "备份"
    back_up(home, vault, Choice())
    folder = vault / "generations" / "000002-20260301T080000Z"
    shutil.copytree(next((vault / "generations").glob("000001-*Z")), folder)
    spoil(folder / "newscrawl.db", damage)
    [copy] = archive_files(vault / "snapshots")
    copy.with_name(f"{copy.name}.new").write_bytes(damage(copy.read_bytes(), 900))
    assert check(vault).problems == ()
    assert back_up(home, vault, Choice()).problems == []
    assert check(vault).problems == ()
    assert not list(vault.rglob("*.new"))


@pytest.mark.parametrize("held", [b"", b"\0" * 8, b"\xff" * 8, b"\0" * 3])
def test_f3_a_turn_at_a_host(home, held):
    pace = Pace(home.run / "pace")
    assert pace.reserve("example.com", 1.0) == 0
    [path] = (home.run / "pace").iterdir()
    path.write_bytes(held)
    assert pace.reserve("example.com", 1.0) == 0
    assert examine(home) == []


# --- what was synced, and cannot be made again: named, with what to do


@damaging
@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("snapshots/*/*/*.warc.gz", "archive"),
        ("manifests/*.txt", "manifests"),
        ("newscrawl.db", "catalogue"),
        ("sealed/*", "keys"),
        ("removals.key", "keys"),
        ("secret.key", "keys"),
    ],
)
def test_f3_what_cannot_be_made_again_is_named_with_what_to_do(home, pattern, part, damage):
    [path] = home.root.glob(pattern)
    spoil(path, damage)
    [finding] = [each for each in examine(home) if each.where == str(path)]
    assert finding.part == part
    assert finding.mend is None
    assert "restore" in finding.remedy or "bring" in finding.remedy
