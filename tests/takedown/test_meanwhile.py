"""Verifying while a day is sealed or something is erased, and after either was killed."""

from __future__ import annotations

from contextlib import closing
from threading import Event, Thread, Timer

import pytest

from newscrawl.catalogue import manifests
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import erasing, verification
from newscrawl.ops.sealing import seal
from newscrawl.ops.verdict import Remedy
from tests.ops.test_sealing import more
from tests.takedown.erasures import TOMORROW, Killed, erase, killed


def verify(home, meanwhile=lambda: None):
    """`meanwhile` happens once, when the first file has been read."""
    done = []

    def progress(_read, _of):
        if not done:
            done.append(meanwhile())

    with closing(Catalogue.open(home.catalogue)) as catalogue:
        verdict = verification.verify(home, catalogue, progress)
    assert done
    return verdict


def changed(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.fixture
def days(home):
    """Another one that is sealed before that of the articles is."""
    more(home, days_ago=3)
    seal(home, TOMORROW)
    return home


def test_f15_a_day_that_is_sealed_meanwhile_is_no_fault(home):
    assert verify(home, lambda: seal(home, TOMORROW)).faults == []


def test_f15_what_is_erased_meanwhile_is_no_fault(days):
    assert verify(days, lambda: erase(days)).faults == []


def test_f15_what_is_erased_meanwhile_before_its_day_is_sealed_is_no_fault(home):
    more(home, days_ago=1)
    assert verify(home, lambda: erase(home)).faults == []


def test_f15_what_is_damaged_is_named_all_the_same(home):
    path = more(home, days_ago=1)
    changed(path, path.stat().st_size // 2)
    faults = verify(home, lambda: seal(home, TOMORROW)).faults
    assert {(each.where, each.remedy) for each in faults} == {(str(path), Remedy.RESTORE)}


@pytest.mark.parametrize("ends", [True, False])
def test_f15_an_erasure_that_is_at_work_is_waited_for(days, monkeypatch, ends):
    begun, may_end, erased = Event(), Event(), manifests.erased

    def slowly(*given):
        begun.set()
        assert may_end.wait(60)
        erased(*given)

    monkeypatch.setattr(manifests, "erased", slowly)
    at_work = Thread(target=erase, args=(days,))
    at_work.start()
    assert begun.wait(60)
    if ends:
        Timer(0.4, may_end.set).start()
    with closing(Catalogue.open(days.catalogue)) as catalogue:
        found = [(each.what, each.remedy) for each in verification.verify(days, catalogue).faults]
    may_end.set()
    at_work.join()
    assert found == ([] if ends else [("an erasure is rewriting it", Remedy.WAIT)])


@pytest.mark.parametrize("look", [verification.verify, verification.verify_manifests])
def test_i5_a_killed_erasure_is_named_and_nothing_else_is_advised(days, held, monkeypatch, look):
    with monkeypatch.context() as patched:
        patched.setattr(manifests, "erased", killed)
        with pytest.raises(Killed):
            erase(days)
    [fault] = look(days, held).faults
    assert (fault.what, fault.remedy) == (
        "an erasure that is rewriting it has not ended",
        Remedy.RESUME,
    )
    changed(path := days.snapshots.joinpath(fault.where), path.stat().st_size // 2)
    found = {(each.where, each.remedy) for each in verification.verify(days, held).faults}
    assert (fault.where, Remedy.RESTORE) in found, "damaged bytes are named beside it"
    changed(path, path.stat().st_size // 2)
    erasing.resume(days, held)
    assert look(days, held).faults == []
