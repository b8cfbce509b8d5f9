"""Runs that are told to end, once or twice, or that hang before their first request."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from contextlib import suppress
from threading import Event

import pytest
from filelock import FileLock

from newscrawl.demo.server import serve
from newscrawl.home import Home
from newscrawl.ops.place import paper_lock
from tests.crawl.twisted import VICTIM, Twisted
from tests.crawls import Newsroom, crawl_words
from tests.faults.state import check


class Waiting(Twisted):
    """Answers one article only when it may, so that a run that ends has to wait for it."""

    def __init__(self):
        super().__init__({})
        self.asked, self.may = Event(), Event()

    def answer(self, method, path, headers):
        if VICTIM in path:
            self.asked.set()
            self.may.wait(60)
        return super().answer(method, path, headers)


@pytest.mark.slow
def test_f7_a_run_that_is_terminated_twice_is_interrupted_and_the_next_one_goes_on(tmp_path):
    site = Waiting()
    with serve(site) as server:
        room = Newsroom(tmp_path, {"NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2]})
        process = room.start(*crawl_words(server.url))
        assert site.asked.wait(60)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert process.poll() is None
        for _ in range(60):  # a second one that comes too soon is one with the first
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)
                break
        out, err = process.communicate(timeout=60)
        site.may.set()
        assert process.returncode == 1
        assert err.strip() == "ended early: interrupted; the next run goes on from here"
        assert out == ""
        assert last_run(room) == ("incomplete", [("", "ended early: interrupted")])
        with paper_lock(Home(tmp_path), "hangzhou_daily"):
            pass
        check(tmp_path)
        done = room.crawl(server.url)
    assert done.returncode == 0, done.stderr
    assert "90/90 篇  (0 late" in done.stdout
    check(tmp_path, articles_held=90)


def test_a_run_that_was_killed_is_shown_as_killed_at_once(tmp_path):
    site = Waiting()
    with serve(site) as server:
        room = Newsroom(tmp_path, {"NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2]})
        process = room.start(*crawl_words(server.url))
        assert site.asked.wait(60)
        assert last_run(room) == ("running", [])
        process.kill()
        process.communicate(timeout=60)
        site.may.set()
    assert last_run(room) == ("killed", [])


def last_run(room):
    [paper] = json.loads(room.run("newscrawl", "status", "--json").stdout)["papers"]
    reasons = [(each["url"], each["reason"]) for each in paper["last_run"]["reasons"]]
    return paper["last_run"]["state"], reasons


def test_g3_a_run_that_hangs_before_its_stores_are_open_is_ended_by_its_deadline(tmp_path):
    hurried = {"NEWSCRAWL_RUN_DEADLINE": "1", "NEWSCRAWL_RUN_GRACE": "1"}
    with FileLock(f"{Home(tmp_path).catalogue}.migrating"):
        done = Newsroom(tmp_path, hurried).crawl("http://127.0.0.1:9")
    assert done.returncode == -signal.SIGALRM
    with paper_lock(Home(tmp_path), "hangzhou_daily"):
        pass
