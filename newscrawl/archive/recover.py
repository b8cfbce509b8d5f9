"""After a crash: bring the unfinished files of dead writers to a sound end."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive.errors import DamagedArchive, disk_refuses
from newscrawl.archive.layout import finish, finished, open_files
from newscrawl.archive.reader import iterate
from newscrawl.archive.stored import RecordHead
from newscrawl.durable import sync


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of one unfinished file."""

    path: str
    """Its final name, relative to the archive's root."""
    records: tuple[RecordHead, ...]
    """The whole records, kept. Without any the file is gone."""
    cut: int
    """Bytes behind the last whole record, removed."""
    damaged: bool = False
    """Whether they were known to be whole once: then they are kept as they are."""


Known = Callable[[str], int]
"""How many bytes of a file, by its final name, were durable and whole for certain."""


def recover(root: Path, known: Known = lambda _path: 0) -> list[Recovered]:
    """Cut each unfinished file behind its last whole record, and give it its final name.

    Nothing is cut of one that is damaged within what is `known` of it: what lies behind the damage
    counted already. Files whose writer lives are left alone. May be interrupted anywhere and run
    again, and several may run at once. Raise ArchiveError where the disk refuses.
    """
    outcomes = [_recover_file(root, path, known) for path in open_files(root)]
    return [outcome for outcome in outcomes if outcome]


def stale(root: Path) -> list[Path]:
    """The unfinished files that `recover` would mend: their writers are dead."""
    return [path for path in open_files(root) if is_stale(path)]


def is_stale(path: Path) -> bool:
    """Whether nobody writes an unfinished file any more."""
    with _claimed(path) as descriptor:
        return descriptor is not None


def _recover_file(root: Path, path: Path, known: Known) -> Recovered | None:
    try:
        with _claimed(path) as descriptor:
            return None if descriptor is None else _mend(root, path, descriptor, known)
    except OSError as error:
        raise disk_refuses(path, error) from error


def _mend(root: Path, path: Path, descriptor: int, known: Known) -> Recovered:
    records = tuple(_whole_records(path))
    final = str(finished(path).relative_to(root))
    end = records[-1].offset + records[-1].length if records else 0
    if end < known(final):
        finish(path)
        return Recovered(final, records, cut=0, damaged=True)
    cut = os.fstat(descriptor).st_size - end
    if records:
        os.truncate(descriptor, end)
        os.fsync(descriptor)
        finish(path)
    else:
        path.unlink()
        sync(path.parent)
    return Recovered(final, records, cut)


@contextmanager
def _claimed(path: Path) -> Iterator[int | None]:
    """Hold the lock of a dead writer; None where it lives, or another recovery was faster."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        yield None
        return
    try:
        yield descriptor if _lock(descriptor) and path.exists() else None
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _whole_records(path: Path) -> Iterator[RecordHead]:
    try:
        for record in iterate(path):
            yield record.head
    except DamagedArchive:
        return
