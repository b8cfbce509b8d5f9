"""The posting lists and numbers of one segment, as its file holds them.

Of every word, in the order of its bytes: the documents that have it and, for each, what it adds to
the document's score before the word's rarity is known (BM25's other factor, in 255 steps).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from newscrawl.index.whoosh_engine import arrays
from newscrawl.index.whoosh_engine.arrays import Array, Numbers

NUMBERS: dict[str, np.dtype[Any]] = {
    "seq": np.dtype("<i8"),
    "day": np.dtype("<i4"),
    "paper": np.dtype("<u4"),
    "page": np.dtype("<u4"),
    "page_name": np.dtype("<u4"),
    "shown_page": np.dtype("<u4"),
    "source": np.dtype("<u4"),
}
"""What is kept of every document besides its words; texts as codes of the part's side table."""

B, K1 = 0.75, 1.2
"""BM25's parameters, as in its literature."""
USUAL_LENGTH = 500
"""Words of a news article, counted as often as they weigh.

Fixed, where BM25 takes the mean of what is there: a posting's value then never changes, and an
index that grew ranks like one built anew.
"""
_LONGEST_CHARACTER = 4
"""Bytes, in UTF-8."""
STEPS = 255
HEAVIEST = K1 + 1
"""No word adds more, before its rarity is known."""


class Posting(NamedTuple):
    """What a word has: document numbers, ascending, and what it adds to each, in STEPS."""

    documents: Array
    impacts: NDArray[np.uint8]


def impacts(weights: Array, lengths: Array) -> NDArray[np.uint8]:
    """BM25 of weights in documents of these lengths, in STEPS; at least one."""
    weighed = weights.astype(np.float64)
    score = weighed * (K1 + 1) / (weighed + K1 * (1 - B + B * lengths / USUAL_LENGTH))
    return np.maximum(np.rint(score * (STEPS / HEAVIEST)), 1).astype(np.uint8)


class Terms(Sequence[bytes]):
    """The words of a segment as UTF-8, sorted."""

    def __init__(self, text: Array, ends: Array) -> None:
        self._text = text
        self._ends = ends

    def __len__(self) -> int:
        return int(self._ends.size)

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> list[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | list[bytes]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        start = int(self._ends[number - 1]) if number else 0
        return self._text[start : int(self._ends[number])].tobytes()

    def beginning(self, characters: Sequence[bytes]) -> Numbers:
        """The numbers of those that begin with one of these characters."""
        low = [int.from_bytes(each.ljust(_LONGEST_CHARACTER, b"\x00")) for each in characters]
        high = [int.from_bytes(each.ljust(_LONGEST_CHARACTER, b"\xff")) for each in characters]
        heads = self._heads
        begins, ends = np.searchsorted(heads, low), np.searchsorted(heads, high, "right")
        ranges = zip(begins[begins < ends].tolist(), ends[begins < ends].tolist(), strict=True)
        return np.concatenate([np.zeros(0, np.int64), *(np.arange(*each) for each in ranges)])

    def at(self, numbers: Numbers) -> Iterator[bytes]:
        """Some of them."""
        text, ends = self._text.tobytes(), self._ends[numbers].tolist()
        for start, end in zip(self._starts()[numbers].tolist(), ends, strict=True):
            yield text[start:end]

    def _starts(self) -> Array:
        return np.concatenate([np.zeros(1, self._ends.dtype), self._ends[:-1]])[: len(self)]

    @cached_property
    def _heads(self) -> Numbers:
        """The first bytes of each, as a number that is in the order of the words."""
        heads, places = np.zeros(len(self), np.int64), self._starts().astype(np.int64)
        for place in range(_LONGEST_CHARACTER):
            at = places + place
            within = at < self._ends
            heads <<= 8
            heads[within] |= self._text[at[within]]
        return heads

    def __iter__(self) -> Iterator[bytes]:
        text, start = self._text.tobytes(), 0
        for end in self._ends.tolist():
            yield text[start:end]
            start = end


class Lists:
    """One segment's file."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError, KeyError or OSError for a file that is none or is damaged."""
        held = arrays.read(path)
        self.numbers: dict[str, Array] = {name: held[name] for name in NUMBERS}
        self.terms = Terms(held["text"], held["text_ends"])
        self.ends: Array = held["ends"]
        """Where each word's postings end."""
        self.documents: Array = held["documents"]
        self.impacts: NDArray[np.uint8] = held["impacts"]

    def __len__(self) -> int:
        """How many documents there are."""
        return int(self.numbers["seq"].size)

    def find(self, term: bytes) -> Posting | None:
        """What a word has; None where no document has it."""
        number = bisect_left(self.terms, term)
        if number == len(self.terms) or self.terms[number] != term:
            return None
        start = int(self.ends[number - 1]) if number else 0
        end = int(self.ends[number])
        return Posting(self.documents[start:end], self.impacts[start:end])

    def beginning(self, characters: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
        """The words that begin with one of these characters, and how many documents have each."""
        numbers = self.terms.beginning(characters)
        frequencies = np.diff(self.ends, prepend=np.zeros(1, self.ends.dtype))
        return zip(self.terms.at(numbers), frequencies[numbers].tolist(), strict=True)
