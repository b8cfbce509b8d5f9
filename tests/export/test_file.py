"""The file of an export is there when it is whole, and not before."""

from __future__ import annotations

import fcntl
import os
import resource

import pytest

from newscrawl.errors import UsageError
from newscrawl.export.file import NotWritten, whole


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "渡口.jsonl"
    with whole(path, force=False) as file:
        file.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_what_goes_wrong_leaves_nothing_and_the_old_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pytest.raises(AttributeError), whole(path, force=True) as file:
        file.write_it(b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_replaced_only_where_that_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pytest.raises(UsageError, match="--force"), whole(path, force=False):
        pass
    assert path.read_bytes() == b"old"
    with whole(path, force=True) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_what_appears_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "a.csv"
    with pytest.raises(UsageError, match="--force"), whole(path, force=False):
        path.write_bytes(b"of somebody else")
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"of somebody else"


def test_what_a_killed_export_left_is_written_over(tmp_path):
    path = tmp_path / "a.csv"
    (tmp_path / "a.csv.part").write_bytes(b"half of an earlier and longer export")
    with whole(path, force=False) as file:
        file.write(b"one")
    assert path.read_bytes() == b"one"


def test_two_exports_do_not_write_the_same_file(tmp_path):
    path = tmp_path / "a.csv"
    with whole(path, force=False) as file:
        file.write(b"one")
        with pytest.raises(NotWritten, match="another export"), whole(path, force=False):
            pass
    assert path.read_bytes() == b"one"


def test_what_another_export_has_just_finished_is_not_written_over(tmp_path, monkeypatch):
    path, part = tmp_path / "a.csv", tmp_path / "a.csv.part"
    part.write_bytes(b"of the other")
    lock = fcntl.flock

    def finished_before(file, how):
        part.rename(path)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", finished_before)
    with pytest.raises(NotWritten, match="another export"), whole(path, force=True):
        pass
    assert path.read_bytes() == b"of the other"


@pytest.mark.parametrize(("name", "said"), [(".", "directory"), ("no/a.csv", "no such directory")])
def test_a_place_where_nothing_can_be_is_refused(tmp_path, name, said):
    with pytest.raises(UsageError, match=said), whole(tmp_path / name, force=True):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written_is_one_line(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(NotWritten, match="Permission denied"), whole(tmp_path / "a", force=False):
        pass
    tmp_path.chmod(0o700)


def test_a_disk_that_refuses_is_one_line_and_leaves_nothing(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, limits[1]))
    try:
        with (
            pytest.raises(NotWritten, match="File too large"),
            whole(tmp_path / "a", force=False) as file,
        ):
            file.write(b"x" * (1 << 17))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []
