"""Notes beside the catalogue whose last line a crash has cut: finding and ending that.

Lines are only ever added to them, each synced before it counts; so what is behind the last whole
one was never done.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from newscrawl.archive import removals
from newscrawl.catalogue import tombstone_file
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.tombstone_file import TombstonesUnreadable
from newscrawl.home import Home
from newscrawl.ops.findings import REPAIR, Finding, Mend

_TOLD_BYTES = 8
"""Of one note of what somebody was told."""


def examine(home: Home) -> Iterator[Finding]:
    """To be asked before the catalogue is opened, which has the tombstones written again."""
    for path in _files(home):
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            cut = _cut(home, path, file.fileno())
        if cut:
            what = f"ends with {cut} bytes of a line that was never written to its end"
            yield Finding("home", what, str(path), REPAIR, Mend.TAIL)


def repair(home: Home, findings: Iterable[Finding]) -> Iterator[str]:
    """Cut off what was found, and write down again what the catalogue knows; says what was done.

    A catalogue that is missing or damaged is not opened: a new one would be made. Raises OSError,
    CatalogueError.
    """
    findings = list(findings)
    for finding in findings:
        if finding.mend is Mend.TAIL:
            cut = _cut_off(home, Path(finding.where))
            yield f"{finding.where}: " + (
                f"{cut} bytes of an unfinished line cut" if cut else "whole again"
            )
    if not home.catalogue.exists() or any(each.part == "catalogue" for each in findings):
        return
    before = tombstone_file.names(home.catalogue)
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
        tombstone_file.follow(tx, home.catalogue)
    for each in sorted(tombstone_file.names(home.catalogue) - before):
        yield f"{tombstone_file.beside(home.catalogue)}: {each} written again"


def _cut_off(home: Home, path: Path) -> int:
    """How many bytes; none where the catalogue, being opened, has written it anew."""
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if cut := _cut(home, path, file.fileno()):
            file.truncate(os.fstat(file.fileno()).st_size - cut)
            os.fsync(file.fileno())
        return cut


def tombstones(home: Home) -> set[str] | None:
    """Those that the file beside the catalogue names; None where it cannot be read."""
    try:
        return tombstone_file.names(home.catalogue)
    except (TombstonesUnreadable, OSError):
        return None


def written_again(home: Home, before: set[str] | None) -> Iterator[Finding]:
    """What was not in the file before the catalogue was opened, which mends that by itself."""
    after = tombstones(home)
    if before is not None and after is not None and (lost := after - before):
        what = f"{len(lost)} tombstones were lost from it, and are written again"
        where = str(tombstone_file.beside(home.catalogue))
        yield Finding("takedown", what, where, "look once more: that is all", Mend.TAIL)


def _files(home: Home) -> Iterator[Path]:
    for path in (tombstone_file.beside(home.catalogue), home.root / removals.NOTES):
        if path.is_file():
            yield path
    if home.told.is_dir():
        yield from (path for path in sorted(home.told.iterdir()) if path.is_file())


def _cut(home: Home, path: Path, descriptor: int) -> int:
    """How many bytes at the end of a file belong to nothing whole."""
    size = os.fstat(descriptor).st_size
    if path.parent == home.told:
        return size % _TOLD_BYTES
    held = os.pread(descriptor, size, 0)
    return size - (held.rfind(b"\n") + 1)
