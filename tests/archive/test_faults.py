"""Full disks, signals and kill -9: what was called durable is there afterwards."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from textwrap import indent

import pytest

from newscrawl.archive.check import check_file
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.layout import archive_files, open_files
from newscrawl.archive.reader import read_record
from newscrawl.archive.recover import recover
from newscrawl.archive.writer import ArchiveWriter
from tests.archive.samples import FOLDER, WRITING, promised, run_child, snapshot

UNTIL_REFUSED = """
import random, sys
from pathlib import Path
from tests.archive.samples import FOLDER, snapshot
from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.writer import ArchiveWriter

root, spread = Path(sys.argv[1]), int(sys.argv[2])
writer = ArchiveWriter(root)
for number in range(10_000):
    folder = f"paper{number}/2023-12-15" if spread else FOLDER
    try:
        record = writer.write(folder, snapshot(body=random.randbytes(3000))).result()
    except ArchiveError as error:
        refusal = str(error)
        break
    print(record.path, record.offset, record.payload_digest, flush=True)
try:
    writer.write(FOLDER, snapshot()).result()
except ArchiveError as error:
    assert str(error) == refusal
writer.close()
print(refusal, file=sys.stderr)
sys.exit(17)
"""
"""Writes until the archive refuses, then prints why."""

LIMITED = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
"""

UNTIL_TERM = f"""
import signal, sys
def end(*_):
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
try:
{indent(WRITING, "    ")}
finally:
    writer.close()  # not by the handler: the writer may be at work where it strikes
"""


def assert_promises_kept(root: Path, output: Path, least: int = 1) -> None:
    """Every record that the child called durable is there."""
    records = promised(output)
    assert len(records) >= least
    for path, offset, digest in records:
        assert read_record(root, path, offset).payload_digest == digest


def assert_sound(root: Path) -> None:
    assert open_files(root) == []
    assert all(check_file(path).ok for path in archive_files(root))


def await_promises(output: Path, count: int) -> None:
    deadline = time.monotonic() + 20
    while len(promised(output)) < count:
        assert time.monotonic() < deadline, "the child writes nothing"
        time.sleep(0.01)


@pytest.mark.parametrize("call", ["write", "fsync", "open", "mkdir", "rename"])
@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_f6_no_space_at_the_nth_call(
    tmp_path: Path, call: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, made = getattr(os, call), 0

    def full(*arguments: object, **options: object) -> object:
        nonlocal made
        made += 1
        if made >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments, **options)

    writer = ArchiveWriter(tmp_path, rotate_bytes=1)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        futures = [writer.write(f"{FOLDER[:-1]}{day}", snapshot()) for day in range(6)]
        results = [future.exception(10) for future in futures]
        try:
            writer.close()
        except ArchiveError as untold:
            results.append(untold)
    assert made >= number
    refusals = [result for result in results if result]
    assert refusals
    assert all("No space left on device; free space" in str(each) for each in refusals)
    with pytest.raises(ArchiveError, match="No space left"):
        writer.write(FOLDER, snapshot()).result()
    assert writer.pending_bytes == 0
    recover(tmp_path)
    for future in futures:
        if not future.exception():
            record = future.result()
            assert read_record(tmp_path, record.path, record.offset).record_id == record.record_id
    assert all(check_file(path).ok for path in archive_files(tmp_path))


def test_f6_a_file_that_may_not_grow(tmp_path: Path) -> None:
    root, output = tmp_path / "snapshots", tmp_path / "output"
    child = run_child(LIMITED + UNTIL_REFUSED, root, 0, output=output)
    assert child.wait(30) == 17
    [path] = open_files(root)
    assert path.stat().st_size == 50_000, "the last write went in half"
    [outcome] = recover(root)
    assert outcome.cut > 0
    assert_promises_kept(root, output, least=10)
    assert_sound(root)


def on_small_disk(disk: Path, options: str) -> tuple[str, ...]:
    """A command prefix: run in a user namespace with a tmpfs at `disk`, its content kept."""
    script = (
        f"mount -t tmpfs -o {options} tmpfs {disk} || exit 99; "
        f'"$@"; status=$?; cp -r {disk} {disk}.after; exit $status'
    )
    return ("unshare", "-Urm", "sh", "-c", script, "sh")


@pytest.mark.parametrize(("options", "spread"), [("size=100k", 0), ("nr_inodes=20", 1)])
def test_f6_a_disk_without_space_or_inodes(tmp_path: Path, options: str, spread: int) -> None:
    disk, output = tmp_path / "disk", tmp_path / "output"
    disk.mkdir()
    wrapper = on_small_disk(disk, options)
    probe = [*wrapper, "true"] if shutil.which("unshare") else ["false"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no user namespace with a tmpfs here")
    shutil.rmtree(f"{disk}.after")
    child = run_child(UNTIL_REFUSED, disk, spread, output=output, wrapper=wrapper)
    assert child.wait(30) == 17
    after = tmp_path / "disk.after"
    assert open_files(after), "left for recovery"
    recover(after)
    assert_promises_kept(after, output, least=3)
    assert_sound(after)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    root = tmp_path / "snapshots"
    root.write_text("a file where the folder should be")
    writer = ArchiveWriter(root)
    with pytest.raises(ArchiveError, match=r"cannot be written at .*/snapshots.*: Not a dir"):
        writer.write(FOLDER, snapshot()).result()
    writer.close()


def test_a_failure_that_no_future_could_tell_is_raised_by_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = ArchiveWriter(tmp_path)
    record = writer.write(FOLDER, snapshot()).result()

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail)
        with pytest.raises(ArchiveError, match="Input/output error"):
            writer.close()
    writer.close()
    assert [outcome.path for outcome in recover(tmp_path)] == [record.path]


def test_f7_sigterm_finishes_every_file(tmp_path: Path) -> None:
    root, output = tmp_path / "snapshots", tmp_path / "output"
    child = run_child(UNTIL_TERM, root, 1 << 30, output=output)
    await_promises(output, 50)
    child.terminate()
    assert child.wait(20) == 0
    assert_promises_kept(root, output, least=50)
    assert_sound(root)


def kill_while_writing(root: Path, output: Path, seconds: float, rotate_bytes: int) -> None:
    child = run_child(WRITING, root, rotate_bytes, output=output)
    await_promises(output, 1)
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    child.wait(20)


@pytest.mark.parametrize(
    "rounds", [3, pytest.param(100, marks=pytest.mark.fault)], ids=["few", "many"]
)
def test_f1_kill_9_loses_nothing_that_was_durable(tmp_path: Path, rounds: int) -> None:
    chance = random.Random(20231215)
    root = tmp_path / "snapshots"
    outputs = [tmp_path / f"output{number}" for number in range(rounds)]
    for output in outputs:
        kill_while_writing(root, output, chance.random() * 0.3, chance.choice([9_000, 1 << 30]))
        recover(root)
    for output in outputs:
        assert_promises_kept(root, output)
    assert_sound(root)
