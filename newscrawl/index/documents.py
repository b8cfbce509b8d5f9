"""What the index knows of a version: words for ranking, grams for finding, keys for filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newscrawl.catalogue.versions import Version
from newscrawl.items import Article, Words
from newscrawl.query.subject import folded
from newscrawl.text.grams import document_grams
from newscrawl.text.segment import Segmenter, segment

SOURCE_MARK = "\u00a7"
AUTHOR_MARK = "\u00b6"
"""Put before the grams of a source or author, which only their own fields find."""

WEIGHTS = {"headline": 5, "kicker": 3, "lead": 2, "body": 1}
"""How much a word counts for ranking, by where it stands."""


@dataclass(frozen=True, slots=True)
class Document:
    """A version, ready to be indexed."""

    seq: int
    article_id: str
    words: Words
    grams: list[str]
    paper: str
    """The spider's name: titles may change, and are looked up when somebody searches."""
    pages: list[str]
    day: str
    """`YYYYMMDD`."""


def words_of(article: Article, cut: Segmenter = segment) -> Words:
    """Segment an article; the same for a live crawl, an import and a re-index."""
    lead, *rest = article.paragraphs or [""]
    return Words(
        dictionary=cut.dictionary,
        headline=_words(cut, article.headline),
        kicker=_words(cut, article.kicker, article.subhead),
        lead=_words(cut, lead),
        body=_words(cut, *rest),
    )


def document_of(version: Version, words: Words | None = None, cut: Segmenter = segment) -> Document:
    """The document of a version; words that another dictionary made are not used."""
    article = version.article
    if words is None or words.dictionary != cut.dictionary:
        words = words_of(article, cut)
    return Document(
        seq=version.seq,
        article_id=version.article_id,
        words=words,
        grams=list(dict.fromkeys(_grams(article))),
        paper=folded(article.paper),
        pages=[folded(text) for text in (article.page, article.page_name) if text],
        day=article.edition.replace("-", ""),
    )


def _words(cut: Segmenter, *texts: str) -> list[str]:
    return [word for text in texts for word in cut(folded(text))]


def _grams(article: Article) -> Iterator[str]:
    for text in (article.headline, article.kicker, article.subhead, *article.paragraphs):
        yield from document_grams(folded(text))
    yield from _marked(SOURCE_MARK, [article.source])
    yield from _marked(AUTHOR_MARK, [*article.reporters, *article.correspondents])


def _marked(mark: str, texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from (mark + gram for gram in document_grams(folded(text)))
