"""Who wrote it, where it comes from, where it goes on: read from the text itself."""

from __future__ import annotations

from dataclasses import replace

from newscrawl.extract.byline import read_byline
from newscrawl.extract.continuation import read_continuation
from newscrawl.extract.source import read_source
from newscrawl.items import Article


def with_credits(article: Article) -> Article:
    """The article with reporters, correspondents, source and continuation from its text."""
    byline = read_byline(article.paragraphs)
    return replace(
        article,
        reporters=list(byline.reporters),
        correspondents=list(byline.correspondents),
        source=read_source(article.paragraphs),
        continuation=read_continuation(article.paragraphs),
    )
