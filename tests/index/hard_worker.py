"""A worker whose searches are as bad as they get: what is asked for says how."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from newscrawl.index.bounds import Bounds, seconds
from newscrawl.index.serving import serve

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def answer(asked: str) -> float:
    """The process that answered, if it gets that far."""
    match asked:
        case "spin":  # C code that never lets go of the interpreter
            re.match(r"(a+)+$", "a" * 64 + "b")
        case "query":
            sqlite3.connect(":memory:").execute(ENDLESS).fetchall()
        case "fill":
            held = [bytearray(1 << 24) for _ in range(1 << 10)]
            return len(held)
        case "large answer":
            return ["临空"[:1] * (1 << 20) + str(number) for number in range(150)]
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "gone":
            os._exit(7)
        case "how long":
            return seconds()
    return os.getpid()


if __name__ == "__main__":
    home, pipe, _, longest, _, megabytes = sys.argv[1:]
    if Path(home, "slow").exists():
        time.sleep(3)
    serve(Connection(int(pipe.partition("=")[2])), answer, Bounds(float(longest), int(megabytes)))
