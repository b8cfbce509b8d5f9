"""What the index knows of a version: words for ranking, grams for finding, keys for filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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


def document_of(
    version: Version,
    words: Words | None = None,
    replaces: Iterable[int] = (),
    cut: Segmenter = segment,
) -> Document:
    """The document of a version; words that another dictionary made are not used."""
    article = version.article
    subject = subject_of(article)
    if words is None or words.dictionary != cut.dictionary:
        words = _words_of(subject, cut)
    return Document(
        seq=version.seq,
        article_id=version.article_id,
        replaces=tuple(replaces),
        words=words,
        columns=_columns(subject),
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
        headline=cut(subject.headline),
        kicker=_words(cut, subject.kicker, subject.subhead),
        lead=cut(lead),
        body=_words(cut, *rest),
    )


def _words(cut: Segmenter, *texts: str) -> list[str]:
    return cut("\n".join(texts))


def _columns(subject: Subject) -> dict[Column, str]:
    texts: dict[Column, tuple[str, ...]] = {
        "headline": (subject.headline,),
        "around": (subject.kicker, subject.subhead),
        "body": subject.body,
        "source": (subject.source,),
        "author": subject.authors,
    }
    return dict(zip(texts, lines_of(texts.values()), strict=True))
