from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise

import pytest

from newscrawl.pace import STALE_SECONDS, Pace


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_turns_at_one_host_are_apart_by_the_delay(tmp_path):
    pace = Pace(tmp_path, Clock())
    assert [pace.reserve("a", 1.5) for _ in range(3)] == pytest.approx([0, 1.5, 3.0])


def test_hosts_do_not_wait_for_one_another(tmp_path):
    pace = Pace(tmp_path, Clock())
    pace.reserve("a", 5)
    assert pace.reserve("b", 5) == 0


def test_a_turn_that_has_passed_costs_nothing(tmp_path):
    clock = Clock()
    pace = Pace(tmp_path, clock)
    pace.reserve("a", 1)
    clock.now += 60
    assert pace.reserve("a", 1) == 0


def test_f10_a_clock_that_begins_anew_does_not_block(tmp_path):
    clock = Clock()
    Pace(tmp_path, clock).reserve("a", 1)
    clock.now -= STALE_SECONDS + 100
    assert Pace(tmp_path, clock).reserve("a", 1) == 0


def test_several_processes_share_the_pace_of_a_host(tmp_path):
    code = (
        "import pathlib, sys, time; from newscrawl.pace import Pace\n"
        "seen = []\n"
        "def clock():\n"
        "    seen.append(time.monotonic())\n"
        "    return seen[-1]\n"
        "pace = Pace(pathlib.Path(sys.argv[1]), clock)\n"
        "for _ in range(5):\n"
        "    wait = pace.reserve('a', 0.05)\n"
        "    print(seen[-1] + wait)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    began = time.monotonic()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    turns = sorted(float(turn) for each in running for turn in each.communicate()[0].split())
    assert len(turns) == 15
    assert turns[0] >= began
    assert all(later - earlier > 0.05 - 1e-6 for earlier, later in pairwise(turns))
