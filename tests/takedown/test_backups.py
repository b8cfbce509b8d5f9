"""What is erased leaves the backups too, also where it was killed, and what a restore has left."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from newscrawl.archive.layout import archive_files
from newscrawl.catalogue import erasure
from newscrawl.catalogue.connection import Catalogue, to_restore
from newscrawl.ops import doctor, erasing
from newscrawl.ops.backup import copies, restoring
from newscrawl.ops.backup.restoring import restore
from newscrawl.ops.backup.taking import Choice, back_up
from newscrawl.ops.findings import Mend
from newscrawl.ops.place import BeingRestored, paper_lock, restore_lock
from newscrawl.ops.recovery import recover
from newscrawl.ops.sealing import seal
from newscrawl.ops.takedown import Order, take_down
from newscrawl.ops.verification import verify
from tests.makers import PAPER
from tests.takedown import probe
from tests.takedown.conftest import NOW

ID = f"{PAPER}/2023-12-15/A01/2"
HEADLINE = "第2号渡口恢复通航"
ORDER = Order("erase", "asked by the author", "privacy", "desk")


class Killed(BaseException):
    """As if by a signal."""


def killed(*_given):
    raise Killed


def found(root):
    return probe.found(root, [HEADLINE])


def test_i6_backups_of_before_an_erasure_has_ended_go_when_it_has(
    home, held, ordered, tmp_path, monkeypatch
):
    vault = tmp_path / "vault"
    back_up(home, vault, Choice())
    taken = ordered(ID, "erase")
    with monkeypatch.context() as patched:
        patched.setattr(erasure, "empty", killed)
        with pytest.raises(Killed):
            erasing.erase(home, held, taken.tombstone)
    back_up(home, vault, Choice())
    back_up(home, vault, Choice())
    assert found(vault)
    erasing.resume(home, held)
    assert len(back_up(home, vault, Choice()).dropped) == 1
    assert not found(vault)
    assert back_up(home, vault, Choice()).dropped == []


@pytest.mark.parametrize("half", ["", ".new"])
def test_i6_what_a_killed_restore_left_goes_with_an_erasure(home, tmp_path, monkeypatch, half):
    vault = tmp_path / "vault"
    back_up(home, vault, Choice())
    with monkeypatch.context() as patched:
        patched.setattr(restoring.sqlite, "put_back", killed)
        with pytest.raises(Killed):
            restore(vault, home, force=True)
    copy = to_restore(home.catalogue)
    copy = copy.rename(copy.with_name(copy.name + half))
    [finding] = doctor.examine(home)
    assert (finding.where, "restore" in finding.what) == (str(copy), True)
    with closing(Catalogue.open(home.catalogue)) as held:
        taken = take_down(home, held, ORDER, NOW, wanted=ID, prefix=False)
        erasing.erase(home, held, taken.tombstone)
    assert not found(home.root)
    assert doctor.examine(home) == []


@pytest.mark.parametrize("by", ["erasure", "doctor"])
def test_i2_what_a_killed_restore_has_half_copied_goes(home, tmp_path, monkeypatch, by):
    vault = tmp_path / "vault"
    back_up(home, vault, Choice())
    [file] = archive_files(home.snapshots)
    aside = file.rename(tmp_path / file.name)
    with monkeypatch.context() as patched:
        patched.setattr(copies, "digest", killed)
        with pytest.raises(Killed):
            restore(vault, home, force=True)
    [half] = home.snapshots.glob("*/*/*.new")
    aside.rename(file)
    [finding] = doctor.examine(home)
    assert (finding.where, finding.mend) == (str(half), Mend.RECOVER)
    if by == "erasure":
        erase(home, ID)
        assert not found(home.root)
    else:
        assert list(doctor.repair_archive(home, [finding])) == [f"{half}: half copied, removed"]
    assert doctor.examine(home) == []


@pytest.fixture
def half(home):
    """A file that somebody copies, or has left half copied."""
    [file] = archive_files(home.snapshots)
    copy = file.with_name(f"{file.name}.new")
    copy.write_bytes(b"half")
    return copy


def test_i2_no_restore_begins_while_what_one_has_left_is_removed(home, held, half, monkeypatch):
    """It would lose the file that it copies at that moment."""
    unlink, refused = Path.unlink, []

    def meanwhile(path, missing_ok=False):
        if path == half:
            with pytest.raises(BeingRestored):
                restore_lock(home)
            refused.append(path)
        unlink(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", meanwhile)
        recover(home, held)
    assert refused == [half]
    assert not half.exists()
    restore_lock(home).release()


def test_i2_what_a_restore_copies_at_this_moment_stays(home, held, half):
    with restore_lock(home):
        recover(home, held)
    assert half.exists()


def test_i2_a_crawl_waits_while_what_a_restore_has_left_is_removed(home):
    held = Event()

    def sweeping():
        with restore_lock(home):
            held.set()
            time.sleep(0.1)

    other = Thread(target=sweeping)
    other.start()
    assert held.wait(60)
    with paper_lock(home, PAPER):
        pass
    other.join()


OTHER = f"{PAPER}/2023-12-15/A01/3"


def erase(home, wanted):
    with closing(Catalogue.open(home.catalogue)) as held:
        taken = take_down(home, held, ORDER, NOW, wanted=wanted, prefix=False)
        erasing.erase(home, held, taken.tombstone)


def faults(home):
    with closing(Catalogue.open(home.catalogue)) as held:
        return verify(home, held).faults


@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("before", [(), (OTHER,)])
def test_i6_a_manifest_that_a_restore_brings_back_says_nothing_of_what_was_erased_since(
    home, tmp_path, before, is_lost
):
    vault = tmp_path / "vault"
    seal(home, datetime.now(UTC) + timedelta(days=2))
    for wanted in before:
        erase(home, wanted)
    back_up(home, vault, Choice(secrets=True))
    [manifest] = home.manifests.glob("*.txt")
    whole = manifest.read_text()
    erase(home, ID)
    struck = manifest.read_text()
    assert struck != whole
    if is_lost:
        manifest.unlink()
    outcome = restore(vault, home, force=True)
    assert (outcome.replaced, outcome.problems) == (["newscrawl.db"], [])
    assert manifest.read_text() == struck
    assert faults(home) == []
