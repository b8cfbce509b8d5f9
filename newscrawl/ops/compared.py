"""What the catalogue says of a file's records, beside the records themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from newscrawl.archive.errors import Problem
from newscrawl.archive.manifest_lines import ERASED_FIRST, NO_URL, ErasedLine, RecordLine
from newscrawl.archive.records import target_uri
from newscrawl.catalogue.snapshots import Row
from newscrawl.ops.recovery import CAPTURES

_STORED = len(f"{sha256().hexdigest()} ")
"""Characters of a record's line before the hash of its payload and its address."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row and a record that do not belong together."""

    problem: Problem
    missing_row: bool
    """Whether only the archive knows the record: that can be mended."""


def row_faults(
    file: Path, lines: Sequence[RecordLine | ErasedLine], rows: Sequence[Row]
) -> Iterator[RowFault]:
    """Where the catalogue's rows of a file are not those of its records, which are these."""
    known = {row.record_id: row for row in rows}
    offset = 0
    for line in lines:
        row = known.pop(line.record_id, None)
        if isinstance(line, ErasedLine):
            continue
        if line.type in CAPTURES and (what := _difference(line, offset, row)):
            yield RowFault(Problem(file, offset, line.record_id, what), row is None)
        offset += line.length
    for row in known.values():
        what = "the catalogue knows a record that is not in the file"
        yield RowFault(Problem(file, row.offset, row.record_id, what), missing_row=False)


def told_of(lines: Sequence[str]) -> tuple[int, str] | None:
    """How many captures the catalogue is to know of a file, and the text of `snapshots.told`, by
    the texts of the records' lines in a manifest that can be trusted; None where one is no such
    line.

    It is what `row_faults` compares, at a fraction of the cost; an address that is not ASCII is
    another here, and rows that came in another order, and for `row_faults` to judge.
    """
    rows, offset = [], 0
    try:
        for text in lines:
            if not text.startswith(ERASED_FIRST):
                _record, record_id, kind, time, length, rest = text.split(" ", 5)
                if kind in CAPTURES:
                    held = f"{time[:-1]}+00:00 sha256:{rest[_STORED:]}"
                    rows.append(f"{record_id} {offset} {length} {held}")
                offset += int(length)
    except ValueError:
        return None
    return len(rows), "\n".join(rows)


def _row(line: RecordLine, offset: int) -> Row:
    """As the catalogue is to have it, with the address as a record has it."""
    time, payload = f"{line.time[:-1]}+00:00", f"sha256:{line.payload}"
    return Row(line.record_id, offset, line.length, time, payload, line.url)


def _difference(line: RecordLine, offset: int, row: Row | None) -> str:
    """`the catalogue has length 12, the record 13`; empty where they agree."""
    if row is None:
        return "the catalogue has no row for it"
    record, known = _row(line, offset), row._replace(url=target_uri(row.url) or NO_URL)
    named = (name for name in Row._fields if getattr(known, name) != getattr(record, name))
    if (name := next(named, None)) is None:
        return ""
    said, true = getattr(row, name), getattr(record, name)
    return f"the catalogue has {name.replace('_', ' ')} {said}, the record {true}"
