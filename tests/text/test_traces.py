"""Pieces of a text are found in whatever writes it down, and what is common is no piece."""

from __future__ import annotations

import gzip
import json

import pytest

from newscrawl.text.traces import Traces

HEADLINE = "巷尾一盏修伞灯"
BODY = "入夜，他才放下手里的篾刀和第三百零七根竹骨。晴天也修。"
MADE = Traces.of([HEADLINE], [BODY])
HTML = f"<html><meta charset=gbk><p>{HEADLINE}</p></html>"


@pytest.mark.parametrize(
    ("payload", "content_type", "coding"),
    [
        (HTML.encode("gb18030"), "text/html; charset=gb2312", ""),
        (gzip.compress(HTML.encode("gb18030")), "text/html", "gzip"),
        (HEADLINE.encode("utf-16"), "text/html", ""),
        (HEADLINE.encode("utf-16-be"), "image/jpeg", ""),
        (json.dumps({"title": HEADLINE}).encode(), "application/json", ""),
        ("".join(f"&#{ord(each)};" for each in HEADLINE).encode(), "text/html", ""),
        ("巷尾一盏<br/>\n　修伞灯".encode(), "text/html; charset=utf-8", ""),
        ('<a title="巷尾一盏修伞灯">…</a>'.encode(), "text/html; charset=utf-8", ""),
        ("他才放下手里的篾刀和第三百零七根竹骨".encode(), "text/plain", ""),
    ],
)
def test_a_piece_is_found(payload, content_type, coding):
    assert MADE.in_payload(payload, content_type, coding)


@pytest.mark.parametrize("text", ["晴天也修", "入夜", "巷尾一盏", "", "\\ud800\\u"])
def test_what_is_short_or_broken_is_no_piece(text):
    assert not MADE.in_payload(text.encode(), "text/html", "gzip")


def test_without_texts_there_is_nothing_to_find():
    assert not Traces.of(["", "短"], [""])
    assert Traces() | MADE == MADE


def test_many_pieces_are_found_as_few_are():
    names = [f"第{number}号渡口恢复通航" for number in range(1000)]
    many = Traces.of(names, [])
    text = "昨日，第 77 号渡口恢复通航，第1000号渡口没有。"
    assert many.held_in(text).pieces == {names[77]}
    assert many.in_text(text)
    assert not many.in_text("第1000号渡口恢复了通航")
