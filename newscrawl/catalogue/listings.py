"""Where editions list something: in their own one, and in whatever other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import aliases, editions, entries
from newscrawl.catalogue.withdrawn import Tombstone, address_mark


class Listed(NamedTuple):
    """An entry of an edition."""

    id: int
    paper: str
    day: str
    url: str
    label: str

    @property
    def folder(self) -> str:
        """The archive's, with a slash at its end."""
        return f"{self.paper}/{self.day}/"


def of_articles(connection: Connection, article_ids: Iterable[str]) -> list[Listed]:
    """At the addresses of articles."""
    return [
        Listed(*row)
        for part in in_parts(article_ids)
        for row in connection.execute(_OF_ARTICLES, {"ids": part})
    ]


def named_by(connection: Connection, tombstone: Tombstone) -> list[Listed]:
    """At what a tombstone names itself, held or not: an address, for which all are looked at, or
    the beginning of addresses.
    """
    if tombstone.kind == "prefix":
        here = {"from": tombstone.target, "to": f"{tombstone.target}\U0010ffff"}
        return [Listed(*row) for row in connection.execute(_UNDER, here)]
    if tombstone.kind == "address":
        every = (Listed(*row) for row in connection.execute(_EVERY))
        return [each for each in every if address_mark(each.url) == tombstone.target]
    return []


def remove(connection: Connection, listed: Iterable[Listed]) -> None:
    """Let no edition list these."""
    for part in in_parts(each.id for each in listed):
        connection.execute(delete(entries).where(entries.c.id.in_(part)))


_EVERY = select(
    entries.c.id, editions.c.paper, editions.c.day, entries.c.url, entries.c.label
).join(editions, editions.c.id == entries.c.edition_id)
_OF_ARTICLES = _EVERY.join(aliases, aliases.c.address == entries.c.address).where(
    aliases.c.article_id.in_(bindparam("ids", expanding=True))
)
_UNDER = _EVERY.where(entries.c.address.between(bindparam("from"), bindparam("to")))
