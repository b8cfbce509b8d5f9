"""Making an article's fields clean and bounded, whoever read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from newscrawl.extract.html import absolute
from newscrawl.items import Article, Image
from newscrawl.text.clean import clean_line, clean_paragraph, flowing

LINE = 500
"""Characters of a headline, a caption or a name at most."""
PARAGRAPH = 50_000
MOST_PARAGRAPHS = 5_000
MOST_IMAGES = 500
MOST_NAMES = 100


def normalise(article: Article) -> Article:
    """The article with every text field cleaned; its words are unchanged.

    A paragraph becomes one line, because a body is its paragraphs, a line each; empty ones go,
    and so do pictures that are not at an http(s) address.
    """
    changes = {name: clean(getattr(article, name)) for name, clean in _CLEANERS.items()}
    return replace(article, **changes)


def _line(text: object) -> str:
    return clean_line(str(text), LINE)


def _names(names: list[str]) -> list[str]:
    return [name for name in map(_line, names[:MOST_NAMES]) if name]


def _paragraphs(paragraphs: list[str]) -> list[str]:
    blocks = (clean_paragraph(str(text), PARAGRAPH) for text in paragraphs[:MOST_PARAGRAPHS])
    return [flowing(block.split("\n")) for block in blocks if block]


def _images(images: list[Image]) -> list[Image]:
    return [
        Image(url, _line(image.caption))
        for image in images[:MOST_IMAGES]
        if (url := absolute("", image.url))
    ]


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "headline": _line,
    "kicker": _line,
    "subhead": _line,
    "reporters": _names,
    "correspondents": _names,
    "source": _line,
    "paragraphs": _paragraphs,
    "images": _images,
    "continuation": _line,
    "page": _line,
    "page_name": _line,
    "edition_raw": _line,
}
