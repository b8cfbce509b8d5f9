"""Processes that are started when there is work, and end by themselves."""

from __future__ import annotations

import time

from filelock import FileLock

from newscrawl.background import Background


def background(tmp_path, monkeypatch, code):
    (tmp_path / "worker.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return Background(
        "worker", ("one",), lock=tmp_path / "lock", log=tmp_path / "logs" / "worker.log"
    )


def ended(process):
    until = time.monotonic() + 30
    while process.working:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_it_is_started_with_its_arguments_and_again_when_it_has_ended(tmp_path, monkeypatch):
    process = background(tmp_path, monkeypatch, "import sys; print(*sys.argv[1:])")
    assert process.signal()
    ended(process)
    assert process.signal()
    ended(process)
    process.close()
    assert process.log.read_text() == "one\none\n"
    assert not process.failed


def test_one_that_works_is_not_started_twice(tmp_path, monkeypatch):
    process = background(tmp_path, monkeypatch, "input()")
    assert process.signal()
    assert not process.signal()
    process.pipe.write(b"\n")
    process.close()
    ended(process)


def test_it_is_not_started_while_somebody_else_holds_its_lock(tmp_path, monkeypatch):
    process = background(tmp_path, monkeypatch, "pass")
    with FileLock(tmp_path / "lock"):
        assert process.busy
        assert not process.signal()
    assert not process.busy


def test_one_that_has_let_go_of_its_lock_is_ending_and_another_is_started(tmp_path, monkeypatch):
    """Who comes with work while it ends is not forgotten."""
    process = background(
        tmp_path,
        monkeypatch,
        "import sys; from filelock import FileLock\n"
        "with FileLock(sys.argv[1] + '.lock'): sys.stdin.readline()\n"
        "sys.stdin.readline()\n",
    )
    process._command = (*process._command[:2], str(tmp_path / "own"))
    process._lock = tmp_path / "own.lock"
    assert process.signal()
    first = process.pipe
    until = time.monotonic() + 30
    while not process.busy:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert not process.signal()
    first.write(b"\n")
    while process.busy:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert process.working
    assert process.signal()
    assert process.pipe is not first
    process.pipe.write(b"\n\n")
    ended(process)
    process.close()


def test_one_that_told_an_error_is_not_started_again(tmp_path, monkeypatch):
    process = background(tmp_path, monkeypatch, "import sys; sys.exit('no catalogue')")
    process.signal()
    ended(process)
    assert process.failed
    assert not process.signal()
    process.close()
    assert process.log.read_text() == "no catalogue\n"
