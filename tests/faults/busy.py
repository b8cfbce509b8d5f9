"""A paper of which one run follows the other: `python -m tests.faults.busy HOME PAPER SEED`."""

from __future__ import annotations

import random
import sys
import time
from itertools import count
from pathlib import Path

from newscrawl.catalogue.snapshots import Place
from newscrawl.home import Home
from newscrawl.ops.place import AlreadyRunning, paper_lock
from newscrawl.ops.session import Session
from tests.archive.samples import snapshot

COLUMNS = 6


def column(paper: str, number: int) -> str:
    """The beginning of the addresses of a column."""
    return f"https://{paper}.example/{number}/"


def main(home: Home, paper: str, chance: random.Random) -> None:
    """Pictures of columns, in runs of a second, until it is killed."""
    numbers = count()
    while True:
        try:
            lock = paper_lock(home, paper)
        except AlreadyRunning:  # an erasure has it
            continue
        session = Session(home, paper, None)
        until = time.monotonic() + chance.uniform(0.2, 1.5)
        while time.monotonic() < until:
            url = f"{column(paper, chance.randrange(COLUMNS))}{next(numbers)}.jpg"
            place = Place(paper, f"2023-12-{chance.randrange(10, 20)}", "image")
            session.keep(place, snapshot(url=url, body=b"JPEG"))
            time.sleep(chance.uniform(0, 0.02))
        session.close()
        lock.release()


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])), sys.argv[2], random.Random(sys.argv[3]))
