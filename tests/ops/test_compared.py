"""A file's records beside the catalogue's rows, thoroughly and at a fraction of the cost."""

from __future__ import annotations

from pathlib import Path

from newscrawl.archive.manifest_lines import ErasedLine
from newscrawl.catalogue.snapshots import Row
from newscrawl.ops.compared import row_faults, told_of
from tests.archive.manifests import hexed, record

INFO = record(1, type="warcinfo", length=7, url="-")
ERASED = ErasedLine(hexed("erased"), record(4).record_id)
LINES = [INFO, record(2), record(3, type="request"), ERASED, record(5, type="resource")]
TIME = "2023-12-15T01:02:03.004567+00:00"
ROWS = [
    Row(record(2).record_id, 7, 1002, TIME, f"sha256:{hexed('payload 2')}", record(2).url),
    Row(
        record(5).record_id,
        7 + 1002 + 1003,
        1005,
        TIME,
        f"sha256:{hexed('payload 5')}",
        record(5).url,
    ),
]


def test_both_ways_expect_the_same_rows():
    told = "\n".join(" ".join(map(str, row)) for row in ROWS)
    assert told_of([line.text for line in LINES]) == (2, told)
    assert list(row_faults(Path("x"), LINES, ROWS)) == []


def test_the_record_at_fault_is_named():
    first, second = ROWS
    wrong = second._replace(offset=5)
    [fault] = row_faults(Path("x"), LINES, [first, wrong])
    assert (fault.problem.record_id, fault.problem.offset) == (second.record_id, second.offset)
    assert fault.problem.what == f"the catalogue has offset 5, the record {second.offset}"
    [missing] = row_faults(Path("x"), LINES, [first])
    assert missing.missing_row


def test_an_address_is_compared_as_a_record_has_it():
    lines = [record(2, url="https://paper.example/%E6%B8%A1%E5%8F%A3")]
    row = ROWS[0]._replace(offset=0, url="https://paper.example/渡口")
    assert list(row_faults(Path("x"), lines, [row])) == []
    [fault] = row_faults(Path("x"), lines, [row._replace(url="https://paper.example/桥")])
    assert "has url https://paper.example/桥" in fault.problem.what
