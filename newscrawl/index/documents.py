"""What the index knows of a version: words for ranking, grams for finding, keys for filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple, Self

from newscrawl.catalogue.illegible import Illegible
from newscrawl.catalogue.log import Entry
from newscrawl.catalogue.versions import Version
from newscrawl.errors import NewscrawlError
from newscrawl.index.lines import lines_of
from newscrawl.index.plan import Column
from newscrawl.items import Article, Words
from newscrawl.query.subject import Subject, day_of, subject_of
from newscrawl.text.segment import Segmenter, segment

WEIGHTS = {"headline": 5, "kicker": 3, "lead": 2, "body": 1}
"""How much a word counts for ranking, by where it stands."""
UNDATED = 0
"""The day of an article whose day cannot be read."""
TOGETHER = 25
"""Versions whose lines are made at once: in a third of the time that they take one by one."""


class Given(NamedTuple):
    """What a document is made of."""

    version: Entry
    words: Words | None = None
    """Where somebody has made them already; those of another dictionary are not used."""
    replaces: tuple[int, ...] = ()
    """See `Document.replaces`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A version, ready to be indexed."""

    seq: int
    article_id: str
    replaces: tuple[int, ...]
    """Earlier versions of the article, by sequence number: they are found no more."""
    words: Words
    columns: Mapping[Column, str]
    """The grams of each column in one line, blanks between; no run goes from one text of the
    column into the next.
    """
    paper: str
    """The spider's name: titles may change, and are looked up when somebody searches."""
    pages: tuple[str, ...]
    """Code and name of the page, folded, as far as it has them."""
    page: str
    """The page's name as shown, without one its code."""
    source: str
    """As shown."""
    day: int
    """YYYYMMDD, or UNDATED."""


def words_of(article: Article, cut: Segmenter = segment) -> Words:
    """Segment an article; the same for a live crawl, an import and a re-index."""
    return _words([subject_of(article)], cut)[0]


def day_number(day: date | None) -> int:
    """YYYYMMDD, or UNDATED."""
    return int(day.strftime("%Y%m%d")) if day else UNDATED


Unfit = Callable[[Given, BaseException], Document | None]
"""Gets a version that cannot be prepared, and why; what stands in its place, if anything."""


def refuse(_given: Given, error: BaseException) -> None:
    """Raises why a version cannot be prepared."""
    raise error


def documents_of(
    given: Iterable[Given], cut: Segmenter = segment, unfit: Unfit = refuse
) -> Iterator[Document]:
    """The documents of versions, in their order; a few at a time are in memory.

    The words of the next few are cut beside the rest of the work: rjieba lets other threads run.
    Where one of the few cannot be prepared, they are taken one by one.
    """
    with ThreadPoolExecutor(1) as cutter:
        for few in _one_ahead(_all_begun(iter(given), cut, cutter)):
            yield from few.documents(unfit)


def emptied(given: Given, cut: Segmenter) -> Document:
    """What is found no more from the beginning, and so takes the place of earlier versions."""
    version = given.version
    return Document(
        seq=version.seq,
        article_id=version.article_id,
        replaces=(*given.replaces, version.seq),
        words=Words(cut.dictionary, headline="", kicker="", lead="", body=""),
        columns=dict.fromkeys(_TEXTS, ""),
        paper="",
        pages=(),
        page="",
        source="",
        day=day_number(day_of(_edition(version))),
    )


def _one_ahead(every: Iterator[_Few]) -> Iterator[_Few]:
    """Each once the next is begun, or cannot be: what stands before it comes first."""
    last = next(every, None)
    while last:
        try:
            following = next(every, None)
        except Exception:
            yield last
            raise
        yield last
        last = following


def _all_begun(waiting: Iterator[Given], cut: Segmenter, cutter: Executor) -> Iterator[_Few]:
    for some in _gathered(waiting):
        yield _Few(some, cut, cutter)


def _gathered(waiting: Iterator[Given]) -> Iterator[list[Given]]:
    """TOGETHER at a time; where reading fails, what was read until then comes first."""
    while True:
        some: list[Given] = []
        try:
            some.extend(islice(waiting, TOGETHER))
        except Exception:
            if some:
                yield some
            raise
        if not some:
            return
        yield some


class _Few:
    """Some versions that are prepared together, if all of them can be."""

    def __init__(self, given: Sequence[Given], cut: Segmenter, cutter: Executor) -> None:
        self._given, self._cut, self._cutter = given, cut, cutter
        self._begun: _Begun | None = None
        with _passing_over_theirs():
            self._begun = _Begun.of(given, cut, cutter)

    def documents(self, unfit: Unfit) -> Iterator[Document]:
        """Once the words are there."""
        made: list[Document] | None = None
        if self._begun is not None:
            with _passing_over_theirs():
                made = self._begun.documents()
        yield from self._one_by_one(unfit) if made is None else made

    def _one_by_one(self, unfit: Unfit) -> Iterator[Document]:
        for given in self._given:
            if document := self._alone(given, unfit):
                yield document

    def _alone(self, given: Given, unfit: Unfit) -> Document | None:
        try:
            [document] = _Begun.of([given], self._cut, self._cutter).documents()
        except BaseException as error:  # a panic of rjieba's is no Exception
            if isinstance(error, _OTHERS):
                raise
            return unfit(given, error)
        return document


_OTHERS = (
    NewscrawlError, OSError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit,
)  # fmt: skip
"""What is not the fault of a version."""


@contextmanager
def _passing_over_theirs() -> Iterator[None]:
    """Passes over what is the fault of a version, to be met again where it is alone."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, _OTHERS):
            raise


@dataclass(frozen=True, slots=True)
class _Begun:
    """Versions whose words are being cut."""

    given: Sequence[Given]
    subjects: Sequence[Subject]
    held: Sequence[Words | None]
    """Of each, as far as somebody has made them already."""
    made: Future[list[Words]]
    """Of the others, in their order."""

    @classmethod
    def of(cls, given: Sequence[Given], cut: Segmenter, cutter: Executor) -> Self:
        subjects = [subject_of(_legible(each.version).article) for each in given]
        held = [
            each.words if each.words and each.words.dictionary == cut.dictionary else None
            for each in given
        ]
        lacking = [subject for words, subject in zip(held, subjects, strict=True) if words is None]
        return cls(given, subjects, held, cutter.submit(_words, lacking, cut))

    def documents(self) -> list[Document]:
        """Once the words are there."""
        columns = list(_columns(self.subjects))
        made = iter(self.made.result())
        each = zip(self.given, self.subjects, columns, self.held, strict=True)
        return [
            _document(given, subject, lines, held or next(made))
            for given, subject, lines, held in each
        ]


def _document(
    given: Given, subject: Subject, columns: Mapping[Column, str], words: Words
) -> Document:
    version = _legible(given.version)
    article = version.article
    return Document(
        seq=version.seq,
        article_id=version.article_id,
        replaces=given.replaces,
        words=words,
        columns=columns,
        paper=article.paper,
        pages=tuple(filter(None, (subject.page, subject.page_name))),
        page=article.page_name or article.page,
        source=article.source,
        day=day_number(subject.date),
    )


def _legible(version: Entry) -> Version:
    """Raises why it cannot be read."""
    if isinstance(version, Illegible):
        raise version.error
    return version


def _edition(version: Entry) -> str:
    return version.day if isinstance(version, Illegible) else version.article.edition


def _words(subjects: Sequence[Subject], cut: Segmenter) -> list[Words]:
    """The words of each."""
    lines = iter(cut.lines([text for subject in subjects for text in _parts(subject)]))
    return [
        Words(cut.dictionary, headline=headline, kicker=kicker, lead=lead, body=body)
        for headline, kicker, lead, body in zip(lines, lines, lines, lines, strict=True)
    ]


def _parts(subject: Subject) -> tuple[str, str, str, str]:
    """The texts whose words weigh differently."""
    lead, *rest = subject.body or ("",)
    return subject.headline, f"{subject.kicker}\n{subject.subhead}", lead, "\n".join(rest)


def _columns(subjects: Sequence[Subject]) -> Iterator[dict[Column, str]]:
    """The lines of each."""
    lines = iter(lines_of(texts(subject) for subject in subjects for texts in _TEXTS.values()))
    for _subject in subjects:
        yield {column: next(lines) for column in _TEXTS}


_TEXTS: Mapping[Column, Callable[[Subject], tuple[str, ...]]] = {
    "headline": lambda subject: (subject.headline,),
    "around": lambda subject: (subject.kicker, subject.subhead),
    "body": lambda subject: subject.body,
    "source": lambda subject: (subject.source,),
    "author": lambda subject: subject.authors,
}
"""What stands in each column."""
