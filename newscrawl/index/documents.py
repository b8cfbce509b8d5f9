"""What the index knows of a version: words for ranking, grams for finding, keys for filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple

from newscrawl.catalogue.versions import Version
from newscrawl.index.lines import lines_of
from newscrawl.index.plan import Column
from newscrawl.items import Article, Words
from newscrawl.query.subject import Subject, subject_of
from newscrawl.text.segment import Segmenter, segment

WEIGHTS = {"headline": 5, "kicker": 3, "lead": 2, "body": 1}
"""How much a word counts for ranking, by where it stands."""
UNDATED = 0
"""The day of an article whose day cannot be read."""
TOGETHER = 25
"""Versions whose lines are made at once: in a third of the time that they take one by one."""


class Given(NamedTuple):
    """What a document is made of."""

    version: Version
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


def documents_of(given: Iterable[Given], cut: Segmenter = segment) -> Iterator[Document]:
    """The documents of versions, in their order; a few at a time are in memory.

    The words of the next few are cut beside the rest of the work: rjieba lets other threads run.
    """
    with ThreadPoolExecutor(1) as cutter:
        for few in _one_ahead(_all_begun(iter(given), cut, cutter)):
            yield from few.documents()


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
    while some := list(islice(waiting, TOGETHER)):
        yield _begun(some, cut, cutter)


def _begun(given: Sequence[Given], cut: Segmenter, cutter: Executor) -> _Few:
    subjects = [subject_of(each.version.article) for each in given]
    held = [
        each.words if each.words and each.words.dictionary == cut.dictionary else None
        for each in given
    ]
    lacking = [subject for words, subject in zip(held, subjects, strict=True) if words is None]
    return _Few(given, subjects, held, cutter.submit(_words, lacking, cut))


@dataclass(frozen=True, slots=True)
class _Few:
    """Versions whose words are being cut."""

    given: Sequence[Given]
    subjects: Sequence[Subject]
    held: Sequence[Words | None]
    """Of each, as far as somebody has made them already."""
    made: Future[list[Words]]
    """Of the others, in their order."""

    def documents(self) -> Iterator[Document]:
        """Once the words are there."""
        columns = list(_columns(self.subjects))
        made = iter(self.made.result())
        each = zip(self.given, self.subjects, columns, self.held, strict=True)
        for given, subject, lines, held in each:
            yield _document(given, subject, lines, held or next(made))


def _document(
    given: Given, subject: Subject, columns: Mapping[Column, str], words: Words
) -> Document:
    version, article = given.version, given.version.article
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
