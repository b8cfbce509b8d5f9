"""What is left of a text for telling whether another was copied from it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from newscrawl.text.fold import fold

LENGTH = 16
"""Characters of a shingle that marks a text: long enough for set phrases to mark nothing."""
MARKS = 16
"""Marks of a text at most."""
LONG = 200
"""Characters from which not every shingle is hashed."""
_BYTES = 4  # of a character in UTF-32


def plain(text: str) -> str:
    """`text` folded, letters and digits only: what punctuation and layout cannot change."""
    return _SEPARATORS.sub("", fold(text))


def marks(text: str) -> list[int]:
    """The smallest hashes, 32 bits each, of the shingles of plain `text`; in order.

    What is among the smallest of a text is among the smallest of every part that it lies in: a
    copy of half a text shares about half of its marks. None for an empty text.
    """
    if not text:
        return []
    encoded, width = text.encode("utf-32-le"), LENGTH * _BYTES
    starts = (place * _BYTES for place in _places(text))
    return sorted({zlib.crc32(encoded[start : start + width]) for start in starts})[:MARKS]


def _places(text: str) -> Iterable[int]:
    """Where the shingles begin that are hashed: in a long text a quarter of all, told by their
    first character, so that a copy hashes the same ones.
    """
    every = range(max(1, len(text) - LENGTH + 1))
    if len(text) < LONG:
        return every
    return [place for place, first in zip(every, text, strict=False) if not ord(first) & 3] or every


_SEPARATORS = re.compile(r"[\W_]+")
