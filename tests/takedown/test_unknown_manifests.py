"""Manifests that the catalogue does not know when an erasure begins: of a sealing that was killed,
or because the catalogue is an older copy.
"""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from newscrawl import durable
from newscrawl.archive import removals
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import erasing, sealing, verification
from newscrawl.ops.backup.restoring import restore
from newscrawl.ops.backup.taking import Choice, back_up
from newscrawl.ops.sealing import seal
from tests.makers import article
from tests.takedown.erasures import TOMORROW, Killed, erase, killed

AFTER = TOMORROW + timedelta(days=1)


def is_forgotten(home):
    """Nothing is left to seal, all of it verifies, and no manifest names the address."""
    assert not seal(home, AFTER).days
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        assert verification.verify(home, catalogue).faults == []
    named = "".join(path.read_text("ascii") for path in home.manifests.glob("*.txt"))
    return article(2).url not in named


def test_i5_what_a_killed_sealing_left_is_taken_up_before_anything_is_rewritten(home, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(sealing, "_known", killed)
        with pytest.raises(Killed):
            seal(home, TOMORROW)
    erase(home)
    assert is_forgotten(home)


def test_i2_what_a_killed_sealing_left_half_written_goes_with_an_erasure(home, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(durable, "sync", killed)
        with pytest.raises(Killed):
            seal(home, TOMORROW)
    [half] = home.manifests.iterdir()
    assert article(2).url in half.read_text()
    erase(home)
    assert not half.exists()


def test_a_copy_that_a_killed_erasure_left_is_no_file_to_seal(home, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(removals, "append", killed)
        with pytest.raises(Killed):
            erase(home)
    report = seal(home, TOMORROW)
    assert (len(report.days), report.troubles) == (1, [])
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        erasing.resume(home, catalogue)
    assert is_forgotten(home)


@pytest.mark.parametrize("erased", ["before", "after"])
def test_i6_a_catalogue_of_before_the_sealing_is_put_back(home, tmp_path, erased):
    """Before or after something is erased from what was sealed."""
    back_up(home, tmp_path / "vault", Choice())
    seal(home, TOMORROW)
    if erased == "before":
        erase(home)
    restore(tmp_path / "vault", home, force=True)
    if erased == "after":
        erase(home)
    assert is_forgotten(home)
