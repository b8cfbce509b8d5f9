"""Folding for search: one character becomes one character, whatever stands beside it.

Full width becomes half width, capitals small, traditional simplified, every blank U+0020.
So `fold(a + b) == fold(a) + fold(b)`, and a place in the folded text is the same place in the
shown text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources

COMPATIBLE = (
    (0x2E80, 0x2FD6),  # radicals, which copies from PDF files carry instead of characters
    (0xF900, 0xFB00),  # compatibility ideographs
    (0xFF01, 0xFFEF),  # full-width and half-width forms
    (0x2F800, 0x2FA20),  # compatibility ideographs, supplement
)
"""Code points, first and end, that stand for another single character."""


_MARKS = (("，", ","), ("（", "("), ("）", ")"), ("：", ":"), ("；", ";"))
"""Nearly all that changes in a newspaper's text: replaced at once, in half the time."""


def fold(text: str) -> str:
    """`text` in its search form, of the same length; folding it again changes nothing."""
    for wide, narrow in _MARKS:
        text = text.replace(wide, narrow)
    return _changing().sub(_folded, text)


def _folded(character: re.Match[str]) -> str:
    return chr(_table()[ord(character[0])])


class _Folding(dict[int, int]):
    """Code point to folded code point, filled as characters are met."""

    def __init__(self, traditional: dict[str, str]) -> None:
        super().__init__()
        self._traditional = traditional

    def __missing__(self, code: int) -> int:
        character = _compatible(chr(code))
        if unicodedata.category(character) == "Zs":
            character = " "
        small = character.lower()
        if len(small) == 1:
            character = small
        self[code] = folded = ord(self._traditional.get(character, character))
        return folded


def _compatible(character: str) -> str:
    if not any(first <= ord(character) < end for first, end in COMPATIBLE):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


@cache
def _table() -> _Folding:
    return _Folding(_traditional())


@cache
def _traditional() -> dict[str, str]:
    data = resources.files("newscrawl.text.data").joinpath("traditional.txt")
    lines = data.read_text(encoding="utf-8").splitlines()
    return {line[0]: line[1] for line in lines if not line.startswith("#")}


@cache
def _changing() -> re.Pattern[str]:
    """What may become another character: passing by the rest takes half the time.

    The rest is ASCII but for its capitals, punctuation that has no width, and simplified Han.
    """
    simplified = (chr(code) for code in range(0x4E00, 0xA000) if chr(code) not in _traditional())
    plain = "\x00-@\\[-~\u2010-\u2027\u3001\u3002\u300a\u300b" + "".join(simplified)
    return re.compile(f"[^{plain}]")
