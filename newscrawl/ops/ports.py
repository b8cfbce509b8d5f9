"""Which of our processes listen on the network: none of a crawl's should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from newscrawl.home import Home

PROC = Path("/proc")
TABLES = ("net/tcp", "net/tcp6")
LISTENING = "0A"


@dataclass(frozen=True, slots=True)
class Process:
    """A process that has this home's catalogue or a lock of it open."""

    pid: int
    ports: tuple[int, ...]
    """TCP ports it listens on."""
    serves: bool
    """Whether it is `newscrawl serve`, which is there to listen."""


def processes(home: Home) -> Iterator[Process]:
    """The processes at work on a home; none where the system has no /proc."""
    listeners = dict(_listeners())
    for folder in PROC.glob("[0-9]*"):
        opened = list(_opened(folder / "fd"))
        if any(_of_home(home, name) for name in opened):
            ports = {listeners[name] for name in opened if name in listeners}
            yield Process(int(folder.name), tuple(sorted(ports)), _serves(folder))


def _of_home(home: Home, name: str) -> bool:
    return name.startswith((str(home.catalogue), f"{home.run}/"))


def _serves(folder: Path) -> bool:
    try:
        words = (folder / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False
    return any(
        program.rpartition(b"/")[2] == b"newscrawl" and command == b"serve"
        for program, command in pairwise(words)
    )


def _opened(folder: Path) -> Iterator[str]:
    """What the descriptors of a process stand for; nothing for one that is not ours, or ended."""
    try:
        for descriptor in folder.iterdir():
            yield str(descriptor.readlink())
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return


def _listeners() -> Iterator[tuple[str, int]]:
    """`socket:[INODE]` and its port, of every listening TCP socket."""
    for table in (PROC / name for name in TABLES):
        lines = table.read_text().splitlines()[1:] if table.exists() else []
        for line in lines:
            _number, local, _remote, state, *_rest, inode = line.split()[:10]
            if state == LISTENING:
                yield f"socket:[{inode}]", int(local.rpartition(":")[2], 16)
