"""The words of one part: a Whoosh index of few segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from newscrawl.index.whoosh_engine import tiers
from newscrawl.index.whoosh_engine.arrays import Array, Mask, Numbers
from newscrawl.index.whoosh_engine.codec import Codec, path_of, schema
from newscrawl.index.whoosh_engine.lists import NUMBERS, Lists, Posting
from newscrawl.items import Words

TOGETHER = 8
"""Segments of about one size that are merged, so that a document is rewritten once for every eight
times that its part grows."""
MERGED_DOCUMENTS = 2 * TOGETHER**5
"""At most in one merge, which then takes two seconds and 110 MB. Half as many are a segment that
stays as it is: a part has at most seven segments of each of five sizes, and beside them one for
every 32,768 documents."""
_OPENINGS = 10


def create(directory: Path) -> None:
    """Make an empty index. The directory must hold none: creating over one deletes it."""
    FileStorage(str(directory)).create_index(schema())


class _Writer(SegmentWriter):  # type: ignore[misc]
    """Takes documents with their words, and merges lists instead of postings."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, codec=Codec(), compound=False, timeout=10)

    def add(self, numbers: Mapping[str, int], words: Words) -> None:
        self.perdocwriter.add(numbers, words)
        self.docnum += 1
        self._added = True

    def add_reader(self, reader: Any) -> None:
        segment = reader.segment()
        lists = Lists(path_of(reader.storage(), segment))
        kept = _kept(lists, segment)
        self.perdocwriter.absorb(lists, kept)
        self.docnum += int(kept.sum())
        self._added = True

    def cancel(self) -> None:
        self.perdocwriter.cancel()
        super().cancel()


class WordsWriter:
    """The one writer of a part's words."""

    def __init__(self, directory: Path) -> None:
        """Whoosh itself never removes what a killed commit left of a table of contents."""
        for left in directory.glob("*.toc.*"):
            left.unlink()
        self._index = _open(directory)
        self._writer: _Writer | None = None
        self._sizes: list[int] = []
        """Documents of every segment, as of the last commit."""
        # What a commit wrote of a batch that was never finished is not to be written twice.
        self.last = max((int(s.numbers["seq"].max(initial=0)) for s in self._lists()), default=0)

    def add(self, numbers: Mapping[str, int], words: Words) -> None:
        """Add a document to the commit that is under way."""
        self._opened().add(numbers, words)

    def remove(self, seqs: Iterable[int]) -> None:
        """Take documents out with the commit that is under way."""
        gone = np.array(sorted(seqs), np.int64)
        base = 0
        for lists in self._lists():
            for number in np.flatnonzero(np.isin(lists.numbers["seq"], gone)).tolist():
                self._opened().delete_document(base + number)
            base += len(lists)

    def commit(self) -> None:
        """Make what was added visible."""
        if self._writer is not None:
            self._sizes = [*map(_live, self._writer.segments), self._writer.docnum]
            self._writer.commit(mergetype=_keep)
            self._writer = None

    def cancel(self) -> None:
        """Forget what was added."""
        if self._writer is not None:
            self._writer.cancel()
            self._writer = None

    def merge(self, *, whole: bool = False) -> bool:
        """Merge segments of one size where there are too many, each time in a commit of its own.

        `whole`: into one, if one merge can do that. A search looks for a word in every segment.
        """
        merged, choose = False, tiers.whole if whole else tiers.chosen
        while choose(self._sizes, int, TOGETHER, MERGED_DOCUMENTS):
            writer = self._opened()
            chosen = choose(writer.segments, _live, TOGETHER, MERGED_DOCUMENTS)
            left = [_live(each) for each in writer.segments if each not in chosen]
            self._sizes = [*left, sum(map(_live, chosen))]
            writer.commit(mergetype=_merging(chosen))
            self._writer, merged = None, True
        return merged

    def close(self) -> None:
        self.cancel()
        self._index.close()

    def _opened(self) -> _Writer:
        if self._writer is None:
            self._writer = _Writer(self._index)
        return self._writer

    def _lists(self) -> Iterator[Lists]:
        for lists, _kept_documents in _opened_lists(self._index):
            yield lists


class WordsReader:
    """One committed state of a part's words. Documents are numbered through all segments."""

    def __init__(self, directory: Path) -> None:
        """Raises FileNotFoundError while a writer commits again and again."""
        index = _open(directory)
        opened = list(_opened_lists(index))
        index.close()
        self._lists = [lists for lists, _kept_documents in opened]
        self.kept: Mask = np.concatenate(
            [kept for _lists, kept in opened] or [np.zeros(0, np.bool_)]
        )
        """False for documents that were written anew."""

    def __len__(self) -> int:
        return int(self.kept.size)

    @cached_property
    def numbers(self) -> dict[str, Array]:
        """NUMBERS of every document."""
        return {
            name: np.concatenate([np.zeros(0, kind), *(s.numbers[name] for s in self._lists)])
            for name, kind in NUMBERS.items()
        }

    def find(self, word: str) -> list[Posting]:
        """What a word has, a posting for every segment that knows it."""
        term, base, found = word.encode(), 0, []
        for lists in self._lists:
            posting = lists.find(term)
            if posting is not None:
                numbers: Numbers = posting.documents.astype(np.int64) + base
                found.append(Posting(numbers, posting.impacts))
            base += len(lists)
        return found

    def beginning(self, characters: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
        """Words that begin so, with the number of documents that have them, for each segment."""
        for lists in self._lists:
            yield from lists.beginning(characters)


def _opened_lists(index: FileIndex) -> list[tuple[Lists, Mask]]:
    """The segments' files, all of one commit: a writer may remove them while they are opened."""
    for attempt in range(_OPENINGS):
        try:
            return _lists_of(index)
        except FileNotFoundError:
            if attempt == _OPENINGS - 1:
                raise
    return []


def _lists_of(index: FileIndex) -> list[tuple[Lists, Mask]]:
    with index.reader() as reader:
        segments = [
            (leaf.storage(), leaf.segment())
            for leaf, _offset in reader.leaf_readers()
            if leaf.segment() is not None  # an empty index has one leaf that is none
        ]
        opened = [(Lists(path_of(*each)), each[1]) for each in segments]
    return [(lists, _kept(lists, segment)) for lists, segment in opened]


def _kept(lists: Lists, segment: Any) -> Mask:
    kept = np.ones(len(lists), np.bool_)
    kept[sorted(segment.deleted_docs())] = False
    return kept


def _open(directory: Path) -> FileIndex:
    try:
        return FileStorage(str(directory)).open_index()
    except MemoryError as error:
        raise ValueError(f"{directory}: asks for more memory than there is") from error


def _live(segment: Any) -> int:
    return int(segment.doc_count())


def _merging(chosen: Sequence[Any]) -> Any:
    """A merge policy as Whoosh takes it."""

    def merge(writer: _Writer, segments: list[Any]) -> list[Any]:
        for segment in chosen:
            writer.add_reader(SegmentReader(writer.storage, writer.schema, segment))
        return [segment for segment in segments if segment not in chosen]

    return merge


def _keep(_writer: Any, segments: list[Any]) -> list[Any]:
    return segments
