"""Making a segment's file: from documents, and from the files of segments that it replaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from newscrawl.index.whoosh_engine import arrays
from newscrawl.index.whoosh_engine.arrays import Array, Mask, Numbers
from newscrawl.index.whoosh_engine.lists import NUMBERS, Lists, impacts

_WEIGHT_BITS = 8
_HEAVIEST = (1 << _WEIGHT_BITS) - 1


class _Piece(NamedTuple):
    """Postings by their word's place in `terms`, in the order of words and documents."""

    terms: Sequence[bytes]
    counts: Array
    documents: Numbers
    impacts: Array


class Builder:
    """Collects documents, numbered from 0 as they come, and writes them at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0
        self._numbers: list[tuple[int, ...]] = []
        self._lengths: list[int] = []
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._absorbed: list[_Piece] = []
        self._columns: list[Mapping[str, Array]] = []

    def add(self, numbers: Mapping[str, int], words: Mapping[str, int]) -> None:
        """Add a document: its NUMBERS, and what each of its words weighs."""
        base = self._count << _WEIGHT_BITS
        postings = self._postings
        for word, weight in words.items():
            postings[word].append(base | min(weight, _HEAVIEST))
        self._numbers.append(tuple(numbers[name] for name in NUMBERS))
        self._lengths.append(sum(words.values()))
        self._count += 1

    def absorb(self, lists: Lists, kept: Mask) -> None:
        """Take over those documents of another segment that are kept. Add none before."""
        renumbered = np.cumsum(kept) - 1 + self._count
        stays = kept[lists.documents]
        counts = (
            np.add.reduceat(stays, _starts(lists), dtype=np.int64) if stays.size else lists.ends
        )
        self._absorbed.append(
            _Piece(
                list(lists.terms),
                counts.astype(np.int64),
                renumbered[lists.documents[stays]],
                lists.impacts[stays],
            )
        )
        self._columns.append({name: column[kept] for name, column in lists.numbers.items()})
        self._count += int(kept.sum())

    def write(self) -> int:
        """Write the file; how many documents it has."""
        pieces = [*self._absorbed, self._own()]
        terms, counts, documents, values = _together(pieces)
        kind = np.uint16 if self._count <= 1 << 16 else np.uint32
        arrays.write(
            self._path,
            {
                **self._all_numbers(),
                "text": np.frombuffer(b"".join(terms), np.uint8),
                "text_ends": np.cumsum([len(term) for term in terms], dtype=np.uint32),
                "ends": np.cumsum(counts, dtype=np.uint32),
                "documents": documents.astype(kind),
                "impacts": values,
            },
        )
        return self._count

    def _own(self) -> _Piece:
        """The documents that were added, as a piece."""
        words = sorted(self._postings)  # the order of code points is that of UTF-8
        counts = np.fromiter((len(self._postings[word]) for word in words), np.int64, len(words))
        packed = np.fromiter(
            chain.from_iterable(self._postings[word] for word in words),
            np.int64,
            int(counts.sum()),
        )
        documents = packed >> _WEIGHT_BITS
        lengths = np.zeros(self._count, np.int64)
        lengths[self._count - len(self._lengths) :] = self._lengths
        values = impacts(packed & _HEAVIEST, lengths[documents])
        return _Piece([word.encode() for word in words], counts, documents, values)

    def _all_numbers(self) -> dict[str, Array]:
        own = zip(*self._numbers, strict=True) if self._numbers else [()] * len(NUMBERS)
        columns = dict(zip(NUMBERS, own, strict=True))
        return {
            name: np.concatenate(
                [*(each[name] for each in self._columns), np.array(columns[name], kind)]
            )
            for name, kind in NUMBERS.items()
        }


def _together(pieces: Sequence[_Piece]) -> tuple[list[bytes], Array, Array, Array]:
    """One piece out of several, the documents of which follow one another."""
    filled = [piece for piece in pieces if piece.documents.size] or [pieces[-1]]
    if len(filled) == 1 and filled[0].counts.all():
        only = filled[0]
        return list(only.terms), only.counts, only.documents, only.impacts
    terms = sorted(set().union(*(piece.terms for piece in filled)))
    number = {term: place for place, term in enumerate(terms)}
    places = [
        np.repeat(np.fromiter(map(number.__getitem__, piece.terms), np.int64), piece.counts)
        for piece in filled
    ]
    every = np.concatenate(places)
    order = np.argsort(every, kind="stable")
    counts = np.bincount(every, minlength=len(terms))
    used = counts > 0  # of some words no document was kept
    return (
        [term for term, is_used in zip(terms, used.tolist(), strict=True) if is_used],
        counts[used],
        np.concatenate([piece.documents for piece in filled])[order],
        np.concatenate([piece.impacts for piece in filled])[order],
    )


def _starts(lists: Lists) -> Numbers:
    return np.concatenate(([0], lists.ends[:-1])).astype(np.int64)
