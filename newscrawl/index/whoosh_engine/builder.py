"""Making a segment's file: from documents, and from the files of segments that it replaces."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from newscrawl.index.whoosh_engine import arrays
from newscrawl.index.whoosh_engine.arrays import Array, Mask
from newscrawl.index.whoosh_engine.lists import NUMBERS, Lists
from newscrawl.index.whoosh_engine.postings import Collected, Postings
from newscrawl.items import Words

PIECE = 2_000_000
"""Postings that are merged at once: 50 MB."""


class Builder:
    """Collects documents, numbered from 0 as they come, and writes them at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0
        self._numbers: list[tuple[int, ...]] = []
        self._collected = Collected()
        self._absorbed: list[_Absorbed] = []

    def add(self, numbers: Mapping[str, int], words: Words) -> None:
        """Add a document: its NUMBERS, and its words."""
        self._numbers.append(tuple(numbers[name] for name in NUMBERS))
        self._collected.add(words)
        self._count += 1

    def absorb(self, lists: Lists, kept: Mask) -> None:
        """Take over those documents of another segment that are kept. Add none before."""
        numbers = (np.cumsum(kept) - 1 + self._count).astype(np.uint32)
        self._absorbed.append(_Absorbed(lists, kept, numbers))
        self._count += int(kept.sum())

    def write(self) -> int:
        """Write the file; how many documents it has.

        One range of words after the other, so that a merge holds little more than what it makes.
        """
        kind = np.uint16 if self._count <= 1 << 16 else np.uint32
        own, made = self._own(), _Made()
        for first, end in _ranges([each.lists for each in self._absorbed]):
            pieces = [each.between(first, end) for each in self._absorbed]
            made.add(_together([*pieces, _between(own, first, end)]), kind)
        arrays.write(self._path, {**self._all_numbers(), **made.columns()})
        return self._count

    def _own(self) -> Postings:
        """Of the documents that were added."""
        own = self._collected.postings()
        return own._replace(documents=own.documents + (self._count - len(self._numbers)))

    def _all_numbers(self) -> dict[str, list[Array]]:
        own = zip(*self._numbers, strict=True) if self._numbers else [()] * len(NUMBERS)
        columns = dict(zip(NUMBERS, own, strict=True))
        return {
            name: [
                *(each.lists.numbers[name][each.kept] for each in self._absorbed),
                np.array(columns[name], kind),
            ]
            for name, kind in NUMBERS.items()
        }


class _Absorbed(NamedTuple):
    """A segment that is replaced, and the new numbers of the documents that are kept."""

    lists: Lists
    kept: Mask
    numbers: Array

    def between(self, first: bytes, end: bytes | None) -> Postings:
        """What the words from one up to another have."""
        start, stop = _places(self.lists.terms, first, end)
        begins = np.concatenate(([0], self.lists.ends))[start : stop + 1].astype(np.int64)
        documents = self.lists.documents[begins[0] : begins[-1]]
        stays = self.kept[documents]
        starts = begins[:-1] - begins[0]
        counts = np.add.reduceat(stays, starts, dtype=np.int64) if stays.size else starts
        return Postings(
            self.lists.terms[start:stop],
            counts,
            self.numbers[documents[stays]],
            self.lists.impacts[begins[0] : begins[-1]][stays],
        )


class _Made:
    """The lists of a segment, a range of words at a time."""

    def __init__(self) -> None:
        self._pieces: list[Postings] = []
        self._text: list[bytes] = []
        self._lengths: list[Array] = []

    def add(self, piece: Postings, kind: type[np.unsignedinteger[Any]]) -> None:
        """Add the next range; `kind`: of the numbers of documents."""
        self._text.append(b"".join(piece.terms))
        self._lengths.append(np.fromiter(map(len, piece.terms), np.uint32))
        self._pieces.append(piece._replace(terms=[], documents=piece.documents.astype(kind)))

    def columns(self) -> dict[str, list[Array]]:
        """As the file has them."""
        counts = np.concatenate([each.counts for each in self._pieces])
        return {
            "text": [np.frombuffer(b"".join(self._text), np.uint8)],
            "text_ends": [np.cumsum(np.concatenate(self._lengths), dtype=np.uint32)],
            "ends": [np.cumsum(counts, dtype=np.uint32)],
            "documents": [each.documents for each in self._pieces],
            "impacts": [each.impacts for each in self._pieces],
        }


def _ranges(absorbed: Sequence[Lists]) -> Iterator[tuple[bytes, bytes | None]]:
    """Words from which and up to which PIECE postings are merged at once, about."""
    total = sum(each.documents.size for each in absorbed)
    bounds = [b""]
    if total > PIECE:
        largest = max(absorbed, key=lambda lists: lists.documents.size)
        shares = np.arange(1, -(-total // PIECE)) * (PIECE / total * largest.documents.size)
        places = np.unique(np.searchsorted(largest.ends, shares))
        bounds += [largest.terms[place] for place in places.tolist()]
    yield from pairwise([*bounds, None])


def _between(own: Postings, first: bytes, end: bytes | None) -> Postings:
    start, stop = _places(own.terms, first, end)
    if (start, stop) == (0, len(own.terms)):
        return own
    begin = int(own.counts[:start].sum())
    finish = begin + int(own.counts[start:stop].sum())
    return Postings(
        own.terms[start:stop],
        own.counts[start:stop],
        own.documents[begin:finish],
        own.impacts[begin:finish],
    )


def _places(terms: Sequence[bytes], first: bytes, end: bytes | None) -> tuple[int, int]:
    return bisect_left(terms, first), len(terms) if end is None else bisect_left(terms, end)


def _together(pieces: Sequence[Postings]) -> Postings:
    """One piece out of several, the documents of which follow one another."""
    filled = [piece for piece in pieces if piece.documents.size] or [pieces[-1]]
    if len(filled) == 1 and filled[0].counts.all():
        return filled[0]
    terms = sorted(set().union(*(piece.terms for piece in filled)))
    number = {term: place for place, term in enumerate(terms)}
    every = np.concatenate(
        [
            np.repeat(np.fromiter(map(number.__getitem__, piece.terms), np.int32), piece.counts)
            for piece in filled
        ]
    )
    order = np.argsort(every, kind="stable")
    counts = np.bincount(every, minlength=len(terms))
    used = counts > 0  # of some words no document was kept
    return Postings(
        [term for term, is_used in zip(terms, used.tolist(), strict=True) if is_used],
        counts[used],
        np.concatenate([piece.documents for piece in filled])[order],
        np.concatenate([piece.impacts for piece in filled])[order],
    )
