from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from io import BytesIO

import pyarrow
import pytest
from pyarrow import parquet

from newscrawl.export.parquet import GROUP, NoParquet, require_parquet, write_parquet
from newscrawl.export.rows import Row
from tests.export.test_tables import row


def test_rows_come_back_with_their_types(tmp_path):
    out = BytesIO()
    write_parquet(out, [row(), row(body=None, version=2)], {"title": "渡口"})
    held = parquet.read_table(BytesIO(out.getvalue()))
    assert held.column_names == list(Row._fields)
    assert held.schema.field("snapshot_time").type == pyarrow.timestamp("us", "UTC")
    assert json.loads(held.schema.metadata[b"newscrawl"]) == {"title": "渡口"}
    first, second = held.to_pylist()
    assert first["reporters"] == ["林晚舟", "周知行"]
    assert first["snapshot_time"] == datetime(2023, 12, 15, 0, 45, 10, tzinfo=UTC)
    assert (second["body"], second["version"]) == (None, 2)


def test_rows_are_written_in_groups(tmp_path):
    out = BytesIO()
    write_parquet(out, (row(version=number) for number in range(GROUP + 1)), {})
    held = parquet.ParquetFile(BytesIO(out.getvalue()))
    assert held.num_row_groups == 2
    assert held.read(["version"])["version"].to_pylist() == list(range(GROUP + 1))


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NoParquet, match=r"requirements/parquet\.txt"):
        require_parquet()
