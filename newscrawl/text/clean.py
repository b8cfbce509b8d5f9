"""Text from outside, made safe to show: nothing invisible, nothing endless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff"  # zero width, marks of direction, BOM
    "\u202a-\u202e\u2066-\u206f"  # overrides and isolates of direction
    "\ufe00-\ufe0f\ufff9-\ufffb\U000e0000-\U000e01ef"  # variation selectors, annotations, tags
    "\ud800-\udfff"  # lone surrogates
)
"""Inside a character class: what a reader cannot see, or what changes how the rest is seen."""


def clean_line(text: str, limit: int) -> str:
    """One line of at most `limit` characters: a line break becomes one blank."""
    return bounded(" ".join(_lines(text)), limit)


def clean_paragraph(text: str, limit: int) -> str:
    """A block of at most `limit` characters; line breaks inside it stay, as `\\n`."""
    return bounded("\n".join(_lines(text)), limit)


def on_one_line(text: str) -> str:
    """A cleaned text as one line: a blank for each line break, so that places in it stay."""
    return text.replace("\n", " ")


def showable(text: str) -> str:
    """A text from wherever, on one line and without what XML or a reader cannot take.

    A blank for each line break and tab; what is already clean stays as it is.
    """
    return _UNSHOWABLE.sub("", _BREAK.sub(" ", text))


def bounded(text: str, limit: int) -> str:
    """The text itself, or as much of it as `limit` characters hold, with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def flowing(lines: Iterable[str]) -> str:
    """Lines as one: a blank where two words of Latin letters meet, nothing beside Han text."""
    parts: list[str] = []
    for line in filter(None, lines):
        if parts and _spaced(parts[-1][-1]) and _spaced(line[0]):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _spaced(character: str) -> bool:
    """Whether it belongs to a script that puts blanks between words, in whatever width."""
    return character.isascii() or (
        character.isalnum() and unicodedata.east_asian_width(character) != "W"
    )


def _lines(text: str) -> Iterator[str]:
    """The lines that show something, without the blanks of layout around them."""
    visible = _INVISIBLE.sub("", text).replace("\t", " ")
    return filter(None, map(str.strip, visible.splitlines()))


_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_BREAK = re.compile("[\t-\r\x1c-\x1e\x85\u2028\u2029]")
_UNSHOWABLE = re.compile(f"[{INVISIBLE}\ufffe\uffff]+")
