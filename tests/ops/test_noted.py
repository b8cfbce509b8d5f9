"""A changed byte of what is noted of takedowns is found and named by its line."""

from __future__ import annotations

import json
import random
from contextlib import closing
from datetime import UTC, datetime

import pytest

from newscrawl.archive import removals
from newscrawl.archive.removals import KEY, NOTES, Note, Removed
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.tombstone_file import NAME
from newscrawl.ops import erasing
from newscrawl.ops.takedown import Order, lift, take_down
from newscrawl.ops.verdict import Remedy
from tests.homes import small_home
from tests.makers import DAY, PAPER
from tests.ops.test_verification import changed, found, verify

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """With two tombstones, one of them lifted, and two notes of removals."""
    home = small_home(tmp_path_factory.mktemp("noted") / "家", articles=3)
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        order = Order("hide", "作者要求", "rights", "desk")
        for number in (1, 2):
            wanted = f"{PAPER}/{DAY}/A01/{number}"
            taken = take_down(home, catalogue, order, NOW, wanted=wanted, prefix=False)
        lift(home, catalogue, taken.tombstone.id, NOW, "误会")
    for number in (1, 2):
        gone = (Removed(f"<urn:uuid:{number}>", "0" * 64),)
        note = Note("a", "b", gone, NOW.isoformat(), "erase", "other", "0123456789ab")
        removals.append(home.root, note)
    assert verify(home).sound
    return home


@pytest.mark.parametrize("name", [NAME, NOTES])
def test_f15_a_changed_byte_of_a_note_is_found_and_its_line_named(home, name):
    dice, path = random.Random(19), home.root / name
    content = path.read_bytes()
    start = 0
    for number, line in enumerate(content.splitlines(keepends=True), 1):
        for place in {0, len(line) - 2, *(dice.randrange(len(line) - 1) for _ in range(60))}:
            changed(path, start + place, dice)
            assert (None, None, number) in found(home, path), (number, place)
            path.write_bytes(content)
        changed(path, start + len(line) - 1, dice)
        assert found(home, path)
        path.write_bytes(content)
        start += len(line)
    assert verify(home).sound


def test_f15_a_signature_in_capitals_is_a_changed_byte(home):
    path = home.root / NOTES
    content = path.read_bytes()
    signature = json.loads(content.splitlines()[0])["signature"]
    path.write_bytes(content.replace(signature.encode(), signature.upper().encode()))
    assert (None, None, 1) in found(home, path)
    path.write_bytes(content)


def test_f15_a_changed_byte_of_the_key_is_found(home):
    path = home.root / KEY
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :])
        [fault] = verify(home).faults
        assert (fault.where, fault.remedy) == (str(path), Remedy.RESTORE)
    path.write_bytes(content)


def test_a_lost_key_is_named(home):
    path = home.root / KEY
    content = path.read_bytes()
    path.unlink()
    [fault] = verify(home).faults
    assert (fault.where, fault.what) == (str(path), f"missing: no note of {NOTES} is believed")
    path.write_bytes(content)
    path.chmod(0o600)
    assert verify(home).sound


def test_f15_a_changed_byte_of_what_is_held_is_found(tmp_path):
    home = small_home(tmp_path / "家", articles=3)
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        order = Order("erase", "法院要求", "court", "desk", legal_hold=True)
        wanted = f"{PAPER}/{DAY}/A01/1"
        taken = take_down(home, catalogue, order, NOW, wanted=wanted, prefix=False)
        erasing.erase(home, catalogue, taken.tombstone)
    [path] = (home.root / "sealed").iterdir()
    assert verify(home).sound
    dice, size = random.Random(20), path.stat().st_size
    for place in (0, size - 3, size - 1, *(dice.randrange(size) for _ in range(9))):
        before = changed(path, place, dice)
        assert found(home, path) == {(None, None, None)}
        path.write_bytes(before)
