"""Pieces of a text are found in whatever writes it down, and what is common is no piece."""

from __future__ import annotations

import gzip
import json
import time

import pytest

from newscrawl.text import finders
from newscrawl.text.traces import Traces

HEADLINE = "巷尾一盏修伞灯"
BODY = "入夜，他才放下手里的篾刀和第三百零七根竹骨。晴天也修。"
MADE = Traces.of([HEADLINE], [BODY])
HTML = f"<html><meta charset=gbk><p>{HEADLINE}</p></html>"


@pytest.mark.parametrize(
    ("payload", "content_type", "coding"),
    [
        (HTML.encode("gb18030"), "text/html; charset=gb2312", ""),
        (gzip.compress(HTML.encode("gb18030"), mtime=0), "text/html", "gzip"),
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


@pytest.mark.parametrize("few", [finders.FEW, 0])
def test_many_pieces_are_found_as_few_are(monkeypatch, few):
    monkeypatch.setattr(finders, "FEW", few)
    finders.finder.cache_clear()
    names = [f"第{number}号渡口恢复通航" for number in range(1000)]
    many = Traces.of([*names, "ferry7"], [])
    text = "昨日，第 77 号渡口恢复通航，第1000号渡口没有。"
    assert many.held_in(text).pieces == {names[77]}
    assert many.in_text(text)
    assert not many.in_text("第1000号渡口恢复了通航")
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        assert many.in_bytes(b"\xff" + names[77].encode(encoding) + b"\x00")
    assert many.in_bytes(b"<ferry7>")
    assert not many.in_bytes("第1000号渡口恢复了通航".encode())
    finders.finder.cache_clear()


def test_pieces_that_overlap_are_all_found():
    made = Traces.of(["渡口恢复通航", "第七号渡口恢复通航"], [])
    assert made.held_in("第七号渡口恢复通航了") == made


def test_a_text_with_half_a_character_is_looked_through():
    assert MADE.in_text(f"\ud83d{HEADLINE}")


def test_looking_takes_no_longer_for_many_pieces_than_for_few():
    """One by one, a thousand articles took two seconds of a page."""
    page = ("渡口昨日恢复通航首班船载客三十人码头上挤满了等候的市民。" * 300).encode()

    def seconds(pieces):
        many = Traces(frozenset(f"第{each}号码头今日停航检修" for each in range(pieces)))
        assert not many.in_bytes(page)
        begun = time.perf_counter()
        assert not many.in_bytes(page)
        return time.perf_counter() - begun

    assert seconds(20_000) < 0.5


def test_a_short_heading_tells_nothing_by_itself():
    made = Traces.of(["今天天气预报", HEADLINE + "三百年"], [BODY])
    assert made.telling == Traces.of([HEADLINE + "三百年"], [BODY])
