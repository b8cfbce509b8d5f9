"""Articles of a catalogue that may be found, as brute force looks through them."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.items import Article
from newscrawl.query.subject import folded


@dataclass(frozen=True, slots=True)
class Held:
    """An article that may be found."""

    seq: int
    article: Article
    text: str
    """Its headline and paragraphs, folded, a line each."""


def held(catalogue: Catalogue) -> list[Held]:
    """Every article that may be found, in the order of the catalogue."""
    with catalogue.read() as connection:
        every = range(1, versions.newest_seq(connection) + 1)
        return [
            Held(version.seq, version.article, _folded(version.article))
            for version in versions.streamed(connection, every)
            if version.live
        ]


def texts(article: Article) -> tuple[str, ...]:
    """Headline and paragraphs, as they are shown."""
    return (article.headline, *article.paragraphs)


def _folded(article: Article) -> str:
    shown = (article.headline, article.kicker, article.subhead, *article.paragraphs)
    return "\n".join(map(folded, shown))
