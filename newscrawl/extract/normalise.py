"""Making an article's fields clean and bounded, whoever read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from newscrawl.extract.html import absolute
from newscrawl.items import Article, Image
from newscrawl.text.clean import bounded, clean_paragraph, flowing, on_one_line

LINE = 2_000
"""Characters of a headline, a caption or a name at most."""
PARAGRAPH = 1_000_000
"""Characters of a paragraph at most; a longer one becomes several and loses nothing."""
TEXT = 5_000_000
"""Characters of a body at most, more than the largest page has."""
MOST_IMAGES = 500
MOST_NAMES = 100

_Value = TypeVar("_Value")


def normalise(article: Article) -> Article:
    """The article with every text field cleaned; its words are unchanged.

    Headings keep their line breaks, as `\\n`, because a run of characters goes on across them;
    everything else is on one line. A paragraph becomes one, because a body is its paragraphs, a
    line each; empty ones go, and so do pictures that are not at an http(s) address. What a bound
    leaves out makes the article `shortened`.
    """
    cleaner = _Cleaner()
    cleaned = replace(
        article,
        headline=cleaner.lines(article.headline),
        kicker=cleaner.lines(article.kicker),
        subhead=cleaner.lines(article.subhead),
        reporters=cleaner.names(article.reporters),
        correspondents=cleaner.names(article.correspondents),
        source=cleaner.line(article.source),
        paragraphs=cleaner.paragraphs(article.paragraphs),
        images=cleaner.images(article.images),
        continuation=cleaner.line(article.continuation),
        page=cleaner.line(article.page),
        page_name=cleaner.line(article.page_name),
        edition_raw=cleaner.line(article.edition_raw),
    )
    return replace(cleaned, shortened=article.shortened or cleaner.shortened)


class _Cleaner:
    """Cleans the fields of one article, and knows whether it has left anything out."""

    def __init__(self) -> None:
        self.shortened = False

    def line(self, text: object) -> str:
        return on_one_line(self.lines(text))

    def lines(self, text: object) -> str:
        lines = clean_paragraph(str(text), len(str(text)))
        self.shortened |= len(lines) > LINE
        return bounded(lines, LINE)

    def names(self, names: Sequence[str]) -> list[str]:
        return [name for name in map(self.line, self._first(MOST_NAMES, names)) if name]

    def images(self, images: Sequence[Image]) -> list[Image]:
        return [
            Image(url, self.line(image.caption))
            for image in self._first(MOST_IMAGES, images)
            if (url := absolute("", image.url))
        ]

    def paragraphs(self, texts: Iterable[object]) -> list[str]:
        kept: list[str] = []
        left = TEXT
        for paragraph in _paragraphs(map(str, texts)):
            left -= len(paragraph)
            if left < 0:
                self.shortened = True
                break
            kept.append(paragraph)
        return kept

    def _first(self, most: int, values: Sequence[_Value]) -> Sequence[_Value]:
        self.shortened |= len(values) > most
        return values[:most]


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if block := clean_paragraph(text, len(text)):
            yield from _parted(flowing(block.split("\n")))


def _parted(paragraph: str) -> Iterator[str]:
    """The paragraph, if need be in several, each up to the end of a sentence."""
    start = 0
    while len(paragraph) - start > PARAGRAPH:
        sentences = _SENTENCES.match(paragraph, start, start + PARAGRAPH)
        end = sentences.end() if sentences else start + PARAGRAPH
        yield paragraph[start:end].strip()
        start = end
    yield paragraph[start:].strip()


_SENTENCES = re.compile(r".*[。！？!?…][”’」』）)]*")
