"""What a dead writer left is brought to a sound end, and never written to again."""

from __future__ import annotations

import fcntl
import gzip
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newscrawl.archive import layout, recover
from newscrawl.archive.check import check_file
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.layout import archive_files, open_files, unfinished
from newscrawl.archive.reader import iterate, read_snapshot
from newscrawl.archive.records import encode_snapshot
from newscrawl.archive.stored import RecordHead
from newscrawl.archive.warcfile import WarcFile
from newscrawl.archive.writer import ArchiveWriter
from tests.archive.samples import FOLDER, snapshot, written

SNAPSHOTS = [snapshot(body=b"<p>%d</p>" % number * 20) for number in range(3)]


@pytest.fixture
def orphan(tmp_path: Path) -> Path:
    """An unfinished file whose writer is gone, whole to its last byte."""
    path = written(tmp_path, *SNAPSHOTS)
    return path.rename(unfinished(path))


def heads(path: Path) -> tuple[RecordHead, ...]:
    return tuple(record.head for record in iterate(path))


def test_a_whole_file_only_loses_its_suffix(tmp_path: Path, orphan: Path) -> None:
    content, records = orphan.read_bytes(), heads(orphan)
    [outcome] = recover.recover(tmp_path)
    assert (outcome.records, outcome.cut) == (records, 0)
    assert [path.read_bytes() for path in archive_files(tmp_path)] == [content]
    assert tmp_path / outcome.path == archive_files(tmp_path)[0]
    assert open_files(tmp_path) == []
    assert recover.recover(tmp_path) == []


def test_the_catalogue_can_adopt_what_was_kept(tmp_path: Path, orphan: Path) -> None:
    [outcome] = recover.recover(tmp_path)
    places = [head.record(outcome.path) for head in outcome.records if head.type == "response"]
    assert [read_snapshot(tmp_path, each.path, each.offset) for each in places] == SNAPSHOTS


@pytest.mark.parametrize("place", [0, 1])
def test_f5_nothing_is_cut_of_what_was_durable_once(
    tmp_path: Path, orphan: Path, place: int
) -> None:
    """Neither what is damaged, nor what lies behind it."""
    records = heads(orphan)
    content = bytearray(orphan.read_bytes())
    content[records[place].offset + 30] ^= 1
    orphan.write_bytes(content)
    last = [each for each in records if each.type == "response"][-1]
    [outcome] = recover.recover(tmp_path, lambda _path: last.offset + last.length)
    assert (outcome.records, outcome.cut, outcome.damaged) == (records[:place], 0, True)
    [path] = archive_files(tmp_path)
    assert path.read_bytes() == content
    assert read_snapshot(tmp_path, outcome.path, last.offset) == SNAPSHOTS[-1]


def test_f3_a_tail_cut_anywhere_keeps_every_whole_record(tmp_path: Path, orphan: Path) -> None:
    content, records = orphan.read_bytes(), heads(orphan)
    folder = orphan.parent
    starts = [each.offset for each in records]
    places = {start + near for start in starts for near in (-9, -8, -4, -1, 0, 1, 10) if start}
    for size in sorted(places | set(range(0, len(content), 20))):
        orphan.write_bytes(content[:size])
        kept = tuple(each for each in records if each.offset + each.length <= size)
        [outcome] = recover.recover(tmp_path)
        assert outcome.records == kept
        end = kept[-1].offset + kept[-1].length if kept else 0
        assert outcome.cut == size - end
        assert [path.read_bytes() for path in folder.iterdir()] == [content[:end]] * bool(kept)
        for path in folder.iterdir():
            path.unlink()


@pytest.mark.parametrize("zeroed", [4, 8, 100, 700])
def test_f3_a_zeroed_tail_is_found_and_cut(tmp_path: Path, orphan: Path, zeroed: int) -> None:
    content, records = orphan.read_bytes(), heads(orphan)
    orphan.write_bytes(content[:-zeroed] + bytes(zeroed))
    assert not check_file(orphan).ok
    [outcome] = recover.recover(tmp_path)
    assert 0 < len(outcome.records) < len(records)
    assert outcome.records == records[: len(outcome.records)]
    assert outcome.cut >= zeroed
    assert check_file(tmp_path / outcome.path).ok


def test_f3_zeros_behind_the_last_record_are_cut(tmp_path: Path, orphan: Path) -> None:
    content = orphan.read_bytes()
    orphan.write_bytes(content + bytes(4096))
    [outcome] = recover.recover(tmp_path)
    assert outcome.cut == 4096
    assert (tmp_path / outcome.path).read_bytes() == content


def test_a_record_with_a_wrong_digest_is_not_kept(tmp_path: Path, orphan: Path) -> None:
    encoded = encode_snapshot(snapshot(body=b"<p>true</p>"))
    record = gzip.decompress(encoded.members[: encoded.length])
    forged = gzip.compress(record.replace(b"true", b"fake"))
    content, records = orphan.read_bytes(), heads(orphan)
    orphan.write_bytes(content + forged)
    [outcome] = recover.recover(tmp_path)
    assert (outcome.records, outcome.cut) == (records, len(forged))
    assert (tmp_path / outcome.path).read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"\x1f\x8b"])
def test_a_file_without_a_whole_record_is_removed(
    tmp_path: Path, orphan: Path, content: bytes
) -> None:
    orphan.write_bytes(content)
    [outcome] = recover.recover(tmp_path)
    assert (outcome.records, outcome.cut) == ((), len(content))
    assert list(orphan.parent.iterdir()) == []


def test_f5_a_doubtful_file_is_never_appended_to(tmp_path: Path, orphan: Path) -> None:
    cut = orphan.read_bytes()[:-5]
    orphan.write_bytes(cut)
    new = written(tmp_path, snapshot())
    assert new != layout.finished(orphan)
    assert orphan.read_bytes() == cut
    recover.recover(tmp_path)
    sound = layout.finished(orphan).read_bytes()
    written(tmp_path / "elsewhere", snapshot())
    with ArchiveWriter(tmp_path) as writer:
        writer.write(FOLDER, snapshot()).result()
    assert layout.finished(orphan).read_bytes() == sound
    assert all(check_file(path).ok for path in archive_files(tmp_path))


def test_the_file_of_a_living_writer_is_left_alone(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as writer:
        first = writer.write(FOLDER, snapshot()).result()
        assert recover.recover(tmp_path) == []
        second = writer.write(FOLDER, snapshot()).result()
        assert (tmp_path / (first.path + ".open")).exists()
    assert first.path == second.path
    assert check_file(tmp_path / first.path).ok


@pytest.mark.parametrize("step", ["truncate", "fsync", "rename"])
def test_an_interrupted_recovery_is_finished_by_the_next(
    tmp_path: Path, orphan: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = heads(orphan)
    orphan.write_bytes(orphan.read_bytes()[:-5])

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path if step == "rename" else os, step, fail)
        with pytest.raises(ArchiveError, match="Input/output error"):
            recover.recover(tmp_path)
    [outcome] = recover.recover(tmp_path)
    assert outcome.records == records[:-1]
    assert check_file(tmp_path / outcome.path).ok


def test_two_recoveries_at_once_do_the_work_once(tmp_path: Path) -> None:
    for number in range(20):
        path = written(tmp_path / str(number), *SNAPSHOTS)
        place = tmp_path / "root" / FOLDER
        place.mkdir(parents=True, exist_ok=True)
        path.rename(unfinished(place / path.name))
    root = tmp_path / "root"
    with ThreadPoolExecutor(4) as pool:
        outcomes = [each for done in pool.map(recover.recover, [root] * 4) for each in done]
    assert len({each.path for each in outcomes}) == len(outcomes) == 20
    assert len(archive_files(root)) == 20


def test_a_file_that_another_recovery_finished_first_is_its_own(
    tmp_path: Path, orphan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, outcomes = fcntl.flock, []

    def late(descriptor: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        outcomes.extend(recover.recover(tmp_path))
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    assert recover.recover(tmp_path) == []
    assert [tmp_path / each.path for each in outcomes] == archive_files(tmp_path)


def test_a_file_recovered_before_its_writer_locked_it_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, raced = fcntl.flock, threading.Event()

    def late(descriptor: int, operation: int) -> None:
        if not raced.is_set():
            raced.set()
            [outcome] = recover.recover(tmp_path)
            assert outcome.records == ()
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    file = WarcFile.create(tmp_path, FOLDER)
    file.finish()
    assert raced.is_set()
    assert check_file(file.final).ok
