"""How Whoosh reads and writes our segments: the extension points that all its forks share.

The readers here serve Whoosh's own searcher. Ours reads the lists themselves (`words.WordsReader`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import columns, fields, formats
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from newscrawl.index.whoosh_engine.arrays import Mask
from newscrawl.index.whoosh_engine.builder import Builder
from newscrawl.index.whoosh_engine.lists import HEAVIEST, NUMBERS, STEPS, Lists
from newscrawl.items import Words

WORDS = "words"
EXTENSION = ".lists"


def schema() -> fields.Schema:
    """The field that ranks, and the numbers of a document as columns."""
    numbers = {
        name: fields.COLUMN(columns.NumericColumn(kind.char)) for name, kind in NUMBERS.items()
    }
    return fields.Schema(
        **numbers, **{WORDS: fields.FieldType(formats.Existence(), None, scorable=True)}
    )


def path_of(storage: Any, segment: Any) -> Path:
    """Where a segment's file lies."""
    return Path(storage.folder, segment.make_filename(EXTENSION))


class Segment(W3Segment):  # type: ignore[misc]
    """A segment of one file. Part of every index: renaming it asks for a rebuild."""

    def should_assemble(self) -> bool:
        return False


class Codec(base.Codec):  # type: ignore[misc]
    """Whole lists instead of postings one by one. Part of every index, like the segment."""

    length_stats = False

    def per_document_writer(self, storage: Any, segment: Any) -> DocumentWriter:
        return DocumentWriter(path_of(storage, segment))

    def field_writer(self, _storage: Any, _segment: Any) -> _NothingMore:
        return _NothingMore()

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        return TermsReader(Lists(path_of(storage, segment)))

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentReader:
        return DocumentReader(Lists(path_of(storage, segment)), segment)

    def new_segment(self, _storage: Any, indexname: str) -> Segment:
        return Segment(self, indexname)


class DocumentWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Takes documents with their words, and whole segments."""

    def __init__(self, path: Path) -> None:
        self._builder = Builder(path)
        self.is_closed = False

    def add(self, numbers: Mapping[str, int], words: Words) -> None:
        self._builder.add(numbers, words)

    def absorb(self, lists: Lists, kept: Mask) -> None:
        self._builder.absorb(lists, kept)

    def cancel(self) -> None:
        """Write nothing."""
        self.is_closed = True

    def close(self) -> None:
        self._builder.write()
        self.is_closed = True


class _NothingMore(base.FieldWriter):  # type: ignore[misc]
    """The words come with the documents."""

    is_closed = False

    def add_postings(self, _schema: Any, _lengths: Any, _items: Any) -> None:
        pass

    def close(self) -> None:
        self.is_closed = True


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """The words of a segment, for Whoosh's own searcher."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return term[0] == WORDS and self._lists.find(term[1]) is not None

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return ((WORDS, term) for term in self._lists.terms)

    def indexed_field_names(self) -> list[str]:
        return [WORDS]

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return int(self.term_info(fieldname, text).doc_frequency())

    def terms_from(self, _fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        first = bisect_left(self._lists.terms, prefix)
        return (
            (WORDS, self._lists.terms[number]) for number in range(first, len(self._lists.terms))
        )

    def term_info(self, _fieldname: str, text: bytes) -> TermInfo:
        found = self._lists.find(text)
        if found is None:
            raise KeyError(text)
        heaviest = int(found.impacts.max()) * HEAVIEST / STEPS
        return TermInfo(
            weight=heaviest, df=found.documents.size, minlength=1, maxlength=1, maxweight=heaviest
        )

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        found = self._lists.find(text)
        if found is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return ListMatcher(
            found.documents.tolist(),
            (found.impacts.astype(np.float64) * (HEAVIEST / STEPS)).tolist(),
            format=format_,
            scorer=scorer,
            terminfo=self.term_info(fieldname, text),
        )

    def close(self) -> None:
        pass


class DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """The numbers of a segment's documents, for Whoosh's own searcher."""

    def __init__(self, lists: Lists, segment: Any) -> None:
        self._lists = lists
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return len(self._lists)

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Any:
        return self._segment.deleted_docs()

    # Lengths are part of the impacts: to Whoosh every document is as long as every other.

    def doc_field_length(self, _docnum: int, _fieldname: str, _default: int = 0) -> int:
        return 1

    def field_length(self, _fieldname: str) -> int:
        return self.doc_count_all()

    def min_field_length(self, _fieldname: str) -> int:
        return 1

    def max_field_length(self, _fieldname: str) -> int:
        return 1

    def stored_fields(self, _docnum: int) -> dict[str, object]:
        """Texts are the catalogue's."""
        return {}

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self._lists.numbers

    def column_reader(self, fieldname: str, _column: Any) -> Any:
        return self._lists.numbers[fieldname]

    def close(self) -> None:
        pass
