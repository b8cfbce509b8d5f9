"""Erasures in a house that never rests, in which runs and erasures are killed -9."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest

from newscrawl.archive.layout import archive_files
from newscrawl.archive.reader import iterate
from newscrawl.catalogue import tombstones
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import erasing
from newscrawl.ops.verification import verify
from newscrawl.text.address import address
from tests.crawls import Newsroom
from tests.faults.busy import COLUMNS, column
from tests.faults.rounds import rounds
from tests.homes import small_home

pytestmark = pytest.mark.fault
PAPERS = ("aaa_daily", "zzz_daily")


@contextmanager
def busy(home, paper, seed):
    words = [sys.executable, "-m", "tests.faults.busy", str(home.root), paper, f"{seed}"]
    process = subprocess.Popen(words)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def states(home):
    """By the beginning of addresses, how far its erasure has come."""
    with closing(Catalogue.open(home.catalogue)) as held, held.read() as view:
        return {each.target: each.state for each in tombstones.listed(view)}


def left(home):
    """Of what is said to be erased: the addresses that finished files have."""
    gone = tuple(start for start, state in states(home).items() if state == "done")
    return [
        record.url
        for file in archive_files(home.snapshots)
        for record in iterate(file)
        if address(record.url).startswith(gone or ("nothing",))
    ]


@pytest.mark.parametrize("number", rounds(1, 10))
def test_i5_erasures_come_to_their_end_in_a_house_that_never_rests(tmp_path, number):
    chance, home = random.Random(number), small_home(tmp_path / "home")
    room = Newsroom(home.root)
    ordered = [column(paper, each) for each in range(2) for paper in PAPERS]
    with busy(home, PAPERS[0], number), busy(home, PAPERS[1], number + 1):
        for start in ordered:
            with busy(home, PAPERS[chance.randrange(2)], start):  # another that waits for its turn
                time.sleep(1)
                order = room.start(
                    "newscrawl", "takedown", "--prefix", start, "--scope", "erase", "--reason", "x"
                )
                time.sleep(chance.uniform(1, 3))
                order.kill()
                order.communicate()
        known = states(home)
        assert known
        deadline = time.monotonic() + 60
        while set(states(home).values()) != {"done"} and time.monotonic() < deadline:
            time.sleep(0.2)
        assert set(states(home).values()) == {"done"}, "no run had to end for all of them"
    with closing(Catalogue.open(home.catalogue)) as held:
        erasing.resume(home, held)
        assert left(home) == []
        kept = {record.url for file in archive_files(home.snapshots) for record in iterate(file)}
        assert any(each.startswith(column(PAPERS[0], COLUMNS - 1)) for each in kept)
        assert verify(home, held).sound
