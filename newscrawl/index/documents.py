"""What the index knows of a version: words for ranking, grams for finding, keys for filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from newscrawl.catalogue.versions import Version
from newscrawl.index.plan import Column
from newscrawl.items import Article, Words
from newscrawl.query.subject import folded
from newscrawl.text.grams import GAP, document_grams, gram_line
from newscrawl.text.segment import DICTIONARY, segment

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
    replaces: tuple[int, ...] = ()
    """Sequence numbers of earlier versions."""
    columns: Mapping[Column, str] = field(default_factory=dict)
    """A line of grams each, blanks between them."""
    page: str = ""
    """The page's name as shown, without one its code."""
    source: str = ""
    """As shown."""


def words_of(article: Article) -> Words:
    """Segment an article; the same for a live crawl, an import and a re-index."""
    lead, *rest = article.paragraphs or [""]
    return Words(
        dictionary=DICTIONARY,
        headline=_words(article.headline),
        kicker=_words(article.kicker, article.subhead),
        lead=_words(lead),
        body=_words(*rest),
    )


def document_of(version: Version, words: Words | None = None) -> Document:
    """The document of a version; words that another dictionary made are not used."""
    article = version.article
    if words is None or words.dictionary != DICTIONARY:
        words = words_of(article)
    return Document(
        seq=version.seq,
        article_id=version.article_id,
        words=words,
        grams=list(dict.fromkeys(_grams(article))),
        paper=folded(article.paper),
        pages=[folded(text) for text in (article.page, article.page_name) if text],
        day=article.edition.replace("-", ""),
        columns=_columns(article),
        page=article.page_name or article.page,
        source=article.source,
    )


def _words(*texts: str) -> list[str]:
    return [word for text in texts for word in segment(folded(text))]


def _columns(article: Article) -> dict[Column, str]:
    texts: dict[Column, Sequence[str]] = {
        "headline": [article.headline],
        "around": [article.kicker, article.subhead],
        "body": article.paragraphs,
        "source": [article.source],
        "author": [*article.reporters, *article.correspondents],
    }
    return {column: _line(each) for column, each in texts.items() if any(each)}


def _line(texts: Iterable[str]) -> str:
    return f" {GAP} ".join(" ".join(gram_line(folded(text))) for text in texts)


def _grams(article: Article) -> Iterator[str]:
    for text in (article.headline, article.kicker, article.subhead, *article.paragraphs):
        yield from document_grams(folded(text))
    yield from _marked(SOURCE_MARK, [article.source])
    yield from _marked(AUTHOR_MARK, [*article.reporters, *article.correspondents])


def _marked(mark: str, texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from (mark + gram for gram in document_grams(folded(text)))
