"""kill -9 at random moments of a takedown: never visible again, and brought to its end."""

from __future__ import annotations

import random
import signal
import subprocess
import time

import pytest

from newscrawl.home import Home
from newscrawl.ops.doctor import examine
from tests.crawls import Newsroom
from tests.faults.rounds import rounds
from tests.homes import small_home
from tests.makers import PAPER
from tests.takedown import probe

pytestmark = pytest.mark.fault
ID = f"{PAPER}/2023-12-15/A01/2"
SENTENCE = "第2号渡口昨日恢复通航，首班船载客14人。"
ORDER = ("newscrawl", "takedown", ID, "--scope", "erase", "--reason", "asked")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Seconds that one takes which is let alone."""
    room = Newsroom(small_home(tmp_path_factory.mktemp("whole") / "home").root)
    began = time.monotonic()
    assert room.run(*ORDER).returncode == 0
    return time.monotonic() - began


@pytest.mark.parametrize("number", rounds(3, 40))
def test_i5_a_takedown_that_is_killed_is_brought_to_its_end(tmp_path, number, whole):
    chance = random.Random(number)
    home = small_home(tmp_path / "home")
    room = Newsroom(home.root)
    for words in (ORDER, *[("newscrawl", "takedown", "--resume")] * chance.randrange(2)):
        _killed(room, words, whole * chance.uniform(0.2, 0.95))
        if (home.root / "tombstones.jsonl").exists():
            assert room.search("第2号")["total"] == 0
    _finish(room, home)
    assert room.search("渡口")["total"] == 4
    assert probe.found(home.root, [SENTENCE]) == {}
    assert [each for each in examine(home) if each.part in {"archive", "index"}] == []


def _killed(room: Newsroom, words: tuple[str, ...], seconds: float) -> None:
    process = room.start(*words)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _finish(room: Newsroom, home: Home) -> None:
    """As a person would: go on, or order it where that had not come so far."""
    ordered = (home.root / "tombstones.jsonl").exists()
    done: subprocess.CompletedProcess[str]
    done = room.run("newscrawl", "takedown", "--resume") if ordered else room.run(*ORDER)
    assert done.returncode == 0, done.stderr
