"""Text in lines of a terminal, broken where Chinese and Latin text may be (UAX #14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

NEVER_FIRST = "，。、；：？！）》”’"
"""避头尾: what begins no line, not even behind a blank, where the standard lets some of it."""
LONGEST = 200
"""Characters of a piece that are looked at together: what has no break in so many is folded."""


def wrapped(text: Text, width: int) -> list[Text]:
    """The text in lines of at most `width` columns, its styles kept, no blanks at their ends.

    A Latin word stays whole; what is wider than a line is folded. Empty for an empty text.
    """
    lines: list[Text] = []
    for paragraph in text.split("\n"):
        plain = paragraph.plain
        short = cell_len(plain) <= width
        starts = [0] if short else list(_starts(plain, max(2, width)))
        for line in paragraph.divide(starts[1:]):
            line.rstrip()
            lines.append(line)
    return [line for line in lines if line.plain]


def say(console: Console, text: str | Text, style: str = "", *, indent: str = "") -> None:
    """Print a paragraph, wrapped on a terminal, `indent` before each line.

    What is piped is for other programs: a paragraph stays a line there.
    """
    lines = [Text(text, style=style) if isinstance(text, str) else text]
    if console.is_terminal:
        lines = wrapped(lines[0], console.width - len(indent))
    for line in lines:
        console.print(Text(indent).append_text(line), soft_wrap=True)


def _starts(plain: str, width: int) -> Iterator[int]:
    """Where the lines begin."""
    start = fits = 0
    yield start
    for end in _opportunities(plain):
        if _width(plain[start:end]) > width:
            if plain[start:fits].strip():
                start = fits
                yield start
            while _width(plain[start:end]) > width:
                start = _folded(plain, start, width)
                yield start
        fits = end


def _width(piece: str) -> int:
    """Columns; the blanks at the end of a line take none."""
    return cell_len(piece.rstrip())


def _folded(plain: str, start: int, width: int) -> int:
    """Where the next line begins if this one is filled, whatever it breaks."""
    end = start + 1
    while cell_len(plain[start : end + 1]) <= width:
        end += 1
    for place in range(end, start, -1):
        shown = _BLANKS.match(plain, place)
        if shown and plain[shown.end()] not in NEVER_FIRST:
            return shown.end()
    return end


def _opportunities(plain: str) -> Iterator[int]:
    """Where a line may end, the end of the text included."""
    for start, end in pairwise([0, *_sure(plain), len(plain)]):
        for place in _breaks(_frame(plain[start:end])):
            if start + place == len(plain) or plain[start + place] not in NEVER_FIRST:
                yield start + place


def _sure(plain: str) -> Iterator[int]:
    """Places where a line may end whatever stands around them, and a few that must do."""
    past = 0
    for found in _SURE.finditer(plain):
        yield from range(past + LONGEST, found.end(), LONGEST)
        past = found.end()
        yield past
    yield from range(past + LONGEST, len(plain), LONGEST)


def _frame(piece: str) -> str:
    """What a piece's breaks depend on: a Han character is like another, a letter too."""
    return _LATIN.sub("a", _FIGURE.sub("0", _HAN.sub("一", piece)))


@lru_cache(4096)
def _breaks(frame: str) -> tuple[int, ...]:
    """The standard's breaks: dear, and the same few frames come again and again."""
    # Its tables take 0.03 s to load, and a program that reads JSON waits for them in vain.
    from uniseg.linebreak import line_break_boundaries

    return tuple(line_break_boundaries(frame)) if len(frame) > 1 else (len(frame),)


_HAN, _LATIN, _FIGURE = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]"), re.compile("[0-9]")
_BLANKS = re.compile(r"\s*")
_SURE = re.compile("[\u4e00-\u9fff](?=[\u4e00-\u9fff])|[A-Za-z] (?=[A-Za-z])")
