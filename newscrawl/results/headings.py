"""An article's headings as they are shown where there is one line for each."""

from __future__ import annotations

from dataclasses import replace

from newscrawl.items import Article
from newscrawl.text.clean import on_one_line


def with_plain_headings(article: Article) -> Article:
    """The article with its headline, kicker and subhead on one line each."""
    return replace(
        article,
        headline=on_one_line(article.headline),
        kicker=on_one_line(article.kicker),
        subhead=on_one_line(article.subhead),
    )
