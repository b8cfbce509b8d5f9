"""After a run that was cut off: whole records are kept and catalogued, cut tails removed."""

from __future__ import annotations

from newscrawl.archive.recover import Recovered
from newscrawl.archive.recover import recover as recover_archive
from newscrawl.archive.stored import RecordHead
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.text.dates import iso

ADOPTED = "adopted"
"""The kind of a capture whose row was lost with the run that made it."""


def recover(home: Home, catalogue: Catalogue) -> list[Recovered]:
    """Close the archive files of dead runs, and catalogue the captures that only they know."""
    recovered = recover_archive(home.snapshots)
    for file in recovered:
        rows = [_row(file, stored) for stored in file.records if stored.type in _CAPTURES]
        with catalogue.write() as connection:
            snapshots.add_all(connection, rows)
    return recovered


_CAPTURES = frozenset({"response", "resource"})


def _row(file: Recovered, stored: RecordHead) -> dict[str, object]:
    paper, day, _name = file.path.split("/")
    return {
        "record_id": stored.record_id,
        "kind": ADOPTED,
        "paper": paper,
        "day": day,
        "requested_url": stored.url,
        "url": stored.url,
        "captured_at": iso(stored.date),
        "status": stored.status or 200,
        "path": file.path,
        "offset": stored.offset,
        "length": stored.length,
        "payload_digest": stored.payload_digest,
    }
