"""What a version has beside its columns: the fields of its article that are never searched by."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from newscrawl.items import Article

COLUMNS = ("kicker", "headline", "subhead", "source", "page_name")
"""Fields that have a column of their own, as the body has."""
_APART = frozenset(
    {*COLUMNS, "paragraphs", "snapshot_time", "record_id", "formerly", "seq", "words"}
)
_NAMES = tuple(each.name for each in fields(Article) if each.name not in _APART)
_SILENT = ("paper", "edition", "page", "number", "charset")
"""Those that say nothing of the text."""


def of(article: Article) -> dict[str, Any]:
    """As they are stored."""
    values = {name: getattr(article, name) for name in _NAMES}
    return values | {"images": [asdict(image) for image in article.images]}


def emptied(stored: str, paper: str, day: str) -> dict[str, Any]:
    """Nothing of what an article said; `paper` and `day` for what cannot be read."""
    blank = of(Article(paper=paper, edition=day, url=""))
    try:
        held = json.loads(stored)
        kept = {name: held[name] for name in _SILENT}
    except (ValueError, TypeError, KeyError):
        return blank
    return blank | kept
