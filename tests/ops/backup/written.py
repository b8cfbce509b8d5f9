"""Captures that a test archives and catalogues by hand, as a crawl does one after the other."""

from __future__ import annotations

import json
from pathlib import Path

from newscrawl.archive.reader import read_record
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.schema import snapshots as rows
from newscrawl.catalogue.snapshots import Place
from newscrawl.home import Home
from newscrawl.items import Record
from tests.archive.samples import snapshot
from tests.makers import DAY, PAPER

PLACE = Place(PAPER, DAY, "article")


def capture(home: Home, writer: ArchiveWriter, text: str, *, known: bool = True) -> Record:
    """Archive a page; where it is to be known, it is catalogued too."""
    page = snapshot(url=f"https://example.com/{text}", body=text.encode() * 50)
    record = writer.write(PLACE.folder, page).result()
    if known:
        catalogue = Catalogue.open(home.catalogue)
        with catalogue.write() as tx:
            snapshots.add_all(tx, [snapshots.row(PLACE, page, record)])
        catalogue.close()
    return record


def unreadable(home: Home) -> list[str]:
    """The catalogue's captures whose records cannot be read."""
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.read() as view:
        every = view.execute(rows.select()).all()
    catalogue.close()
    assert every
    return [
        each.record_id
        for each in every
        if read_record(home.snapshots, each.path, each.offset).record_id != each.record_id
    ]


def erase(home: Home, record: Record) -> None:
    """As a takedown leaves it: the file is written anew under another name, the note is there."""
    old = home.snapshots / record.path
    fresh = str(Path(record.path).with_name("20991231T000000000000Z-00000000.warc.gz"))
    (home.snapshots / fresh).write_bytes(old.read_bytes()[: record.offset])
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        tx.execute(rows.delete().where(rows.c.record_id == record.record_id))
        tx.execute(rows.update().where(rows.c.path == record.path).values(path=fresh))
    catalogue.close()
    old.unlink()
    with (home.root / "removals.jsonl").open("a") as notes:
        notes.write(json.dumps({"records": [record.record_id], "scope": "erase"}) + "\n")
