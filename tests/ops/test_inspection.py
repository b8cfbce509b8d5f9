"""Files that no manifest covers: finished, being written, left behind by a run that was killed."""

from __future__ import annotations

import fcntl
import random
from contextlib import contextmanager

import pytest

from newscrawl.archive.described import record_lines
from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.ops.recovery import CAPTURES
from newscrawl.ops.verdict import Remedy
from tests.homes import small_home
from tests.ops.test_verification import changed, found, verify


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家", articles=4)


@pytest.fixture
def file(home):
    [path] = archive_files(home.snapshots)
    return path


@pytest.fixture
def lines(file):
    """`(offset, line)` of every record."""
    offset, made = 0, []
    for line, _stored in record_lines(file):
        made.append((offset, line))
        offset += line.length
    return made


@contextmanager
def written(file, *, locked=True):
    """Under the name that it has while it is written, by a writer who lives if it is locked."""
    path = unfinished(file)
    file.rename(path)
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX if locked else fcntl.LOCK_UN)
        yield path
    path.rename(file)


def test_f15_every_changed_capture_is_named_and_not_the_first_alone(home, file, lines):
    captures = [(offset, line) for offset, line in lines if line.type in CAPTURES]
    for offset, line in (captures[1], captures[3]):
        changed(file, offset + line.length // 2, random.Random(1))
    assert {each[:2] for each in found(home, file)} == {
        (line.record_id, offset) for offset, line in (captures[1], captures[3])
    }


def test_f15_a_record_in_the_place_of_another_is_named(home, file, lines):
    captures = [(offset, line) for offset, line in lines if line.type in CAPTURES]
    (first, one), (second, other) = captures[1], captures[2]
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    content[second : second + other.length] = content[first : first + one.length].ljust(
        other.length, b"\0"
    )
    file.write_bytes(content)
    assert (other.record_id, second, None) in found(home, file)


@pytest.mark.parametrize("alive", [True, False])
def test_f15_a_changed_byte_of_a_file_that_is_being_written_is_found(home, file, lines, alive):
    dice = random.Random(18)
    with written(file, locked=alive) as path:
        assert verify(home).sound
        for offset, line in lines[:-1]:
            for place in (0, 4, 9, line.length - 9, line.length - 1, dice.randrange(line.length)):
                before = changed(path, offset + place, dice)
                named = {
                    each for each in found(home, path) | found(home, file) if each[1] == offset
                }
                assert named, (line.type, place)
                assert line.record_id in {each[0] for each in named} or line.type not in CAPTURES
                path.write_bytes(before)
        assert verify(home).sound


def test_what_is_half_written_is_left_alone_while_its_writer_lives(home, file):
    with written(file) as path, path.open("ab") as more:
        more.write(b"\x1f\x8b\x08")
        more.flush()
        assert verify(home).sound
    unfinished(file).unlink(missing_ok=True)
    dead = file.rename(unfinished(file))
    [fault] = verify(home).faults
    assert (fault.where, fault.remedy) == (str(dead), Remedy.REPAIR)


def test_what_a_killed_run_did_not_come_to_catalogue_is_no_fault(home, file):
    other = small_home(home.root.parent / "另", articles=2)
    [theirs] = archive_files(other.snapshots)
    theirs.rename(unfinished(file.with_name(theirs.name)))
    assert verify(home).sound
