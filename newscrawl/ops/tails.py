"""Notes beside the catalogue whose last line a crash has cut: finding and ending that.

Lines are only ever added to them, each synced before it counts; so what is behind the last whole
one was never done. A line that lacks but its break is whole where its checksum or signature is
right, and kept.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from newscrawl import jsonl
from newscrawl.archive import removals
from newscrawl.catalogue import tombstone_file, tombstone_lines
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.tombstone_file import TombstonesUnreadable
from newscrawl.home import Home
from newscrawl.ops.findings import REPAIR, Finding, Mend

WRITTEN: Mapping[str, jsonl.IsWhole] = {
    tombstone_file.NAME: tombstone_lines.is_written,
    removals.NOTES: removals.is_written,
}
"""By the name of a file: whether a line of it was written to its end."""
_TOLD_BYTES = 8
"""Of one note of what somebody was told."""


def examine(home: Home) -> Iterator[Finding]:
    """To be asked before the catalogue is opened, which has the tombstones written again."""
    for path in _notes(home):
        whole, rest = jsonl.parted(path, WRITTEN[path.name])
        if rest:
            what = f"ends with {len(rest)} bytes of a line that was never written to its end"
            if whole and rest.startswith(whole[-1]):
                what = "the line break behind its last line is missing, or was changed"
            yield Finding("home", what, str(path), REPAIR, Mend.TAIL)
    for path in _told(home):
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            cut = os.fstat(file.fileno()).st_size % _TOLD_BYTES
        if cut:
            what = f"ends with {cut} bytes of a line that was never written to its end"
            yield Finding("home", what, str(path), REPAIR, Mend.TAIL)


def repair(home: Home, findings: Iterable[Finding]) -> Iterator[str]:
    """End what was found, and write down again what the catalogue knows; says what was done.

    A catalogue that is missing or damaged is not opened: a new one would be made. Raises OSError,
    CatalogueError.
    """
    findings = list(findings)
    for finding in findings:
        if finding.mend is Mend.TAIL:
            yield f"{finding.where}: {_end(Path(finding.where))}"
    if not home.catalogue.exists() or any(each.part == "catalogue" for each in findings):
        return
    before = tombstone_file.names(home.catalogue)
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
        tombstone_file.follow(tx, home.catalogue)
    for each in sorted(tombstone_file.names(home.catalogue) - before):
        yield f"{tombstone_file.beside(home.catalogue)}: {each} written again"


def _end(path: Path) -> str:
    """What was done; nothing where the catalogue, being opened, has written it anew."""
    is_whole = WRITTEN.get(path.name)
    ended = jsonl.end(path, is_whole) if is_whole else jsonl.Ended(_cut_off(path), broken=False)
    if ended.broken:
        return "its last line has its break again"
    return f"{ended.cut} bytes of an unfinished line cut" if ended.cut else "whole again"


def _cut_off(path: Path) -> int:
    """How many bytes, of a file of what somebody was told."""
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = os.fstat(file.fileno()).st_size
        if cut := size % _TOLD_BYTES:
            file.truncate(size - cut)
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


def _notes(home: Home) -> Iterator[Path]:
    for path in (tombstone_file.beside(home.catalogue), home.root / removals.NOTES):
        if path.is_file():
            yield path


def _told(home: Home) -> Iterator[Path]:
    if home.told.is_dir():
        yield from (path for path in sorted(home.told.iterdir()) if path.is_file())
