"""A command that ends itself, as a loss of power would, at a change of files of its own choosing.

`python -m tests.faults.ending LOG NUMBER SECONDS WORDS…`: so many seconds after the change of that
number, from 1 on, in what is kept as evidence. LOG gets a line that says after which one it was. So
steps are hit that take a thousandth of a second in a command that takes one.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newscrawl import settings
from newscrawl.cli import main as newscrawl
from newscrawl.ops.sealing import seal

SEAL = "seal-after"
"""`seal-after DAYS`: as if so many days had passed, for the present one is never sealed."""
_EVIDENCE = re.compile(r".*/(manifests/|snapshots/|sealed/|tombstones|removals)(.*)")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main(log: str, number: str, seconds: str, *words: str) -> None:
    """Run it."""
    sys.addaudithook(_hook(Path(log), int(number), float(seconds), words[0]))
    if words[0] == SEAL:
        seal(settings.home(), datetime.now(UTC) + timedelta(days=int(words[1])))
    else:
        sys.argv = ["newscrawl", *words]
        newscrawl()


def _hook(log: Path, number: int, seconds: float, word: str) -> Callable[[str, Any], None]:
    changes = 0

    def end(change: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{word}: {change}\n")
        os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, given: Any) -> None:
        nonlocal changes
        if change := _change(event, given):
            changes += 1
            if changes == number:
                later = threading.Timer(seconds, end, [change])
                later.daemon = True
                later.start()

    return heard


def _change(event: str, given: Any) -> str:
    """`os.rename manifests/.txt.new`; empty for what changes no name of what is kept."""
    writes = event == "open" and isinstance(given[2], int) and given[2] & _WRITING
    if not (writes or event in {"os.rename", "os.remove"}):
        return ""
    found = _EVIDENCE.fullmatch(os.fsdecode(given[0])) if not isinstance(given[0], int) else None
    if found is None:
        return ""
    return f"{event} {found[1]}*.{found[2].rpartition('/')[2].partition('.')[2]}"


if __name__ == "__main__":
    main(*sys.argv[1:])
