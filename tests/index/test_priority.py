"""Whoever indexes gives way, once."""

from __future__ import annotations

import os
import subprocess
import sys

SAY = (
    "import os; from newscrawl.index.priority import give_way; give_way(); give_way(); "
    "print(os.getpriority(os.PRIO_PROCESS, 0))"
)


def test_a_process_gives_way_and_no_further_when_it_does_so_again():
    assert said("nice", "-n", "0") == str(max(ours(), 10))


def test_one_that_is_behind_already_stays_where_it_is():
    assert said("nice", "-n", "12") == str(min(ours() + 12, 19))


def said(*before):
    words = [*before, sys.executable, "-c", SAY]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def ours():
    return os.getpriority(os.PRIO_PROCESS, 0)
