"""Making a segment's file: from documents, and from the files of segments that it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from newscrawl.index.whoosh_engine import arrays
from newscrawl.index.whoosh_engine.arrays import Array, Mask, Numbers
from newscrawl.index.whoosh_engine.lists import NUMBERS, Lists
from newscrawl.index.whoosh_engine.postings import Collected, Postings
from newscrawl.items import Words


class Builder:
    """Collects documents, numbered from 0 as they come, and writes them at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0
        self._numbers: list[tuple[int, ...]] = []
        self._collected = Collected()
        self._absorbed: list[Postings] = []
        self._columns: list[Mapping[str, Array]] = []

    def add(self, numbers: Mapping[str, int], words: Words) -> None:
        """Add a document: its NUMBERS, and its words."""
        self._numbers.append(tuple(numbers[name] for name in NUMBERS))
        self._collected.add(words)
        self._count += 1

    def absorb(self, lists: Lists, kept: Mask) -> None:
        """Take over those documents of another segment that are kept. Add none before."""
        renumbered = np.cumsum(kept) - 1 + self._count
        stays = kept[lists.documents]
        counts = (
            np.add.reduceat(stays, _starts(lists), dtype=np.int64) if stays.size else lists.ends
        )
        self._absorbed.append(
            Postings(
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

    def _own(self) -> Postings:
        """Of the documents that were added."""
        own = self._collected.postings()
        return own._replace(documents=own.documents + (self._count - len(self._numbers)))

    def _all_numbers(self) -> dict[str, Array]:
        own = zip(*self._numbers, strict=True) if self._numbers else [()] * len(NUMBERS)
        columns = dict(zip(NUMBERS, own, strict=True))
        return {
            name: np.concatenate(
                [*(each[name] for each in self._columns), np.array(columns[name], kind)]
            )
            for name, kind in NUMBERS.items()
        }


def _together(pieces: Sequence[Postings]) -> tuple[list[bytes], Array, Array, Array]:
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
