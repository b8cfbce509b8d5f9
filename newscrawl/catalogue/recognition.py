"""Which of the articles that are held one is that comes: by its address, its id, its text."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, func, select

from newscrawl.catalogue import wordings
from newscrawl.catalogue.article_ids import proposed_id, variants
from newscrawl.catalogue.schema import aliases, versions
from newscrawl.catalogue.wordings import decoded, raw
from newscrawl.items import Article
from newscrawl.text.address import address
from newscrawl.text.sameness import Text, same_article

Known: TypeAlias = Row[*tuple[Any, ...]]
"""The newest version of an article, as far as it tells it from others: its texts as their bytes,
for a spoiled row keeps no later reading from being recorded.
"""


def was_news(connection: Connection, article: Article) -> bool:
    """Whether it is held, and came otherwise than silently: an edit of it is news, however old it
    is.
    """
    known = recognise(connection, article, address(article.url))
    if known is None or not is_same(known, article):
        return False
    return not wordings.of_version(connection, known.article_id, known.n).silent


def recognise(connection: Connection, article: Article, where: str) -> Known | None:
    """The newest version of the article at this address, or else under this id."""
    if article.formerly:
        return connection.execute(_BY_ID, {"proposed": article.formerly}).one_or_none()
    if article.own_id:
        return _known_by_id(connection, article)
    return connection.execute(
        _KNOWN, {"where": where, "proposed": proposed_id(article)}
    ).one_or_none()


def _known_by_id(connection: Connection, article: Article) -> Known | None:
    """The newest version of the same article under this id, or else the last that has the id."""
    known = None
    for article_id in variants(proposed_id(article)):
        found = connection.execute(_BY_ID, {"proposed": article_id}).one_or_none()
        if found is None:
            break
        known = found
        if is_same(known, article):
            break
    return known


def is_mine(known: Known, article: Article, digest: str) -> bool:
    """Whether what is held is this article, edited or not."""
    return bool(known.digest == digest) or is_same(known, article)


def is_same(known: Known, article: Article) -> bool:
    """The same by what both say."""
    held = Text(decoded(known.headline), decoded(known.body))
    return same_article(held, Text(article.headline, article.body))


# Statements are built once: building one costs as much as running it.
_by_address = select(aliases.c.article_id).where(aliases.c.address == bindparam("where"))
_NEWEST = (
    select(
        versions.c.article_id,
        versions.c.n,
        versions.c.digest,
        versions.c.state,
        raw(versions.c.headline).label("headline"),
        raw(versions.c.body).label("body"),
    )
    .order_by(versions.c.n.desc())
    .limit(1)
)
_KNOWN = _NEWEST.where(
    versions.c.article_id == func.coalesce(_by_address.scalar_subquery(), bindparam("proposed"))
)
_BY_ID = _NEWEST.where(versions.c.article_id == bindparam("proposed"))
