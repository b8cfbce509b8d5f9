"""Erasing while runs are at work, and what is damaged: nothing is done before it is."""

from __future__ import annotations

import time
from contextlib import contextmanager

import pytest

from newscrawl.archive.layout import archive_files
from newscrawl.archive.reader import iterate
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import snapshots, tombstones, versions
from newscrawl.catalogue.snapshots import Place
from newscrawl.ops import erasing, removing
from newscrawl.ops.locks import ErasureWaits
from newscrawl.ops.place import BeingRestored, paper_lock, restore_lock, running, seal_lock
from newscrawl.ops.session import Session
from newscrawl.ops.verification import verify
from tests.archive.samples import snapshot
from tests.makers import DAY, PAPER
from tests.takedown import probe

ID = f"{PAPER}/2023-12-15/A01/2"
HEADLINE = "第2号渡口恢复通航"
OTHER = "other_daily"
PICTURES = "https://example.com/hzrb/pic/"
TYPE = ((b"Content-Type", b"image/jpeg"),)


@contextmanager
def run_of(home, paper):
    """A run, from its lock to its end."""
    with paper_lock(home, paper):
        session = Session(home, paper, None)
        yield session
        session.close()


def capture(home, held, session, page, kind="image"):
    """Keep it, and wait until the catalogue has it."""
    session.keep(Place(session.paper, DAY, kind), page)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with held.read() as view:
            if snapshots.place_of(view, page.record_id):
                return
        time.sleep(0.01)
    raise AssertionError("never catalogued")


def picture(name):
    return snapshot(url=PICTURES + name, body=b"JPEG of a face", headers=TYPE)


def archived(home, start):
    """The addresses below it that the archive has."""
    return {
        record.url
        for file in archive_files(home.snapshots)
        for record in iterate(file)
        if record.url.startswith(start)
    }


def state(held, tombstone):
    with held.read() as view:
        return tombstones.named(view, tombstone.id).state


def test_i2_what_a_run_has_open_is_erased_when_it_ends(home, held, ordered):
    with run_of(home, PAPER) as session:
        capture(home, held, session, picture("face.jpg"))
        stone = ordered(PICTURES, "erase", prefix=True).tombstone
        with pytest.raises(ErasureWaits, match=PAPER):
            erasing.erase(home, held, stone)
        assert state(held, stone) == "told"
        capture(home, held, session, picture("later.jpg"))
    assert state(held, stone) == "done"
    assert archived(home, PICTURES) == set()
    assert verify(home, held).sound


def test_i2_what_another_paper_has_open_names_it_no_more_when_that_run_ends(home, held, ordered):
    page = snapshot(url="https://o.example/list.html", body=f"<li>{HEADLINE}</li>".encode())
    with run_of(home, OTHER) as session:
        capture(home, held, session, page, "list")
        stone = ordered(ID, "erase").tombstone
        with pytest.raises(ErasureWaits, match=OTHER):
            erasing.erase(home, held, stone)
        assert probe.found(home.root, [HEADLINE])
    assert state(held, stone) == "done"
    assert probe.found(home.root, [HEADLINE]) == {}


def test_i2_a_run_that_has_nothing_open_yet_is_waited_for(home, held, ordered):
    with run_of(home, OTHER) as session:
        stone = ordered(PICTURES, "erase", prefix=True).tombstone
        with pytest.raises(ErasureWaits, match=OTHER):
            erasing.erase(home, held, stone)
        capture(home, held, session, picture("face.jpg"))
    assert state(held, stone) == "done"
    assert archived(home, PICTURES) == set()


def test_i2_a_file_that_is_open_is_waited_for_whoever_writes_it(home, held, ordered):
    stone = ordered(ID, "erase").tombstone
    with ArchiveWriter(home.snapshots) as writer:
        writer.write(f"{OTHER}/{DAY}", picture("face.jpg")).result()
        with pytest.raises(ErasureWaits, match=OTHER):
            erasing.erase(home, held, stone)
    erasing.resume(home, held)
    assert state(held, stone) == "done"


def test_i2_a_file_that_is_finished_while_others_are_read_is_read_too(
    home, held, ordered, monkeypatch
):
    page = snapshot(url="https://o.example/list.html", body=f"<li>{HEADLINE}</li>".encode())
    stone = ordered(ID, "erase").tombstone
    take_out = removing.Remover.take_out
    late = []

    def meanwhile(remover, purge, files):
        if not late:
            late.append(page)
            with ArchiveWriter(home.snapshots) as writer:
                writer.write(f"{OTHER}/{DAY}", page).result()
        return take_out(remover, purge, files)

    monkeypatch.setattr(removing.Remover, "take_out", meanwhile)
    assert erasing.erase(home, held, stone).records == 4
    assert probe.found(home.root, [HEADLINE]) == {}


def test_i5_the_next_run_goes_on_with_what_had_to_wait(home, held, ordered):
    stone = ordered(ID, "erase").tombstone
    with seal_lock(home), pytest.raises(ErasureWaits):
        erasing.erase(home, held, stone)
    with run_of(home, OTHER):
        pass
    assert state(held, stone) == "done"
    assert probe.found(home.root, [HEADLINE]) == {}


@pytest.mark.parametrize("ours", [[], [PAPER]])
def test_i5_while_a_backup_is_put_back_that_is_said_and_no_run_is_blamed(home, held, ordered, ours):
    """With the paper's lock it is the sealing's that is refused."""
    stone = ordered(ID, "erase").tombstone
    with restore_lock(home), pytest.raises(BeingRestored, match="run again when that has ended"):
        erasing.erase_all(home, held, [stone], ours)
    erasing.resume(home, held)
    assert state(held, stone) == "done"


def test_i5_a_run_that_is_to_end_at_once_leaves_it(home, held, ordered):
    stone = ordered(ID, "erase").tombstone
    Session(home, OTHER, None).close(hurried=True)
    assert state(held, stone) == "told"


def test_no_crawl_is_kept_waiting_while_the_archive_is_read(home, held, ordered, monkeypatch):
    seen = []
    has_some = removing.Remover._has_some

    def looked(*given):
        seen.append(running(home))
        return has_some(*given)

    monkeypatch.setattr(removing.Remover, "_has_some", looked)
    erasing.erase(home, held, ordered(ID, "erase").tombstone)
    assert seen
    assert seen[0] == set()


def damaged_file(home):
    """Of another paper, with a byte changed; the byte that mends it."""
    with ArchiveWriter(home.snapshots) as writer:
        for number in range(2):
            page = snapshot(url=f"https://o.example/{number}", body=b"<p>nothing of it</p>" * 50)
            writer.write(f"aaa_daily/{DAY}", page).result()
    [file] = home.snapshots.glob("aaa_daily/*/*.gz")
    whole = file.read_bytes()
    at = len(whole) // 2
    file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    return file, whole


def test_i2_a_damaged_file_keeps_nothing_else_from_being_erased(home, held, ordered):
    file, whole = damaged_file(home)
    stone = ordered(ID, "erase").tombstone
    [first, [again]] = erasing.erase(home, held, stone), erasing.resume(home, held)
    name = str(file.relative_to(home.snapshots))
    assert [list(each.damaged) for each in (first, again)] == [[name], [name]]
    assert (first.records, state(held, stone)) == (2, "erasing")
    assert probe.found(home.root, [HEADLINE]) == {}
    with held.read() as view:
        assert versions.of_article(view, ID)[-1].article.headline == ""
        assert tombstones.unread(view, stone.id) == [name]
    with run_of(home, OTHER):
        pass
    assert state(held, stone) == "erasing"
    file.write_bytes(whole)
    erasing.resume(home, held)
    assert state(held, stone) == "done"


def test_i2_its_own_record_in_a_damaged_file_stays_known_and_goes_when_that_is_mended(
    home, held, ordered
):
    [file] = archive_files(home.snapshots)
    whole = file.read_bytes()
    file.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
    stone = ordered(ID, "erase").tombstone
    assert erasing.erase(home, held, stone).damaged
    assert state(held, stone) == "erasing"
    file.write_bytes(whole)
    assert [each.records for each in erasing.resume(home, held)] == [2]
    assert probe.found(home.root, [HEADLINE]) == {}
    assert state(held, stone) == "done"
    assert verify(home, held).sound
