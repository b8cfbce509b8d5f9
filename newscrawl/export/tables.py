"""Rows as JSON Lines and as CSV, each written when the one before it is."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from io import TextIOWrapper
from typing import BinaryIO

from newscrawl.export.rows import Row

BOM = "\ufeff"
LIST = "、"
"""Stands between the names in a cell."""

_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
_ENDS = {ord(each): f"\\u{ord(each):04x}" for each in "\x85\u2028\u2029"}
"""What some readers take for the end of a line."""


def write_json(file: BinaryIO, rows: Iterable[Row]) -> None:
    """A JSON object a line, UTF-8; lists are lists, what may not go out is null."""
    for row in rows:
        line = json.dumps(row._asdict(), ensure_ascii=False).translate(_ENDS)
        file.write(f"{line}\n".encode())


def write_csv(file: BinaryIO, rows: Iterable[Row], *, bom: bool = True) -> None:
    """CSV as RFC 4180 has it, UTF-8, a header line first.

    `bom`: with a mark at the beginning, without which Excel takes Chinese for another charset. A
    cell that a spreadsheet would run as a formula has an apostrophe before it.
    """
    text = TextIOWrapper(file, "utf-8", newline="", write_through=True)
    try:
        if bom:
            text.write(BOM)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(Row._fields)
        writer.writerows([_cell(value) for value in row] for row in rows)
    finally:
        text.detach()


def inert(text: str) -> str:
    """A text that no spreadsheet runs: `=1+1` becomes `'=1+1`, and `'=` becomes `''=`."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: str | int | tuple[str, ...] | None) -> str | int:
    match value:
        case int():
            return value
        case None:
            return ""
        case str():
            return inert(value)
    return inert(LIST.join(value))
