"""How well an article's own text could be decoded, whatever else stands on its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from newscrawl.items import Article
from newscrawl.text.charset import REPLACEMENT


def with_decode_errors(article: Article) -> Article:
    """The article with its characters counted, and those among them that could not be decoded.

    Only what was read as the article counts: scripts around a short text dilute no errors, and
    a broken footer condemns no sound text.
    """
    texts = list(_texts(article))
    return replace(
        article,
        decode_errors=sum(text.count(REPLACEMENT) for text in texts),
        characters=sum(map(len, texts)),
    )


def _texts(article: Article) -> Iterator[str]:
    yield from (article.kicker, article.headline, article.subhead)
    yield from article.paragraphs
    yield from (image.caption for image in article.images)
    yield from (*article.reporters, *article.correspondents, article.source, article.continuation)
