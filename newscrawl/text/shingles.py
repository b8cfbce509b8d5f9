"""What is left of a text for telling whether another was copied from it."""

from __future__ import annotations

import re
import zlib

from newscrawl.text.fold import fold

LENGTH = 16
"""Characters of a shingle that marks a text: long enough for set phrases to mark nothing."""
MARKS = 16
"""Marks of a text at most."""
_BYTES = 4  # of a character in UTF-32


def plain(text: str) -> str:
    """`text` folded, letters and digits only: what punctuation and layout cannot change."""
    return _SEPARATORS.sub("", fold(text))


def marks(text: str) -> list[int]:
    """The smallest hashes, 32 bits each, of the shingles of plain `text`; in order.

    Of a text and a part of it those marks are the same that lie in the part, and a copy of half a
    text shares half of them with the whole, whatever its length. None for an empty text.
    """
    if not text:
        return []
    encoded, width = text.encode("utf-32-le"), LENGTH * _BYTES
    places = range(0, max(1, len(encoded) - width + _BYTES), _BYTES)
    return sorted({zlib.crc32(encoded[place : place + width]) for place in places})[:MARKS]


_SEPARATORS = re.compile(r"[\W_]+")
