from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from newscrawl.home import Home
from newscrawl.ops import place
from newscrawl.ops.place import AlreadyRunning, is_running, paper_lock, prepare


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    made.run.mkdir()
    return made


def test_who_asks_whether_a_paper_is_running_creates_nothing(home):
    assert not is_running(home, "daily")
    assert list(home.run.iterdir()) == []


def test_a_paper_is_running_while_its_lock_is_held(home):
    with paper_lock(home, "daily"):
        assert is_running(home, "daily")
        assert not is_running(home, "express")
    assert not is_running(home, "daily")


def test_a_second_run_is_refused_and_soon(home):
    with paper_lock(home, "daily"):
        began = time.monotonic()
        with pytest.raises(AlreadyRunning):
            paper_lock(home, "daily")
        assert time.monotonic() - began < 2


def test_who_only_asks_keeps_no_run_from_beginning(home, monkeypatch):
    """As if the question fell into the moment at which a run begins."""
    monkeypatch.setattr(place, "PATIENCE", 30)
    paper_lock(home, "daily").release()
    (home.run / "daily.lock").touch()
    asked, begun = threading.Event(), threading.Event()
    flock = place.fcntl.flock

    def slow(descriptor, how):
        flock(descriptor, how)
        asked.set()
        begun.wait(0.1)

    with monkeypatch.context() as slowed:
        slowed.setattr("newscrawl.ops.place.fcntl.flock", slow)
        question = threading.Thread(target=is_running, args=(home, "daily"))
        question.start()
        asked.wait()
    with paper_lock(home, "daily"):
        begun.set()
    question.join()


def test_g5_many_runs_may_begin_at_once(tmp_path):
    """None takes away what another looks at to see whether a folder can be written."""
    home = Home(tmp_path / "home")
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(prepare, home, 0) for _ in range(400)]:
            done.result()
    assert [each for folder in home.root.iterdir() for each in folder.iterdir()] == []
