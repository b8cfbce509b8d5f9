"""What the catalogue says of a file's records, beside the records themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from newscrawl.archive.errors import Problem
from newscrawl.archive.manifest import ErasedLine, RecordLine
from newscrawl.catalogue.snapshots import Row
from newscrawl.ops.recovery import CAPTURES


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
        if line.type in CAPTURES and row != _row(line, offset):
            what = _difference(line, offset, row) if row else "the catalogue has no row for it"
            yield RowFault(Problem(file, offset, line.record_id, what), row is None)
        offset += line.length
    for row in known.values():
        what = "the catalogue knows a record that is not in the file"
        yield RowFault(Problem(file, row.offset, row.record_id, what), missing_row=False)


def rows_of(lines: Sequence[str]) -> list[Row]:
    """What the catalogue is to say of a file, by the texts of its records' lines in a manifest that
    can be trusted. It is what `row_faults` compares, at a fraction of the cost.
    """
    rows, offset = [], 0
    for text in lines:
        if text.startswith("record "):
            _record, record_id, kind, _time, length, rest = text.split(" ", 5)
            if kind in CAPTURES:
                payload = rest[65:129]  # behind another hash and a blank
                rows.append(Row(record_id, offset, int(length), f"sha256:{payload}"))
            offset += int(length)
    return rows


def _row(line: RecordLine, offset: int) -> Row:
    return Row(line.record_id, offset, line.length, f"sha256:{line.payload}")


def _difference(line: RecordLine, offset: int, row: Row) -> str:
    """`the catalogue has length 12, the record 13`."""
    record = _row(line, offset)
    named = next(name for name in Row._fields if getattr(row, name) != getattr(record, name))
    name = named.replace("_", " ")
    return f"the catalogue has {name} {getattr(row, named)}, the record {getattr(record, named)}"
