"""What of an article its readers see: the hash of it, and whether two captures show the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from newscrawl.catalogue import wordings
from newscrawl.items import Article
from newscrawl.text.clean import on_one_line
from newscrawl.text.frame import picture_name, without_frame


def content_digest(article: Article) -> str:
    """SHA-256 over what a reader of the article sees; frame, place and time left out.

    Where the lines of a heading end makes no difference: many are held with a blank there.
    """
    seen = [
        *map(on_one_line, (article.kicker, article.headline, article.subhead)),
        article.paragraphs,
        [(image.url.rpartition("/")[2], image.caption) for image in article.images],
    ]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


def shows_the_same(connection: Connection, article_id: str, n: int, article: Article) -> bool:
    """Whether version `n`, whose hash is another, differs in nothing but what a site counts and
    dates by in an article's own place.
    """
    held = wordings.of_version(connection, article_id, n)
    if held.pictures is None:
        return False
    before = _shown(
        (held.kicker, held.headline, held.subhead), held.body.split("\n"), held.pictures
    )
    pictures = [(each.url, each.caption) for each in article.images]
    headings = article.kicker, article.headline, article.subhead
    return before == _shown(headings, article.paragraphs, pictures)


def _shown(
    headings: Iterable[str], paragraphs: Iterable[str], pictures: Sequence[tuple[str, str]]
) -> list[Any]:
    texts = without_frame(filter(None, paragraphs))
    return [
        *map(on_one_line, headings),
        texts,
        [(picture_name(url), said) for url, said in pictures],
    ]
