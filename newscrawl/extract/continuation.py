"""Where an article goes on, or where it began: 下转A02版, 上接第一版."""

from __future__ import annotations

import re
from collections.abc import Iterable

NEAR = 60
"""Characters from either end of a paragraph in which an unbracketed reference may stand."""


def read_continuation(paragraphs: Iterable[str]) -> str:
    """The first reference to another page, as printed without its parentheses; else empty.

    It stands in parentheses, or alone at the beginning or end of a paragraph: “书上接着写道” and
    “线上接受采访” are none.
    """
    found = (_reference(paragraph.strip()) for paragraph in paragraphs if "版" in paragraph)
    return next(filter(None, found), "")


def _reference(paragraph: str) -> str:
    match = (
        _IN_BRACKETS.search(paragraph)
        or _AT_START.match(paragraph)
        or _AT_END.search(paragraph[-NEAR:])
    )
    return match[1].strip() if match else ""


_PAGE = r"[下上][转接]\s?第?\s?(?:[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s?版"
_MARKS = r"[\s▲△▶►▷→←◀◄◁]*"
_IN_BRACKETS = re.compile(rf"[（(【]{_MARKS}({_PAGE}[^（()）】]{{0,20}})[)）】]")
_AT_START = re.compile(rf"{_MARKS}({_PAGE})(?=[\s▲▶►→◀◄]|$)")
_AT_END = re.compile(rf"(?:^|[\s。！？”…▲△▶►▷→◀◄]){_MARKS}({_PAGE}){_MARKS}$")
