"""A copy is whole, is what was wanted, or is not there."""

from __future__ import annotations

import errno
import hashlib

import pytest

from newscrawl.ops.backup import copies
from newscrawl.ops.backup.copies import CannotWrite, Differs, Miscopied, copy, digest

BYTES = "停航两天的渡口今晨恢复通航。".encode() * 50_000
SHA = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source"
    path.write_bytes(BYTES)
    return path


@pytest.mark.parametrize("size", [None, len(BYTES), 1_500_001, 7])
def test_as_much_is_copied_as_is_wanted(source, tmp_path, size):
    target = tmp_path / "a" / "b" / "target"
    wanted = hashlib.sha256(BYTES[:size]).hexdigest()
    assert copy(source, target, size) == digest(target) == digest(source, size) == wanted
    assert target.read_bytes() == BYTES[:size]
    assert target.stat().st_mode & 0o077 == 0


def left(target):
    return {path.name: path.read_bytes() for path in target.parent.iterdir() if path != target}


def test_what_is_not_wanted_replaces_nothing(source, tmp_path):
    target = tmp_path / "copies" / "target"
    copy(source, target, wanted=SHA)
    source.write_bytes(b"x")
    with pytest.raises(Differs):
        copy(source, target, wanted=SHA)
    assert (target.read_bytes(), left(target)) == (BYTES, {})


def test_what_the_disk_does_not_give_back_replaces_nothing(source, tmp_path, monkeypatch):
    target = tmp_path / "copies" / "target"
    copy(source, target)
    monkeypatch.setattr(copies, "digest", lambda path: "0" * 64)
    with pytest.raises(Miscopied):
        copy(source, target)
    assert (target.read_bytes(), left(target)) == (BYTES, {})


def test_what_ends_in_the_middle_leaves_nothing(source, tmp_path, monkeypatch):
    target = tmp_path / "copies" / "target"
    with pytest.raises(FileNotFoundError):
        copy(tmp_path / "none", target)
    assert list(target.parent.iterdir()) == []

    def full(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copies, "_to_disk", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        copy(source, target)
    assert list(target.parent.iterdir()) == []
