"""A file's records beside the catalogue's rows, thoroughly and at a fraction of the cost."""

from __future__ import annotations

from pathlib import Path

from newscrawl.archive.manifest import ErasedLine
from newscrawl.catalogue.snapshots import Row
from newscrawl.ops.compared import row_faults, rows_of
from tests.archive.manifests import hexed, record

INFO = record(1, type="warcinfo", length=7, url="-")
ERASED = ErasedLine(hexed("erased"), record(4).record_id)
LINES = [INFO, record(2), record(3, type="request"), ERASED, record(5, type="resource")]
ROWS = [
    Row(record(2).record_id, 7, 1002, f"sha256:{hexed('payload 2')}"),
    Row(record(5).record_id, 7 + 1002 + 1003, 1005, f"sha256:{hexed('payload 5')}"),
]


def test_both_ways_expect_the_same_rows():
    assert rows_of([line.text for line in LINES]) == ROWS
    assert list(row_faults(Path("x"), LINES, ROWS)) == []


def test_the_record_at_fault_is_named():
    first, second = ROWS
    wrong = second._replace(offset=5)
    [fault] = row_faults(Path("x"), LINES, [first, wrong])
    assert (fault.problem.record_id, fault.problem.offset) == (second.record_id, second.offset)
    assert fault.problem.what == f"the catalogue has offset 5, the record {second.offset}"
    [missing] = row_faults(Path("x"), LINES, [first])
    assert missing.missing_row
