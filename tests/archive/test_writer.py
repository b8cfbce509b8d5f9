"""The one writer thread: groups, files, folders, and what is refused."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import threading
from concurrent.futures import Future, wait
from pathlib import Path

import pytest

from newscrawl.archive import openfiles
from newscrawl.archive.check import check_file
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.layout import open_files
from newscrawl.archive.reader import archive_files, iterate, read_snapshot
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.items import Record
from tests.archive.samples import FOLDER, PAGE, snapshot


class SlowDisk:
    """Counts the fsyncs, each of which waits while `gate` is closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.gate = threading.Event()
        self.gate.set()
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, descriptor: int) -> None:
        self.gate.wait(10)
        self.calls += 1
        self._fsync(descriptor)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SlowDisk:
    return SlowDisk(monkeypatch)


def test_what_arrives_during_an_fsync_shares_the_next(tmp_path: Path, disk: SlowDisk) -> None:
    with ArchiveWriter(tmp_path, group_seconds=10) as writer:
        writer.write(FOLDER, snapshot()).result()
        disk.gate.clear()
        before = disk.calls
        first = writer.write(FOLDER, snapshot())
        waiting = [writer.write(FOLDER, snapshot()) for _ in range(200)]
        assert not any(future.done() for future in [first, *waiting])
        assert writer.pending_bytes == 201 * len(PAGE)
        disk.gate.set()
        wait([first, *waiting])
        assert disk.calls - before <= 2
        assert writer.pending_bytes == 0


def test_a_group_ends_after_its_time_and_syncs_each_touched_file_once(
    tmp_path: Path, disk: SlowDisk
) -> None:
    folders = [f"paper/2023-12-{day:02}" for day in range(1, 6)]
    with ArchiveWriter(tmp_path, group_seconds=0) as writer:
        for folder in folders:
            writer.write(folder, snapshot()).result()
        before = disk.calls
        wait([writer.write(folders[0], snapshot()) for _ in range(5)])
        assert disk.calls - before == 5, "no time to collect: each is a group"
    with ArchiveWriter(tmp_path, group_seconds=10) as writer:
        wait([writer.write(folder, snapshot()) for folder in folders])
        disk.gate.clear()
        blocked = writer.write(folders[0], snapshot())
        many = [writer.write(folder, snapshot()) for folder in folders for _ in range(10)]
        before = disk.calls
        disk.gate.set()
        wait([blocked, *many])
        assert disk.calls - before <= 2 * len(folders)


def test_a_future_is_done_only_when_its_bytes_are_on_disk(tmp_path: Path, disk: SlowDisk) -> None:
    with ArchiveWriter(tmp_path) as writer:
        writer.write(FOLDER, snapshot()).result()
        disk.gate.clear()
        future = writer.write(FOLDER, snapshot())
        with pytest.raises(TimeoutError):
            future.result(0.1)
        disk.gate.set()
        assert future.result(10).offset > 0


def test_an_event_loop_awaits_and_cannot_cancel_what_was_accepted(tmp_path: Path) -> None:
    async def record_both(writer: ArchiveWriter) -> Record:
        abandoned = asyncio.wrap_future(writer.write(FOLDER, snapshot()))
        abandoned.cancel()
        return await asyncio.wrap_future(writer.write(FOLDER, snapshot()))

    with ArchiveWriter(tmp_path) as writer:
        asyncio.run(record_both(writer))
    [path] = archive_files(tmp_path)
    assert check_file(path).records == {"warcinfo": 1, "response": 2, "request": 2}


def test_names_and_the_open_suffix(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as writer:
        record = writer.write(FOLDER, snapshot()).result()
        pattern = FOLDER + r"/\d{8}T\d{12}Z-[0-9a-f]{8}\.warc\.gz"
        assert re.fullmatch(pattern, record.path)
        assert archive_files(tmp_path) == []
        assert open_files(tmp_path) == [tmp_path / (record.path + ".open")]
        assert read_snapshot(tmp_path, record.path, record.offset).body == PAGE
    assert archive_files(tmp_path) == [tmp_path / record.path]
    assert open_files(tmp_path) == []
    assert read_snapshot(tmp_path, record.path, record.offset).body == PAGE


def test_the_open_file_is_locked(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as writer:
        writer.write(FOLDER, snapshot()).result()
        [path] = open_files(tmp_path)
        with path.open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_full_file_is_finished_and_followed_by_another(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, rotate_bytes=3000) as writer:
        records = [writer.write(FOLDER, snapshot(body=os.urandom(1000))).result() for _ in range(6)]
    files = archive_files(tmp_path)
    assert len(files) == 3
    assert {tmp_path / record.path for record in records} == set(files)
    assert all(check_file(path).ok for path in files)
    assert all(next(iterate(path)).type == "warcinfo" for path in files)


def test_a_backfill_keeps_few_files_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openfiles, "KEPT", 3)
    folders = [f"paper/2023-12-{day:02}" for day in range(1, 11)]
    with ArchiveWriter(tmp_path) as writer:
        for folder in folders:
            writer.write(folder, snapshot()).result()
            writer.write(folders[0], snapshot()).result()
        writer.write(folders[0], snapshot()).result()
        assert [path.parent.name for path in open_files(tmp_path)] == [
            "2023-12-01",
            "2023-12-09",
            "2023-12-10",
        ]
    assert len(archive_files(tmp_path)) == len(folders)


def test_names_are_durable_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, synced, fsync = tmp_path / "snapshots", [], os.fsync

    def noted(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    with ArchiveWriter(root) as writer:
        record = writer.write(FOLDER, snapshot()).result()
        folder = (root / record.path).parent
        file = root / f"{record.path}.open"
        assert synced == [tmp_path, root, folder.parent, folder, file]
    assert synced[5:] == [folder], "the new name"


def test_two_writers_in_one_folder_do_not_touch_each_other(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as one, ArchiveWriter(tmp_path) as two:
        wanted = [snapshot(body=b"%d" % number) for number in range(60)]
        futures: list[Future[Record]] = [
            (one, two)[number % 2].write(FOLDER, each) for number, each in enumerate(wanted)
        ]
        records = [future.result() for future in futures]
        assert len(open_files(tmp_path)) == 2
    assert all(check_file(path).ok for path in archive_files(tmp_path))
    bodies = [read_snapshot(tmp_path, each.path, each.offset).body for each in records]
    assert bodies == [each.body for each in wanted]


@pytest.mark.parametrize(
    "folder",
    [
        "../2023-12-15",
        "/etc/2023-12-15",
        "paper/../../2023-12-15",
        "paper/2023-12-15/..",
        "paper/2023-12-15\n",
        "paper\0/2023-12-15",
        ".hidden/2023-12-15",
        "paper/today",
        "paper",
        "",
        "p" * 300 + "/2023-12-15",
        "paper/２０２３-12-15",
    ],
)
def test_a20_nothing_is_written_outside_the_archive(tmp_path: Path, folder: str) -> None:
    root = tmp_path / "in" / "snapshots"
    with ArchiveWriter(root) as writer:
        with pytest.raises(ArchiveError, match="is no folder of the archive"):
            writer.write(folder, snapshot()).result()
        writer.write(FOLDER, snapshot()).result()
    everything = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert everything == set(archive_files(root))


@pytest.mark.parametrize("path", ["../x.warc.gz", "/etc/passwd", "paper/2023-12-15/../x", ""])
def test_a20_nothing_is_read_outside_the_archive(tmp_path: Path, path: str) -> None:
    with pytest.raises(ArchiveError, match="there is no such archive file"):
        read_snapshot(tmp_path, path, 0)


def test_a_closed_writer_refuses_and_closes_again(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path)
    accepted = [writer.write(FOLDER, snapshot()) for _ in range(50)]
    writer.close()
    assert all(future.done() and future.result() for future in accepted)
    with pytest.raises(ArchiveError, match="is closed"):
        writer.write(FOLDER, snapshot()).result()
    writer.close()


def test_a_writer_without_work_leaves_nothing(tmp_path: Path) -> None:
    ArchiveWriter(tmp_path / "snapshots").close()
    assert list(tmp_path.iterdir()) == []
