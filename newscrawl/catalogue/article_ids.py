"""The ids of articles: given once, from where an article was first seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count

from newscrawl.items import Article
from newscrawl.text.address import address


def proposed_id(article: Article) -> str:
    """The id that an article gets where it is first seen."""
    if article.page and article.number:
        return f"{article.paper}/{article.edition}/{article.page}/{article.number}"
    if article.own_id:
        return f"{article.paper}/{article.own_id}"
    digest = hashlib.sha256(address(article.url).encode()).hexdigest()
    return f"{article.paper}/{digest[:12]}"


def variants(base: str) -> Iterator[str]:
    """`base`, `base~2`, `base~3`…: the ids of different articles that propose the same one."""
    yield base
    yield from (f"{base}~{number}" for number in count(2))
