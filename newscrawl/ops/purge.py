"""What is to go for one tombstone, and by what it is known wherever it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from newscrawl.archive.stored import StoredRecord
from newscrawl.catalogue import belongings, erasure, listings, quotations, tombstones
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.listings import Listed
from newscrawl.catalogue.withdrawn import RETENTION, Tombstone
from newscrawl.text.traces import Traces


@dataclass(frozen=True, slots=True)
class Purge:
    """What is to go for one tombstone."""

    tombstone: Tombstone
    records: frozenset[str]
    """Record ids of captures."""
    traces: Traces = field(default_factory=Traces)
    """By which a capture is known that nobody has, wherever it lies."""
    near: Traces = field(default_factory=Traces)
    """By which it is known with its own edition: these too, short ones, and names that are common.
    """
    folders: frozenset[str] = frozenset()
    """Of its own editions, and of those that list it."""
    quoted: dict[str, str] = field(default_factory=dict)
    """Captures that say something of it and stay, for they are another article's; with their
    files."""
    since: str | None = None
    """The day before which nothing has what the traces are of, None where there is none."""
    within: str = ""
    """The folder of the archive in which the traces are looked for; empty for all."""
    marks: Sequence[str] = ()
    """Of its addresses."""
    listed: Sequence[Listed] = ()
    """Where editions list it."""

    @classmethod
    def of(cls, view: Transaction, tombstone: Tombstone, ids: Sequence[str]) -> Purge:
        """For the articles of these ids, and whatever else the tombstone covers."""
        marks = tombstones.marks_at(view, tombstone.id)
        records = records_of(view, tombstone, ids, marks)
        if tombstone.category == RETENTION:  # what others print of it stays
            return cls(tombstone, frozenset(records), marks=marks)
        listed = [*listings.of_articles(view, ids), *listings.named_by(view, tombstone)]
        days = [belongings.first_day(view, ids), *(each.day for each in listed)]
        traces = erasure.traces_of(view, ids, listed)
        shared = quotations.shared(view, traces)
        own = traces - shared.common
        return cls(
            tombstone,
            frozenset(records),
            own.telling,
            near=own | erasure.names_of(view, ids, listed),
            folders=frozenset(
                [*belongings.folders_of(view, ids), *(each.folder for each in listed)]
            ),
            quoted=erasure.places(view, shared.reprints - records),
            since=min(filter(None, days), default=None),
            marks=marks,
            listed=listed,
        )

    def renewed(self, view: Transaction, ids: Sequence[str]) -> Purge:
        """With what has been captured meanwhile; to look through all texts again takes long."""
        marks = tombstones.marks_at(view, self.tombstone.id)
        records = records_of(view, self.tombstone, ids, marks)
        return replace(self, records=frozenset(records), marks=marks)

    def is_named_in(self, record: StoredRecord, path: str) -> bool:
        """Whether a record of an archive file prints some of it."""
        return _says(record, self.near if path.startswith(tuple(self.folders)) else self.traces)


def records_of(
    view: Transaction, tombstone: Tombstone, ids: Sequence[str], marks: Sequence[str]
) -> set[str]:
    """The captures that are to go; the texts are not looked through for them."""
    records = belongings.captures_of(view, ids, marks)
    records |= {each for each, its in erasure.unwanted(view).items() if its == tombstone.id}
    if tombstone.kind == "prefix":
        records |= belongings.captures_under(view, tombstone.target)
    elif tombstone.kind == "address":
        records |= belongings.captures_at(view, tombstone.target)
    if tombstone.category == RETENTION:
        records |= belongings.captures_of_day(view, tombstone.paper, tombstone.day)
    return records


def _says(record: StoredRecord, traces: Traces) -> bool:
    """Whether one of the traces is in what a record holds."""
    if not traces:
        return False
    headers = {name.lower(): value for name, value in record.headers} if record.http else {}
    kind = headers.get(b"content-type", record.content_type.encode())
    coding = headers.get(b"content-encoding", b"")
    return traces.in_payload(record.payload, kind.decode("latin-1"), coding.decode("latin-1"))
