"""The Whoosh engine, and the only importer of whoosh. Ranks versions by their words.

Only what whoosh 2.7.4 and its forks share is used. Terms carry no positions: phrases are
answered by the side table and the text, which halves the index.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats, scoring
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader, TermNotFound

from newscrawl.index.documents import WEIGHTS, Document
from newscrawl.items import Words

POOL_MEGABYTES = 4
POOL_MEGABYTES_EACH = 0.064
"""What a commit may hold in memory, at least and for each version, by Whoosh's own estimate: as
much as the versions need, so that they are not sorted on disk; what a merge brings is.
"""
B, K1 = 0.75, 1.2
"""BM25's parameters, as in its literature."""
USUAL_LENGTH = 500
"""Words of a news article, counted as often as they weigh."""
SEGMENTS = 48
"""Segments an index may have before its small ones are merged."""


def create(directory: Path) -> None:
    """Make an empty index. The directory must hold none: creating over one deletes it."""
    FileStorage(str(directory)).create_index(_schema())


class _Scorer(scoring.WeightLengthScorer):  # type: ignore[misc]
    """BM25 around a fixed length.

    Whoosh's own compares with the mean length, which it adds up from rounded numbers when it
    merges: a rebuilt index would then rank differently from the one that grew.
    """

    def __init__(self, searcher: Any, fieldname: str, text: bytes) -> None:
        self._idf = searcher.get_parent().idf(fieldname, text)
        self.setup(searcher, fieldname, text)

    def _score(self, weight: float, length: float) -> float:
        return float(scoring.bm25(self._idf, weight, length, USUAL_LENGTH, B, K1))


class _Ranking(scoring.WeightingModel):  # type: ignore[misc]
    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> Any:  # noqa: ARG002
        if not searcher.schema[fieldname].scorable:
            return scoring.WeightScorer(1.0)
        return _Scorer(searcher, fieldname, text)


class WeighedWords(formats.Existence):  # type: ignore[misc]
    """Postings made of `(word, weight)` pairs: a fifth smaller and faster than Whoosh's own
    counting of a list of words. Part of every index: renaming it asks for a rebuild.
    """

    def word_values(
        self,
        value: Iterable[tuple[str, int]],
        _analyzer: None,
        **_options: object,
    ) -> Iterator[tuple[str, int, float, bytes]]:
        return ((word, weight, float(weight), b"") for word, weight in value)


class Merge(Enum):
    """What of the segments a commit writes anew."""

    NOTHING = auto()
    SMALL = auto()
    """The smaller half."""
    OUTDATED = auto()
    """Those that hold deleted versions, so that these no longer weigh in ranking's statistics."""


class AddWords:
    """What a commit that is under way takes."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def replace(self, article_ids: Iterable[str]) -> None:
        """Take out the earlier versions of articles. Call it before newer ones are added."""
        for article_id in article_ids:
            self._writer.delete_by_term("article", article_id)

    def __call__(self, document: Document) -> None:
        """Add a version."""
        self._writer.add_document(
            seq=document.seq,
            article=document.article_id,
            day=document.day,
            days=int(document.day),
            paper=document.paper,
            page=document.pages,
            words=_weighted(document.words),
        )


class WhooshWriter:
    """The one writer of an index."""

    def __init__(self, directory: Path) -> None:
        """Whoosh itself never removes what a killed commit left of a table of contents."""
        for left in directory.glob("*.toc.*"):
            left.unlink()
        self._index = _open(directory)
        self._segments = 0

    @property
    def generation(self) -> int:
        """The number of the newest commit."""
        return int(self._index.latest_generation())

    @contextmanager
    def adding(self, count: int, merge: Merge = Merge.NOTHING) -> Iterator[AddWords]:
        """Make the `count` versions added in the block visible at its end; nothing if it raises."""
        pool = max(POOL_MEGABYTES, count * POOL_MEGABYTES_EACH)
        writer = self._index.writer(limitmb=pool, timeout=10)
        self._segments = len(writer.segments)
        try:
            yield AddWords(writer)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=_MERGES[merge])

    def crowded(self) -> bool:
        """Whether there are so many segments that a search suffers."""
        return self._segments >= SEGMENTS

    def needs_tidying(self) -> bool:
        """Whether deleted versions still weigh in the statistics of ranking."""
        with self._index.reader() as reader:
            return bool(reader.has_deletions())

    def close(self) -> None:
        self._index.close()


class WhooshReader:
    """One generation of an index."""

    def __init__(self, directory: Path) -> None:
        self._index = _open(directory)
        self._searcher = self._index.searcher(weighting=_Ranking())

    @property
    def generation(self) -> int:
        return int(self._searcher.reader().generation() or 0)

    @cached_property
    def days(self) -> dict[int, int]:
        """The day, as the number YYYYMMDD, of every version that may be found, by sequence."""
        return {
            seqs[number]: day
            for leaf, seqs in self._leaves
            for number, day in enumerate(leaf.reader().column_reader("days"))
            if not leaf.reader().is_deleted(number)
        }

    def having(self, field: str, key: str) -> set[int]:
        """Versions with this key in the field `paper` or `page`."""
        return set(self._seqs_of(field, key))

    def between(self, since: str, until: str) -> set[int]:
        """Versions of the days `since` to `until`, `YYYYMMDD`, both included."""
        found: set[int] = set()
        for text in self._searcher.reader().field_terms("day"):
            if since <= text <= until:
                found.update(self._seqs_of("day", text))
        return found

    def scores(self, words: Sequence[str]) -> dict[int, float]:
        """BM25F of every version that has at least one of the words."""
        scores: dict[int, float] = {}
        for word in words:
            for leaf, seqs in self._leaves:
                for number, score in _scored(leaf, "words", word):
                    seq = seqs[number]
                    scores[seq] = scores.get(seq, 0.0) + score
        return scores

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    @cached_property
    def _leaves(self) -> list[tuple[Any, array[int]]]:
        return [
            (leaf, array("q", leaf.reader().column_reader("seq")))
            for leaf, _offset in self._searcher.leaf_searchers()
            if leaf.reader().doc_count_all()  # an empty index has one leaf without columns
        ]

    def _seqs_of(self, field: str, key: str) -> Iterator[int]:
        for leaf, seqs in self._leaves:
            for number, _score in _scored(leaf, field, key):
                yield seqs[number]


def _scored(leaf: Any, field: str, word: str) -> Iterator[tuple[int, float]]:
    try:
        matcher = leaf.postings(field, word)
    except TermNotFound:
        return
    while matcher.is_active():
        yield matcher.id(), matcher.score()
        matcher.next()


def _open(directory: Path) -> FileIndex:
    return FileStorage(str(directory)).open_index()


def _schema() -> fields.Schema:
    return fields.Schema(
        seq=fields.COLUMN(columns.NumericColumn("q")),
        article=fields.ID(),
        day=fields.ID(),
        days=fields.COLUMN(columns.NumericColumn("i")),
        paper=fields.ID(),
        page=fields.KEYWORD(),
        words=fields.FieldType(WeighedWords(), None, scorable=True),
    )


def _weighted(words: Words) -> tuple[tuple[str, int], ...]:
    """Every word once, with the sum of what its places weigh: the weight that BM25F gives it."""
    weights: dict[str, int] = {}
    for field, weight in WEIGHTS.items():
        for word in getattr(words, field):
            weights[word] = weights.get(word, 0) + weight
    return tuple(weights.items())


def _keep(_writer: Any, segments: list[Any]) -> list[Any]:
    return segments


def _merge_small(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge the smaller half, so that each version moves rarely."""
    by_size = sorted(segments, key=lambda segment: segment.doc_count_all())
    small, large = by_size[: SEGMENTS // 2 + 1], by_size[SEGMENTS // 2 + 1 :]
    _rewrite(writer, small)
    return large


def _purge(writer: Any, segments: list[Any]) -> list[Any]:
    _rewrite(writer, [segment for segment in segments if segment.has_deletions()])
    return [segment for segment in segments if not segment.has_deletions()]


def _rewrite(writer: Any, segments: Iterable[Any]) -> None:
    for segment in segments:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()


_MERGES = {Merge.NOTHING: _keep, Merge.SMALL: _merge_small, Merge.OUTDATED: _purge}
