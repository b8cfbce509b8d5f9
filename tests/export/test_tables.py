"""Rows as text: for programs, and for spreadsheets that would run what stands in a cell."""

from __future__ import annotations

import csv
import json
import re
from io import BytesIO

import pytest

from newscrawl.export.rows import Row
from newscrawl.export.tables import inert, write_csv, write_json


def row(**changes):
    values = {
        "id": "hangzhou_daily/2023-12-15/A01/1",
        "paper": "hangzhou_daily",
        "title": "杭州日报",
        "day": "2023-12-15",
        "page": "A01",
        "page_name": "要闻",
        "headline": "渡口恢复通航",
        "kicker": "",
        "subhead": "",
        "reporters": ("林晚舟", "周知行"),
        "correspondents": (),
        "source": "",
        "body": "首班船\n载客三十人。",
        "policy": "full",
        "url": "https://paper.example/1.html",
        "snapshot_time": "2023-12-15T00:45:10.000000+00:00",
        "first_seen": "2023-12-15T00:45:10.000000+00:00",
        "version": 1,
        "record_id": "<urn:uuid:00000001-0000-4000-8000-000000000000>",
        "payload_digest": "sha256:" + "0" * 64,
    }
    return Row(**(values | changes))


def written(write, *rows, **options):
    out = BytesIO()
    write(out, rows, **options)
    return out.getvalue()


def test_json_lines_keep_lists_and_say_nothing_of_what_may_not_go_out():
    first, second = written(write_json, row(), row(body=None)).decode().splitlines()
    assert json.loads(first)["reporters"] == ["林晚舟", "周知行"]
    assert json.loads(first)["body"] == "首班船\n载客三十人。"
    assert json.loads(second)["body"] is None
    assert list(json.loads(first)) == list(Row._fields)


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029", "\n", "\r"])
def test_a_line_of_json_is_one_line_to_every_reader(end):
    made = written(write_json, row(body=f"上{end}下")).decode()
    assert len(made.splitlines()) == 1
    assert json.loads(made)["body"] == f"上{end}下"


def test_csv_is_rfc_4180_with_a_mark_for_spreadsheets():
    made = written(write_csv, row(headline='他说“好”，也说"好", 两次'))
    assert made.startswith(b"\xef\xbb\xbfid,paper,")
    assert made.endswith(b"\r\n")
    header, held = csv.reader(made.decode("utf-8-sig").splitlines(keepends=True))
    assert header == list(Row._fields)
    assert held[header.index("headline")] == '他说“好”，也说"好", 两次'
    assert held[header.index("body")] == "首班船\n载客三十人。"
    assert held[header.index("reporters")] == "林晚舟、周知行"


def test_csv_for_programs_has_no_mark():
    assert written(write_csv, row(), bom=False).startswith(b"id,paper,")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@A1", "＝1", "＋1", "－1", "＠A1", "\t=1", "\r=1", "\n=1", " =1", "　=1"],
)
def test_what_a_spreadsheet_would_run_is_text(text):
    made = written(write_csv, row(headline=text, reporters=(text,), body=text, source=text))
    [held] = csv.DictReader(made.decode("utf-8-sig").splitlines(keepends=True))
    assert {held[each] for each in ("headline", "reporters", "body", "source")} == {f"'{text}"}


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "'90年代", "渡口=桥", "", "，=1"])
def test_the_guard_can_be_taken_away_again(text):
    """A cell that has an apostrophe before a sign had one less; every other is as it was."""
    cell = inert(text)
    guarded = re.match(r"'+\s*[=+@＝＋－＠-]", cell)
    assert (cell[1:] if guarded else cell) == text


def test_csv_leaves_the_file_open_for_who_opened_it():
    out = BytesIO()
    write_csv(out, [row()])
    assert not out.closed
