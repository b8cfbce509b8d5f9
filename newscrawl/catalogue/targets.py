"""What of the articles that are held a takedown means, and by what they are known again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, bindparam, select

from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import aliases, articles, versions
from newscrawl.catalogue.withdrawn import address_mark, content_marks, id_mark
from newscrawl.catalogue.wordings import decoded, raw
from newscrawl.text.address import address


def held_as(connection: Connection, wanted: str) -> list[str]:
    """The article of an id, or else of a URL that it was seen at; none where none is held."""
    for statement, asked in ((_NAMED, wanted), (_SEEN_AT, address(wanted))):
        if found := list(connection.scalars(statement, {"asked": asked})):
            return found
    return []


def held_under(connection: Connection, prefix: str) -> list[str]:
    """The articles with an address that begins so."""
    beyond = prefix + "\U0010ffff"
    wanted = select(aliases.c.article_id).where(aliases.c.address.between(prefix, beyond))
    return list(dict.fromkeys(connection.scalars(wanted)))


def held_by_marks(connection: Connection, marks: Collection[str]) -> list[str]:
    """The articles with an address of these marks: all addresses are looked at."""
    return [
        article_id
        for where, article_id in connection.execute(select(aliases))
        if address_mark(where) in marks
    ]


def same_texts(connection: Connection, article_ids: Iterable[str]) -> list[str]:
    """Other articles with the same text, among those of the same stories."""
    mine = list(article_ids)
    marks = set(texts_of(connection, mine))
    others: dict[str, None] = {}
    for part in in_parts(mine):
        for article_id, digest, body in connection.execute(_MATES, {"ids": part}):
            if article_id not in mine and marks & set(content_marks(digest, decoded(body))):
                others[article_id] = None
    return list(others)


def marks_of(connection: Connection, article_ids: Iterable[str]) -> list[str]:
    """By which articles that are held are known again: ids, addresses and texts."""
    wanted = list(article_ids)
    return [*places_of(connection, wanted), *texts_of(connection, wanted)]


def places_of(connection: Connection, article_ids: Iterable[str]) -> list[str]:
    """The marks of articles' ids and addresses."""
    wanted = list(article_ids)
    found = [id_mark(each) for each in wanted]
    for part in in_parts(wanted):
        found += map(address_mark, connection.scalars(_ADDRESSES, {"ids": part}))
    return found


def texts_of(connection: Connection, article_ids: Iterable[str]) -> Iterator[str]:
    """The marks of every text of articles."""
    for part in in_parts(article_ids):
        for digest, body in connection.execute(_TEXTS, {"ids": part}):
            yield from content_marks(digest, decoded(body)) if digest else ()


_NAMED = select(articles.c.id).where(articles.c.id == bindparam("asked"))
_SEEN_AT = select(aliases.c.article_id).where(aliases.c.address == bindparam("asked"))
_SAME = articles.alias()
_MATES = (
    select(articles.c.id, versions.c.digest, raw(versions.c.body))
    .join(_SAME, _SAME.c.story_id == articles.c.story_id)
    .join(versions, versions.c.article_id == articles.c.id)
    .where(_SAME.c.id.in_(bindparam("ids", expanding=True)))
)
_ADDRESSES = select(aliases.c.address).where(
    aliases.c.article_id.in_(bindparam("ids", expanding=True))
)
_TEXTS = select(versions.c.digest, raw(versions.c.body)).where(
    versions.c.article_id.in_(bindparam("ids", expanding=True))
)
