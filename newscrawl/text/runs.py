"""What stands together in a text: runs of one script, and blanks that are only layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from newscrawl.text.fold import fold

HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
"""Inside a character class: every Han block and extension, compatibility ideographs, 〇 and 々."""

BLANK = " \t\u00a0\u2000-\u200a\u202f\u205f\u3000"
"""Inside a character class: blanks within a line."""

BREAK = "\n\r\v\f\x85\u2028\u2029"
"""Inside a character class: what ends a line."""


class Kind(Enum):
    """The script of a run."""

    HAN = "han"
    WORD = "word"
    """Letters and digits of every other script."""


class Run(NamedTuple):
    """`text[start:end]`, as long as it can be."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Searchable:
    """A paragraph as search sees it."""

    text: str
    """Folded, on one line, layout blanks and line breaks beside Han characters removed."""
    offsets: tuple[int, ...] | None = None
    """The shown place of every character of `text` and of its end; None where nothing moved."""

    def origin(self, index: int) -> int:
        """The place in the shown paragraph of place `index` in `text`, `len(text)` included."""
        return index if self.offsets is None else self.offsets[index]


def runs(text: str) -> Iterator[Run]:
    """The runs of folded `text`, in order; all that is neither letter nor digit separates."""
    for match in _RUN.finditer(text):
        yield Run(Kind.HAN if match.lastindex else Kind.WORD, match.start(), match.end())


def searchable(paragraph: str) -> Searchable:
    """The search form of a shown paragraph.

    A line break goes, with the blanks around it, where a Han character stands beside it; where
    none does it is a blank.
    A blank goes between Han characters that stand alone on their other sides: 王　伟, 王 小 明.
    """
    return _without_layout(fold(paragraph))


def searchables(texts: Sequence[str]) -> list[Searchable]:
    """The search forms of some texts, folded together: in two thirds of the time."""
    whole = fold(_APART.join(texts))
    folded = whole.split(_APART)
    if len(folded) != len(texts):  # none that was cleaned has such a sign in it
        folded = list(map(fold, texts))
    return list(map(_without_layout if _has_layout(whole) else Searchable, folded))


def searchable_texts(texts: Sequence[str]) -> list[str]:
    """The texts of `searchables`."""
    return [each.text for each in searchables(texts)]


def searchable_lines(text: str) -> str:
    """The search form of many paragraphs, a line each: `\\n` parts them, every other line break is
    one inside a paragraph.
    """
    folded = fold(text)
    if not _OTHER_BREAK.search(folded) and not _LONE.search(folded):
        return folded
    return "\n".join(_without_layout(line).text for line in folded.split("\n"))


def _without_layout(folded: str) -> Searchable:
    if not _has_layout(folded):
        return Searchable(folded)
    text, offsets = _without(_LINE_BREAK.finditer(folded), folded, range(len(folded) + 1))
    spaced = (
        gap
        for row in _SINGLES.finditer(text)
        for gap in _GAP.finditer(text, row.start(), row.end())
    )
    text, offsets = _without(spaced, text, offsets)
    text = _ANY_BREAK.sub(" ", text)
    return Searchable(text, tuple(offsets)) if len(text) < len(folded) else Searchable(text)


def _has_layout(folded: str) -> bool:
    # Most texts have no blank at all: nothing tells so faster than this.
    if folded.split(None, 1) == [folded]:
        return False
    return bool(_ANY_BREAK.search(folded) or _LONE.search(folded))


def _without(
    spans: Iterable[re.Match[str]], text: str, offsets: range | list[int]
) -> tuple[str, list[int]]:
    """`text` and the offsets of its characters, both without the matched spans."""
    kept: list[str] = []
    places: list[int] = []
    start = 0
    for span in spans:
        kept.append(text[start : span.start()])
        places.extend(offsets[start : span.start()])
        start = span.end()
    kept.append(text[start:])
    places.extend(offsets[start:])
    return "".join(kept), places


_APART = "\0"
_RUN = re.compile(rf"([{HAN}]+)|[^\W_{HAN}]+")
_ANY_BREAK = re.compile(f"[{BREAK}]")
_OTHER_BREAK = re.compile(rf"[{BREAK[1:]}]")
_LINE_BREAK = re.compile(
    rf"(?<=[{HAN}])[{BLANK}]*+[{BREAK}][{BLANK}{BREAK}]*+"
    rf"|(?<![{BLANK}{BREAK}])[{BLANK}]*+[{BREAK}][{BLANK}{BREAK}]*+(?=[{HAN}])"
)
_SINGLES = re.compile(rf"(?<![{HAN}])[{HAN}](?:[{BLANK}]++[{HAN}])+(?![{HAN}])")
_LONE = re.compile(rf"[{BLANK}](?<=[{HAN}].)(?<![{HAN}][{HAN}].)")
"""A blank behind a Han character that stands alone before it: where none is, there are no singles.
Blanks are few, so that this takes a tenth of the time.
"""
_GAP = re.compile(rf"[{BLANK}]+")
