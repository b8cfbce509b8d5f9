"""Covering what logs say of something that is erased."""

from __future__ import annotations

from pathlib import Path

from newscrawl.home import Home
from newscrawl.text.traces import Traces

_COVER = ord("#")


def cover_logs(home: Home, traces: Traces) -> None:
    """Overwrite what logs say of it: in place, for others go on writing to them."""
    for log in sorted(home.logs.glob("*")):
        if log.is_file() and traces:
            _cover(log, traces)


def _cover(log: Path, traces: Traces) -> None:
    with log.open("r+b") as file:
        while line := file.readline():
            if traces.in_bytes(line) or traces.in_text(line.decode("utf-8", "replace")):
                end = file.tell()
                file.seek(end - len(line))
                file.write(bytes([_COVER]) * len(line.rstrip(b"\n")))
                file.seek(end)
