"""What the index knows of a version: words for ranking, grams for finding, keys for filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    return _words_of(subject_of(article), cut)


def day_number(day: date | None) -> int:
    """YYYYMMDD, or UNDATED."""
    return int(day.strftime("%Y%m%d")) if day else UNDATED


def documents_of(given: Iterable[Given], cut: Segmenter = segment) -> Iterator[Document]:
    """The documents of versions, in their order; a few at a time are in memory."""
    waiting = iter(given)
    while some := list(islice(waiting, TOGETHER)):
        subjects = [subject_of(each.version.article) for each in some]
        for each, subject, columns in zip(some, subjects, _columns(subjects), strict=True):
            yield _document(each, subject, columns, cut)


def _document(
    given: Given, subject: Subject, columns: Mapping[Column, str], cut: Segmenter
) -> Document:
    version, words, replaces = given
    article = version.article
    if words is None or words.dictionary != cut.dictionary:
        words = _words_of(subject, cut)
    return Document(
        seq=version.seq,
        article_id=version.article_id,
        replaces=replaces,
        words=words,
        columns=columns,
        paper=article.paper,
        pages=tuple(filter(None, (subject.page, subject.page_name))),
        page=article.page_name or article.page,
        source=article.source,
        day=day_number(subject.date),
    )


def _words_of(subject: Subject, cut: Segmenter) -> Words:
    lead, *rest = subject.body or ("",)
    return Words(
        dictionary=cut.dictionary,
        headline=_words(cut, subject.headline),
        kicker=_words(cut, subject.kicker, subject.subhead),
        lead=_words(cut, lead),
        body=_words(cut, *rest),
    )


def _words(cut: Segmenter, *texts: str) -> str:
    return " ".join(cut("\n".join(texts)))


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
