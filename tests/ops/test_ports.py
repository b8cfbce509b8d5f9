"""Who works on a home, and whether it listens on the network."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from newscrawl.home import Home
from newscrawl.ops.doctor import examine
from newscrawl.ops.place import prepare
from newscrawl.ops.ports import processes
from tests.crawls import crawl_words, demo

HOLDER = """
import socket, sys
held = open(sys.argv[1], "a")
servers = [socket.create_server((host, 0), family=family) for host, family in (
    ("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))] if sys.argv[2:] else []
print(*(server.getsockname()[1] for server in servers), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "家")
    prepare(made, 0)
    return made


@pytest.fixture
def start():
    started = []

    def begin(*words):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process.pid, tuple(sorted(map(int, process.stdout.readline().split())))

    yield begin
    for process in started:
        process.communicate()


def found(home):
    return {process.pid: process.ports for process in processes(home)}


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_a_process_with_our_catalogue_that_listens_is_found(home, start):
    pid, ports = start(home.catalogue, "listen")
    assert len(ports) == 2
    assert found(home) == {pid: ports}


def test_one_that_holds_a_lock_and_does_not_listen(home, start):
    pid, _none = start(home.run / "hangzhou_daily.lock")
    assert found(home) == {pid: ()}


def test_one_that_listens_and_is_not_ours(home, start):
    start(home.root / "notes.txt", "listen")
    assert found(home) == {}


def test_j7_a_crawl_at_work_is_seen_and_listens_on_no_port(tmp_path):
    home = Home(tmp_path)
    with demo(tmp_path) as (newsroom, _site, server):
        process = newsroom.start(*crawl_words(server.url))
        while len(server.requests) < 5 and process.poll() is None:
            time.sleep(0.05)
        seen = found(home)
        process.kill()
        process.communicate()
    assert seen[process.pid] == ()
    assert os.getpid() not in seen
    assert set(seen.values()) == {()}


@pytest.mark.parametrize(
    ("words", "serves"), [(("newscrawl", "serve"), True), (("scrapy", "crawl"), False)]
)
def test_the_process_that_serves_pages_is_told_from_the_others(home, start, words, serves):
    pid, _ports = start(home.catalogue, *words)
    assert {each.pid: each.serves for each in processes(home)}[pid] is serves
    assert ("ports" in {each.part for each in examine(home)}) is not serves
