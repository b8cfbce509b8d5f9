"""After a run that was cut off: whole records are kept and catalogued, cut tails removed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Set
from datetime import datetime
from pathlib import Path

from newscrawl.archive.errors import DamagedArchive, disk_refuses
from newscrawl.archive.layout import archive_files, half_copied
from newscrawl.archive.reader import iterate
from newscrawl.archive.recover import Recovered
from newscrawl.archive.recover import recover as recover_archive
from newscrawl.archive.stored import RecordHead
from newscrawl.catalogue import runs, snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.ops.place import BeingRestored, restore_lock
from newscrawl.text.dates import iso

_log = logging.getLogger(__name__)


def recover(home: Home, catalogue: Catalogue) -> list[Recovered]:
    """Close the archive files of dead runs, and catalogue the captures that only they know.

    What the catalogue knows was durable: where it is damaged since, nothing is cut. What a restore
    that was killed has left half copied goes. Raises ArchiveError, CatalogueError.
    """
    _sweep(home)

    def known(path: str) -> int:
        with catalogue.read() as view:
            return snapshots.end_of(view, path)

    recovered = recover_archive(home.snapshots, known)
    for file in recovered:
        _catalogue(catalogue, file.path, file.records)
    return recovered


def _sweep(home: Home) -> None:
    """Remove what is half copied. No restore begins meanwhile: it would lose what it copies; while
    one is at work nothing is swept.
    """
    if not half_copied(home.snapshots):
        return  # so that a lock which others ask for is taken for a reason alone
    try:
        with restore_lock(home):
            for copy in half_copied(home.snapshots):
                copy.unlink(missing_ok=True)
    except BeingRestored:
        return
    except OSError as error:
        raise disk_refuses(home.snapshots, error) from error


def adopt(home: Home, catalogue: Catalogue, path: str) -> None:
    """Catalogue the captures that only the finished archive file `path` knows.

    A run may be killed after it has finished its files and before their last rows are written.
    Raises DamagedArchive for a file that is not sound.
    """
    heads = [record.head for record in iterate(home.snapshots / path)]
    _catalogue(catalogue, path, heads)


def adopt_after_kill(home: Home, catalogue: Catalogue, paper: str) -> None:
    """Adopt what a killed run of this paper had finished before its last rows were written."""
    with catalogue.read() as connection:
        since = runs.killed_since(connection, paper)
        rows = snapshots.counts_by_file(connection) if since else {}
    if since is None:
        return
    stamp = f"{datetime.fromisoformat(since):%Y%m%dT%H%M%S}"
    for file in archive_files(home.snapshots):
        path = str(file.relative_to(home.snapshots))
        mine = path.startswith(f"{paper}/") and file.name >= stamp
        try:
            if mine and rows.get(path, 0) < _captures(file):
                adopt(home, catalogue, path)
        except FileNotFoundError:  # an erasure was faster
            continue
        except DamagedArchive as damage:
            _log.warning("%s: run `newscrawl doctor`", damage)


def adopt_all(home: Home, catalogue: Catalogue, at_work: Set[str]) -> None:
    """Adopt what no run has come to adopt yet: of papers whose run was killed, and whole files that
    an older copy of the catalogue does not know. `at_work`: papers that see to it themselves.
    """
    with catalogue.read() as view:
        killed = runs.running(view)
        known = snapshots.counts_by_file(view)
    for paper in killed - at_work:
        adopt_after_kill(home, catalogue, paper)
    for file in archive_files(home.snapshots):
        path = str(file.relative_to(home.snapshots))
        if path not in known and path.partition("/")[0] not in at_work:
            _adopt_sound(home, catalogue, path)


def _adopt_sound(home: Home, catalogue: Catalogue, path: str) -> None:
    try:
        adopt(home, catalogue, path)
    except FileNotFoundError:  # an erasure was faster
        return
    except DamagedArchive as damage:
        _log.warning("%s: run `newscrawl doctor`", damage)


def _captures(file: Path) -> int:
    return sum(record.head.type in CAPTURES for record in iterate(file))


CAPTURES = frozenset({"response", "resource"})
"""The types of records that the catalogue has a row for."""


def _catalogue(catalogue: Catalogue, path: str, records: Iterable[RecordHead]) -> None:
    rows = [_row(path, stored) for stored in records if stored.type in CAPTURES]
    with catalogue.write() as connection:
        snapshots.add_all(connection, rows)


def _row(path: str, stored: RecordHead) -> dict[str, object]:
    paper, day, _name = path.split("/")
    return {
        "record_id": stored.record_id,
        "kind": snapshots.ADOPTED,
        "paper": paper,
        "day": day,
        "requested_url": stored.url,
        "url": stored.url,
        "captured_at": iso(stored.date),
        "status": stored.status or 200,
        "path": path,
        "offset": stored.offset,
        "length": stored.length,
        "payload_digest": stored.payload_digest,
    }
