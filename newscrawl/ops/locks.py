"""Whose end an erasure has to wait for, and keeping others from beginning meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from contextlib import ExitStack

from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.layout import open_files
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops.place import AlreadyRunning, paper_lock, running


class ErasureWaits(NewscrawlError):
    """Something else has to end first. Nobody is shown anything meanwhile."""


class ErasureOpen(NewscrawlError):
    """Erased but for what may be in damaged files."""

    def __init__(self, damaged: Mapping[str, DamagedArchive]) -> None:
        super().__init__("; ".join(map(left_open, damaged.values())))


def left_open(damage: DamagedArchive) -> str:
    """What is said of a file that was passed over."""
    return (
        f"{damage.problem}: what it may have of it is not erased: restore the file from a backup "
        "or remove it, then run `newscrawl takedown --resume`"
    )


class Locks:
    """Those of papers, each once, held until the end."""

    def __init__(self, home: Home, held: ExitStack, ours: Iterable[str] = ()) -> None:
        """`ours`: whose locks this process has already."""
        self._home, self._held, self._ours = home, held, set(ours)

    def take(self, paper: str) -> None:
        """Raises ErasureWaits where a crawl or an import of the paper runs, BeingRestored."""
        if paper in self._ours:
            return
        try:
            self._held.enter_context(paper_lock(self._home, paper))
        except AlreadyRunning:
            raise waits_for(paper) from None
        self._ours.add(paper)

    def others_at_work(self, knowing: Set[str] = frozenset()) -> set[str]:
        """The papers that others write of: their runs may have archived anything before they could
        know what is taken down, and what they have open cannot be rewritten.

        Not those of `knowing`, whose newest run is one that can, where it is that which is at work.
        """
        opened = {file.parts[-3] for file in open_files(self._home.snapshots)}
        locked = running(self._home)
        return (opened | locked) - (locked & knowing) - self._ours


def waits_for(paper: str) -> ErasureWaits:
    """What is said while a run is at work."""
    return ErasureWaits(
        f"{paper}: a crawl runs: shown and told to nobody already; the rest is done when it ends, "
        "or run `newscrawl takedown --resume` then"
    )
