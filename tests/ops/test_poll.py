"""A crawl's process: told to begin, watched to its end, and ended when it must be."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import psutil
import pytest

from newscrawl.home import Home
from newscrawl.ops.poll import Ended, Poll, words

SAYS = "import sys; print('loaded'); sys.stdin.readline(); print('好'); sys.exit(3)"
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
print(child.pid, flush=True)
sys.stdin.readline()
time.sleep(60)
"""


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    made.logs.mkdir()
    return made


def polled(home, program, work):
    """What `work` makes of a loaded poll of this program."""

    async def run():
        return await work(await Poll.load([sys.executable, "-c", program], home, log(home)))

    return asyncio.run(run())


def log(home):
    return home.logs / "watch-daily.log"


def child_of(home):
    """The process that the program has started, once it has said so."""
    deadline = time.monotonic() + 60
    while not (log(home).exists() and log(home).read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return psutil.Process(int(log(home).read_text().split()[0]))


def test_the_call_waits_to_be_told():
    call = words("hangzhou_daily", {"site": "http://127.0.0.1:1", "since": "2023-12-15"})
    assert call[1:] == [
        *("-m", "scrapy", "crawl", "hangzhou_daily", "--when-told"),
        *("-a", "site=http://127.0.0.1:1", "-a", "since=2023-12-15"),
    ]


def test_it_begins_when_told_and_its_status_and_last_line_are_known(home):
    assert polled(home, SAYS, lambda poll: poll.read(60)) == Ended(3, "好")
    assert log(home).read_text() == "loaded\n好\n"
    assert polled(home, "pass", lambda poll: poll.read(60)) == Ended(0, "")
    assert log(home).read_text() == ""


def test_one_that_ended_before_it_was_told_says_why(home):
    async def late(poll):
        await asyncio.sleep(1)
        return await poll.read(60)

    assert polled(home, "print('no'); raise SystemExit(2)", late) == Ended(2, "no")


def test_g3_one_that_takes_too_long_is_killed_with_all_that_it_started(home):
    async def read(poll):
        child = await asyncio.to_thread(child_of, home)
        return child, await poll.read(0.1)

    child, ended = polled(home, STUBBORN, read)
    assert ended.status == -signal.SIGKILL
    assert gone(child)


def test_one_that_does_not_end_within_its_grace_is_killed(home):
    async def end(poll):
        child = await asyncio.to_thread(child_of, home)
        await poll.end(0.1)
        await poll.end(0.1)
        return child

    assert gone(polled(home, STUBBORN, end))


def test_one_that_only_waits_is_ended_at_once(home):
    async def end(poll):
        began = time.monotonic()
        await poll.end(60)
        return time.monotonic() - began

    assert polled(home, SAYS, end) < 30


def test_one_that_was_not_told_ends_with_us(home):
    """We are killed: nothing is left of us but the end of its pipe."""
    reading, writing = os.pipe()
    program = (
        "import asyncio, os, pathlib, sys\n"
        "from newscrawl.home import Home\n"
        "from newscrawl.ops.poll import Poll\n"
        f"home = Home(pathlib.Path({str(home.root)!r}))\n"
        "async def main():\n"
        "    await Poll.load([sys.executable, '-c', 'import sys; sys.stdin.readline()'], home, "
        "home.logs / 'x.log')\n"
        f"    os.write({writing}, b'.')\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )

    async def kill():
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, pass_fds=(writing,)
        )
        await asyncio.to_thread(os.read, reading, 1)
        [child] = psutil.Process(process.pid).children()
        process.kill()
        await process.wait()
        return child

    child = asyncio.run(kill())
    os.close(reading)
    os.close(writing)
    assert gone(child)


def gone(process):
    """Ended, though whoever adopted it may not have taken notice."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False
