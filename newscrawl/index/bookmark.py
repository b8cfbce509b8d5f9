"""Where a reader stands in the pages of a search.

Pages must fit together while articles arrive, stories unite and part, and the weights of words
change with both. So the next page does not begin at a number: it is the best of what no earlier
page has shown, of the articles that the index held for the first. What was shown goes along, and
whatever happens meanwhile, every hit is shown once.
"""

from __future__ import annotations

import re
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from zlib import crc32

from newscrawl.errors import UsageError

MOST_SHOWN = 10_000
"""Versions that are noted: 30 kB of text. Beyond that pages are too small for what is read."""
_LAST = 2**62
_WIDEST = 56
"""Bits before the last seven of a number."""
_TEXT = re.compile(r"([0-9]{1,18})(?:\.([A-Za-z0-9_-]{1,80000}))?")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A state of the index, and what was shown of it."""

    mark: int
    """The sequence number up to which the index reached."""
    rows: int = 0
    """Of the earlier pages."""
    total: int | None = None
    """How many versions were found, if they were counted."""
    shown: tuple[int, ...] = ()
    """The versions of those rows and what was folded under them, ascending."""
    asked: int = 0
    """A checksum of the question that it belongs to."""

    @classmethod
    def read(cls, text: str) -> Bookmark:
        """What `str` has written, or a mark alone. Raises UsageError for anything else."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise UsageError(f"{text[:40]!r}: no mark of a search, nor what followed `next:`")
        if match[2] is None:
            return cls(int(match[1]))
        mark = int(match[1])
        try:
            *numbers, checksum = _numbers(b64decode(match[2] + "==", altchars=b"-_"))
            asked, rows, total, *steps = numbers
        except ValueError:
            raise _changed(text) from None
        shown = tuple(accumulate(steps))
        ascending = min(steps, default=0) > 0 and shown[-1] <= _LAST
        if not ascending or len(shown) > MOST_SHOWN or checksum != _checksum(mark, numbers):
            raise _changed(text)
        return cls(mark, rows, total - 1 if total else None, shown, asked)

    def __str__(self) -> str:
        if not self.shown:
            return str(self.mark)
        total = 0 if self.total is None else self.total + 1
        steps = (here - before for before, here in pairwise((0, *self.shown)))
        numbers = (self.asked, self.rows, total, *steps)
        written = urlsafe_b64encode(_bytes((*numbers, _checksum(self.mark, numbers))))
        return f"{self.mark}.{written.rstrip(b'=').decode()}"


def _changed(text: str) -> UsageError:
    return UsageError(f"{text[:40]!r}: a part of it is missing or changed")


def _checksum(mark: int, numbers: Iterable[int]) -> int:
    """Of a copy that is whole: what is left of one that was cut off may be numbers, too."""
    return crc32(_bytes((mark, *numbers)))


def _bytes(numbers: Iterable[int]) -> bytes:
    """Seven bits in a byte, the lowest first; the eighth says that more follow."""
    written = bytearray()
    for number in numbers:
        while number > 0x7F:
            written.append(number & 0x7F | 0x80)
            number >>= 7  # noqa: PLW2901
        written.append(number)
    return bytes(written)


def _numbers(written: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in written:
        if shift > _WIDEST:
            raise ValueError("no number of ours")
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte <= 0x7F:
            yield number
            number = shift = 0
    if shift:
        raise ValueError("cut off")
