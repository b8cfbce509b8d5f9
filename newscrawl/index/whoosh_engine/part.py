"""One part of the index: the versions of a quarter, in a side table and in Whoosh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Self

import numpy as np

from newscrawl.index.documents import UNDATED as NO_DAY
from newscrawl.index.documents import Document
from newscrawl.index.engine import Facet, Stop
from newscrawl.index.plan import All, Days, Expression, Key, Listed, Run, Some, Without
from newscrawl.index.whoosh_engine import side_table, words
from newscrawl.index.whoosh_engine.arrays import Array, Mask, Numbers
from newscrawl.index.whoosh_engine.expressions import fts, split
from newscrawl.index.whoosh_engine.lists import Posting
from newscrawl.index.whoosh_engine.side_table import GramReader, GramWriter

WORDS, GRAMS = "whoosh", "grams.db"
UNDATED = "undated"
NO_CODE = 0xFFFFFFFF
_KEYS = {"paper": ("paper",), "page": ("page", "page_name")}
_TIMES = {"month": 100, "day": 1}
"""By what YYYYMMDD is divided for them."""
_DIGITS = {"month": 6, "day": 8}
_FACETS = {"paper": "paper", "page": "shown_page", "source": "source"}


def name_of(day: int) -> str:
    """The part of a day: `2023-Q4`; of no day `undated`."""
    if day == NO_DAY:
        return UNDATED
    year, month = divmod(day // 100, 100)
    return f"{year:04d}-Q{(month + 2) // 3}"


def create(directory: Path) -> None:
    """Make an empty part."""
    (directory / WORDS).mkdir(parents=True, mode=0o700)
    words.create(directory / WORDS)
    side_table.create(directory / GRAMS)


class PartWriter:
    """Writes versions, the side table first: what Whoosh has is always found."""

    def __init__(self, directory: Path) -> None:
        self._grams = GramWriter(directory / GRAMS)
        self._words = words.WordsWriter(directory / WORDS)

    def add(self, document: Document) -> None:
        """Add a version to the commit that is under way; its words anew if they are here already.

        A dictionary may have changed since a write that did not come to its mark.
        """
        codes = self._grams.add(
            document.seq, dict(document.columns), document.replaces, _texts(document)
        )
        if document.seq <= self._words.last:
            self._words.remove((document.seq,))
        self._words.add(_numbers(document, codes), document.words)

    def again(self, documents: Sequence[Document]) -> None:
        """Write versions anew that are here already."""
        self._words.remove(document.seq for document in documents)
        for document in documents:
            codes = self._grams.add(document.seq, {}, (), _texts(document))
            self._words.add(_numbers(document, codes), document.words)

    def commit(self, mark: int) -> None:
        """Make what was added visible."""
        self._grams.commit(mark)
        self._words.commit()
        self._words.last = max(self._words.last, mark)

    def cancel(self) -> None:
        """Forget what was added."""
        self._grams.cancel()
        self._words.cancel()

    def merge(self, *, whole: bool = False) -> bool:
        """Merge small segments where there are too many; `whole`: all, if that can be."""
        return self._words.merge(whole=whole)

    def tidy(self, stop: Stop | None = None) -> None:
        """Merge the side table; with `stop` in steps."""
        self._grams.tidy(stop)

    def close(self) -> None:
        self._words.close()
        self._grams.close()


class PartReader:
    """One committed state of a part. Its documents are numbered from 0, in no order."""

    def __init__(self, directory: Path) -> None:
        # Words first: what they have, the side table has had before.
        self._words = words.WordsReader(directory / WORDS)
        self._grams = GramReader(directory / GRAMS)
        self._owners = 1
        numbers = self._words.numbers
        self.seqs: Numbers = numbers["seq"]
        self.days: Numbers = numbers["day"].astype(np.int64)
        self.dead = self._grams.dead()
        self.kept = self._words.kept
        self._numbers = numbers
        # A version that was written anew is there twice, and kept once.
        kept = np.flatnonzero(self.kept)
        self._order = kept[np.argsort(self.seqs[kept])]
        self._sorted = self.seqs[self._order]
        self._codes = {text: code for code, text in enumerate(self._grams.names)}

    def __len__(self) -> int:
        return len(self._words)

    def where(self, wanted: Expression) -> Mask:
        """The documents that an expression finds, dead ones included."""
        expression = fts(wanted)
        if expression is not None:
            return self._having(self._grams.matching(expression))
        match wanted:
            case All(children):
                return self._all(children)
            case Some(children):
                return self._some(children)
            case Without(child):
                return np.logical_not(self.where(child))
            case Key(field, values):
                return self._with_key(field, values)
            case Days(since, until):
                return self._between(since, until)
            case Listed(seqs):
                return self._having(seqs)
            case Run():
                raise AssertionError(wanted)  # SQLite answers every run

    def find(self, word: str) -> list[Posting]:
        """What a word has."""
        return self._words.find(word)

    def frequency(self, word: str) -> int:
        """How many documents have a word."""
        return sum(posting.documents.size for posting in self._words.find(word))

    def beginning(self, characters: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
        """Words that begin so, with the number of documents that have them, for each segment."""
        return self._words.beginning(characters)

    def counted(self, mask: Mask, facet: Facet) -> Iterator[tuple[str, int]]:
        """How many of the documents have each value."""
        if facet in _TIMES:
            known = self.days[mask & (self.days != NO_DAY)]
            times, counts = np.unique(known // _TIMES[facet], return_counts=True)
            for time, count in zip(times.tolist(), counts.tolist(), strict=True):
                yield _dashed(f"{time:0{_DIGITS[facet]}}"), count
            return
        counts = np.bincount(self._numbers[_FACETS[facet]][mask])
        for code in np.flatnonzero(counts).tolist():
            if self._grams.names[code]:
                yield self._grams.names[code], int(counts[code])

    def shared(self) -> Self:
        """This part, for one owner more."""
        self._owners += 1
        return self

    def close(self) -> None:
        """Every owner says so once; the last one closes its files."""
        self._owners -= 1
        if not self._owners:
            self._grams.close()

    def _all(self, children: Sequence[Expression]) -> Mask:
        """SQLite is asked once for all that it can answer by itself, and last: a quarter in which
        nothing is left by then is not asked at all.
        """
        runs, rest = split(children)
        found = np.full(len(self), fill_value=True)
        for each in (*sorted(rest, key=_costs), *((All(runs),) if runs else ())):
            if found.any():
                found &= self.where(each)
        return found

    def _some(self, children: Sequence[Expression]) -> Mask:
        runs, rest = split(children)
        every = (Some(runs), *rest) if runs else rest
        return self._any(map(self.where, every))

    def _any(self, masks: Iterable[Mask]) -> Mask:
        return reduce(np.logical_or, masks, np.zeros(len(self), np.bool_))

    def _having(self, seqs: Array) -> Mask:
        """Numbers that Whoosh does not know are passed: the side table is ahead of it."""
        mask = np.zeros(len(self), np.bool_)
        if len(self._order):
            places = np.minimum(np.searchsorted(self._sorted, seqs), len(self._order) - 1)
            mask[self._order[places[self._sorted[places] == seqs]]] = True
        return mask

    def _between(self, since: int, until: int) -> Mask:
        within: Mask = (self.days != NO_DAY) & (since <= self.days) & (self.days <= until)
        return within

    def _with_key(self, field: str, values: Iterable[str]) -> Mask:
        codes = [code for value in values if (code := self._codes.get(value)) is not None]
        found = (np.isin(self._numbers[name], codes) for name in _KEYS[field])
        return self._any(found)


def _costs(expression: Expression) -> bool:
    """Whether more than arrays may have to be asked."""
    return not isinstance(expression, Key | Days | Listed)


def _dashed(digits: str) -> str:
    """`YYYY-MM` or `YYYY-MM-DD`."""
    return "-".join(filter(None, (digits[:4], digits[4:6], digits[6:])))


def _texts(document: Document) -> tuple[str, ...]:
    return (document.paper, *document.pages, document.page, document.source)


def _numbers(document: Document, codes: Mapping[str, int]) -> dict[str, int]:
    first, *others = document.pages or ("",)
    return {
        "seq": document.seq,
        "day": document.day,
        "paper": codes[document.paper],
        "page": codes.get(first, NO_CODE),
        "page_name": codes[others[0]] if others else NO_CODE,
        "shown_page": codes[document.page],
        "source": codes[document.source],
    }
