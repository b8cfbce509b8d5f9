"""Making the data directory ready for a run, or saying why it is not."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from filelock import FileLock, Timeout

from newscrawl.alerts.client import deliverer_lock, matcher_lock
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index.store import Store

PATIENCE = 0.3
"""Seconds for which a run wants its lock: `is_running` has it for a moment."""
POLL = 0.02
"""Seconds between two tries."""

_RESTORED = "a backup is being put back: run again when that has ended"


class HomeUnusable(NewscrawlError):
    """Data cannot be kept where it should be."""


class AlreadyRunning(NewscrawlError):
    """Another run of this paper is at work; nothing is wrong."""

    status = 0


class BeingRestored(NewscrawlError):
    """A backup is being put back: nothing was done, and nothing can be begun until that ends."""

    def __init__(self, home: Home) -> None:
        super().__init__(f"{home.root}: {_RESTORED}")


def prepare(home: Home, free_megabytes: int) -> None:
    """Create the folders of a home. Raises HomeUnusable where they cannot be written, or where
    less than `free_megabytes` are free.
    """
    for directory in home.folders:
        _make(directory)
    free = free_space(home)
    if free < free_megabytes:
        raise HomeUnusable(
            f"{home.root}: {free} MB free, {free_megabytes} MB needed: make room, or lower "
            "NEWSCRAWL_FREE_SPACE_MB"
        )


def free_space(home: Home) -> int:
    """Megabytes free where the home lies, or will lie."""
    return free_bytes(home) // 2**20


def free_bytes(home: Home) -> int:
    """The same in bytes."""
    place = next(each for each in (home.root, *home.root.parents) if each.exists())
    return shutil.disk_usage(place).free


def paper_lock(home: Home, paper: str) -> FileLock:
    """The lock of a paper, taken. Raises AlreadyRunning if another run has it, BeingRestored
    while a backup is put back.

    The kernel lets go of it when the process ends, however it ends.
    """
    return _unless_restored(home, _taken(_lock_path(home, paper), f"{paper}: already running"))


def watch_lock(home: Home) -> FileLock:
    """The lock of whoever watches a home's papers, taken. Raises AlreadyRunning."""
    return _taken(_watch_path(home), f"{home.root}: already watched")


def seal_lock(home: Home) -> FileLock:
    """The lock of whoever seals a home's days, taken. Raises AlreadyRunning, BeingRestored,
    HomeUnusable.
    """
    _make(home.run)
    lock = _taken(home.run / ".seal.lock", f"{home.root}: already being sealed")
    return _unless_restored(home, lock)


def restore_lock(home: Home) -> FileLock:
    """The lock of whoever puts a backup back, taken: from then on nobody begins to crawl or to
    seal; who does already is `at_work`. Raises BeingRestored.
    """
    try:
        return _taken(_restore_path(home), "")
    except AlreadyRunning:
        raise BeingRestored(home) from None


def _unless_restored(home: Home, lock: FileLock) -> FileLock:
    """A lock that was taken, kept unless a backup is put back. Raises BeingRestored.

    Asked afterwards: who puts it back takes that lock first, and then looks for these. Asked for a
    while, as whoever removes what a restore has left has the lock for a moment.
    """
    ends = time.monotonic() + PATIENCE
    while is_restored(home):
        if time.monotonic() > ends:
            lock.release()
            raise BeingRestored(home)
        time.sleep(POLL)
    return lock


def _taken(path: Path, otherwise: str) -> FileLock:
    lock = FileLock(path, timeout=PATIENCE, poll_interval=POLL)
    try:
        lock.acquire()
    except Timeout:
        raise AlreadyRunning(otherwise) from None
    return lock


def is_running(home: Home, paper: str) -> bool:
    """Whether a run holds the paper's lock. Asking takes nothing from whoever wants it."""
    return _is_held(_lock_path(home, paper))


def is_restored(home: Home) -> bool:
    """Whether somebody puts a backup back. Asking takes nothing, as above."""
    return _is_held(_restore_path(home))


def is_watched(home: Home) -> bool:
    """Whether somebody watches the home's papers. Asking takes nothing, as above."""
    return _is_held(_watch_path(home))


def is_indexing(home: Home) -> bool:
    """Whether an indexer, or a rebuild, has the index to itself. Asking takes nothing, as above."""
    return _is_held(Store.of(home).lock)


def is_matching(home: Home) -> bool:
    """Whether somebody matches. Asking takes nothing, as above."""
    return _is_held(matcher_lock(home))


def running(home: Home) -> set[str]:
    """The papers that are crawled or imported. Asking takes nothing, as above."""
    others = {matcher_lock(home), deliverer_lock(home)}
    locks = {each for each in home.run.glob("*.lock") if not each.name.startswith(".")}
    return {lock.stem for lock in locks - others if _is_held(lock)}


def at_work(home: Home) -> list[str]:
    """What is at work in a home: a paper that is crawled, the indexer, matcher, watch."""
    locks = [*sorted(set(home.run.glob("*.lock")) - {_restore_path(home)}), Store.of(home).lock]
    return [lock.stem.strip(".") for lock in locks if _is_held(lock)]


def _is_held(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    except PermissionError:
        return True  # another user's: what the catalogue says is believed
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock_path(home: Home, paper: str) -> Path:
    return home.run / f"{paper}.lock"


def _restore_path(home: Home) -> Path:
    return home.run / ".restore.lock"


def _watch_path(home: Home) -> Path:
    return home.run / ".watch.lock"  # no paper's name begins with a dot


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryFile(dir=directory):  # of our own: others may look at the same moment
            pass
    except OSError as error:
        raise cannot_write(directory, error) from error


@contextmanager
def explained(home: Home) -> Iterator[None]:
    """What is erased lies in many places of a home, and one of them may refuse: HomeUnusable."""
    try:
        yield
    except OSError as error:
        raise cannot_write(Path(error.filename or home.root), error) from error


def cannot_write(directory: Path, error: OSError) -> HomeUnusable:
    """What is said of a folder of a home that is not to be written."""
    return HomeUnusable(
        f"{directory}: cannot be written ({error.strerror}): check its owner and mode, or "
        "set NEWSCRAWL_HOME to another directory"
    )
