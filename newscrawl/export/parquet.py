"""Rows as Parquet: the only importer of pyarrow, which is optional."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from newscrawl.errors import NewscrawlError
from newscrawl.export.rows import Row

GROUP = 2_000
"""Rows in memory at once."""
_LISTS, _TIMES = ("reporters", "correspondents"), ("snapshot_time", "first_seen")


class NoParquet(NewscrawlError):
    """The library is not there."""


def require_parquet() -> None:
    """Raises NoParquet where nothing can be written."""
    _library()


def write_parquet(file: BinaryIO, rows: Iterable[Row], about: Mapping[str, Any]) -> None:
    """Write rows; `about` stands in the file's metadata, as JSON. Raises NoParquet."""
    arrow = _library()
    from pyarrow.parquet import ParquetWriter

    said = {"newscrawl": json.dumps(about, ensure_ascii=False)}
    schema = arrow.schema([(name, _type(arrow, name)) for name in Row._fields], said)
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for some in _groups(rows):
            writer.write_table(arrow.Table.from_pylist(some, schema))


def _groups(rows: Iterable[Row]) -> Iterator[list[dict[str, Any]]]:
    waiting = map(_values, rows)
    while some := list(islice(waiting, GROUP)):
        yield some


def _values(row: Row) -> dict[str, Any]:
    return row._asdict() | {name: datetime.fromisoformat(getattr(row, name)) for name in _TIMES}


def _type(arrow: Any, name: str) -> Any:
    if name in _LISTS:
        return arrow.list_(arrow.string())
    if name in _TIMES:
        return arrow.timestamp("us", "UTC")
    return arrow.int32() if name == "version" else arrow.string()


def _library() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise NoParquet(
            "Parquet needs pyarrow: `pip install --require-hashes -r requirements/parquet.txt`, "
            "or choose --format jsonl or csv"
        ) from None
    return pyarrow
