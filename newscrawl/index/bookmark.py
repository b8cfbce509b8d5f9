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

from newscrawl.errors import UsageError

MOST_SHOWN = 10_000
"""Versions that are noted: 30 kB of text. Beyond that pages are too small for what is read."""
_LAST = 2**62
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

    @classmethod
    def read(cls, text: str) -> Bookmark:
        """What `str` has written, or a mark alone. Raises UsageError for anything else."""
        match = _TEXT.fullmatch(text, endpos=100_000)
        if match is None:
            raise UsageError(f"{text[:40]!r}: no mark of a search, nor what followed `next:`")
        if match[2] is None:
            return cls(int(match[1]))
        try:
            rows, total, *steps = _numbers(b64decode(match[2] + "==", altchars=b"-_"))
        except ValueError:
            raise _changed(text) from None
        shown = tuple(accumulate(steps))
        if len(shown) > MOST_SHOWN or not shown or shown[-1] > _LAST:
            raise _changed(text)
        return cls(int(match[1]), rows, total - 1 if total else None, shown)

    def __str__(self) -> str:
        if not self.shown:
            return str(self.mark)
        total = 0 if self.total is None else self.total + 1
        steps = (here - before for before, here in pairwise((0, *self.shown)))
        written = urlsafe_b64encode(_bytes((self.rows, total, *steps)))
        return f"{self.mark}.{written.rstrip(b'=').decode()}"


def _changed(text: str) -> UsageError:
    return UsageError(f"{text[:40]!r}: a part of it is missing or changed")


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
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte <= 0x7F:
            yield number
            number = shift = 0
    if shift:
        raise ValueError("cut off")
