"""Erasing from a day that is sealed: its root and the chain hold, and it says nothing any more."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.archive import manifests as kept
from newscrawl.archive import removals
from newscrawl.catalogue import manifests, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import erasing, removing, striking, verification
from newscrawl.ops.locks import Locks
from newscrawl.ops.place import paper_lock
from newscrawl.ops.proving import prove
from newscrawl.ops.sealing import seal
from newscrawl.ops.verdict import Remedy
from tests.makers import PAPER
from tests.takedown.erasures import Killed, killed

ID = f"{PAPER}/2023-12-15/A01/2"
OTHER = f"{PAPER}/2023-12-15/A01/3"


@pytest.fixture
def sealed(home):
    seal(home, datetime.now(UTC) + timedelta(days=2))
    return home


@pytest.fixture
def erase(sealed, held, ordered):
    def erase(wanted=ID):
        return erasing.erase(sealed, held, ordered(wanted, "erase").tombstone)

    return erase


def faults(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        return [(each.what, each.record_id) for each in verification.verify(home, catalogue).faults]


def record_of(held, wanted):
    with held.read() as view:
        return versions.of_article(view, wanted)[-1].article.record_id


def chain(held):
    with held.read() as view:
        return [(each.day, each.root, each.head) for each in manifests.every(view)]


def lines(home):
    [day] = kept.days(home.manifests)
    return kept.place(home.manifests, day).read_text("ascii").splitlines()


def test_i3_what_is_left_still_verifies_and_the_chain_is_as_it_was(sealed, held, erase):
    assert faults(sealed) == []
    gone, before = record_of(held, ID), chain(held)
    assert erase().records
    assert faults(sealed) == []
    assert chain(held) == before
    assert [line.split()[0] for line in lines(sealed) if gone in line] == ["erased"]
    assert removals.removed(sealed.root)[gone].leaf


def test_i3_the_file_is_not_sealed_a_second_time(sealed, erase):
    erase()
    assert seal(sealed, datetime.now(UTC) + timedelta(days=5)).days == []


def test_i3_another_record_of_the_file_is_still_proven(sealed, held, erase):
    before = prove(sealed, held, record_of(held, OTHER))
    erase()
    after = prove(sealed, held, record_of(held, OTHER))
    assert (after.line, after.member, after.head) == (before.line, before.member, before.head)


def test_i3_a_second_erasure_of_the_same_file_is_like_the_first(sealed, held, erase):
    before = chain(held)
    erase()
    erase(OTHER)
    assert faults(sealed) == []
    assert chain(held) == before


def test_a_line_that_says_erased_without_a_signed_note_is_named(sealed, held, erase):
    erase()
    gone = next(line.split()[2] for line in lines(sealed) if line.startswith("erased "))
    (sealed.root / removals.NOTES).unlink()
    assert ("says that a record was erased, and no signed note does", gone) in faults(sealed)


def test_a_changed_byte_of_what_is_left_is_found(sealed, held, erase):
    erase()
    place = next(sealed.snapshots.glob("*/*/*.warc.gz"))
    content = bytearray(place.read_bytes())
    content[-9] ^= 1
    place.write_bytes(content)
    assert faults(sealed)


def test_i5_an_erasure_that_ended_before_its_manifest_was_known_is_taken_up(
    sealed, held, ordered, monkeypatch
):
    stone = ordered(ID, "erase").tombstone

    def killed(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(manifests, "erased", killed)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(sealed, held, stone)
    erasing.resume(sealed, held)
    assert faults(sealed) == []


@pytest.mark.parametrize("earlier", [(), (OTHER,)])
def test_i5_one_that_was_killed_and_taken_back_is_named_and_nothing_else_is_blamed(
    sealed, held, ordered, erase, monkeypatch, earlier
):
    """Its manifest says already what is erased, and the file still has that."""
    for wanted in earlier:
        erase(wanted)
    stone = ordered(ID, "erase").tombstone
    for ends in ((manifests, "erased"), (removing.Remover, "repoint")):
        with monkeypatch.context() as patched:
            patched.setattr(*ends, killed)
            with pytest.raises(Killed):
                erasing.erase(sealed, held, stone)
        with closing(Catalogue.open(sealed.catalogue)) as catalogue:
            [fault] = verification.verify(sealed, catalogue).faults
        assert fault.remedy is Remedy.RESUME
    erasing.resume(sealed, held)
    assert faults(sealed) == []


def test_f15_a_crawl_is_not_taken_for_an_erasure_that_was_killed_and_taken_back(
    sealed, held, ordered, monkeypatch
):
    stone = ordered(ID, "erase").tombstone
    with monkeypatch.context() as patched:
        patched.setattr(manifests, "erased", killed)
        with pytest.raises(Killed):
            erasing.erase(sealed, held, stone)
    with ExitStack() as locks:
        removing.Remover(sealed, held, Locks(sealed, locks)).finish()
    monkeypatch.setattr("newscrawl.ops.chain.time.sleep", killed)  # nothing is waited for
    with paper_lock(sealed, PAPER):
        [fault] = verification.verify(sealed, held).faults
    assert (fault.what, fault.remedy) == (
        "an erasure that is rewriting it has not ended",
        Remedy.RESUME,
    )


def test_i6_an_older_copy_of_the_catalogue_follows(sealed, held, erase, tmp_path):
    held.close()
    old = shutil.copy(sealed.catalogue, tmp_path / "old.db")
    erase()
    for each in sealed.root.glob("newscrawl.db*"):
        each.unlink()
    shutil.copy(old, sealed.catalogue)
    with closing(Catalogue.open(sealed.catalogue)) as again:
        erasing.resume(sealed, again)
    assert faults(sealed) == []


def test_what_no_manifest_covers_has_none_to_strike_it_from(home, held):
    path = next(home.snapshots.glob("*/*/*.warc.gz"))
    assert striking.struck(home, held, str(path.relative_to(home.snapshots)), {"x"}) is None
