"""What tombstones cover: asked by whoever shows, tells or collects anything.

Who takes versions that are `live`, or by `versions.by_seq`, need not ask: what is taken down is
never among them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, bindparam, select

from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import versions
from newscrawl.catalogue.takedown_schema import taken_down, tombstone_marks, tombstones
from newscrawl.catalogue.tombstones import from_row, part_of
from newscrawl.catalogue.withdrawn import SCOPES, Tombstone, address_mark, id_mark, strongest
from newscrawl.text.address import address


def any_stands(connection: Connection) -> bool:
    """Whether anything at all is taken down."""
    return connection.scalar(_ANY) is not None


def covering(
    connection: Connection, marks: Collection[str], urls: Iterable[str] = ()
) -> Tombstone | None:
    """The strongest that covers anything with one of these marks, or at one of these URLs."""
    urls = list(urls)
    asked = [*marks, *map(address_mark, urls)]
    found = [
        from_row(row)
        for part in in_parts(asked)
        for row in connection.execute(_MARKED, part_of(part))
    ]
    where = tuple(map(address, urls))
    found += [
        each
        for each in map(from_row, connection.execute(_PREFIXES))
        if any(one.startswith(each.target) for one in where)
    ]
    return strongest(found)


def of_article(connection: Connection, article_id: str) -> Tombstone | None:
    """The one by which an article is shown to nobody; None where it is not taken down."""
    rows = connection.execute(_OF_ARTICLE, {"article": article_id})
    held = strongest(map(from_row, rows))
    return held or covering(connection, [id_mark(article_id)])


def of_wanted(connection: Connection, wanted: str) -> Tombstone | None:
    """The same for an id or URL that somebody asks for, held or not."""
    return of_article(connection, wanted) or covering(connection, (), [wanted])


def erased_among(connection: Connection, urls: Collection[str]) -> set[str]:
    """Those of some URLs that nothing is to be archived of."""
    return _among(connection, urls, ("erase",))


def covered_among(connection: Connection, urls: Collection[str]) -> set[str]:
    """Those of some URLs at which something is shown to nobody, whatever else it belongs to."""
    return _among(connection, urls, SCOPES) if any_stands(connection) else set()


def _among(connection: Connection, urls: Collection[str], scopes: Sequence[str]) -> set[str]:
    marks = {url: address_mark(url) for url in urls}  # several URLs are one address
    met = {
        each
        for part in in_parts(marks.values())
        for each in connection.scalars(_OF_SCOPES, {**part_of(part), "scopes": scopes})
    }
    found = {url for url, mark in marks.items() if mark in met}
    prefixes = [
        each.target for each in map(from_row, connection.execute(_PREFIXES)) if each.scope in scopes
    ]
    return found | {url for url in urls if any(address(url).startswith(each) for each in prefixes)}


def places(connection: Connection) -> frozenset[str]:
    """The ids of the takedowns that are of addresses and not of articles: of pictures, say."""
    return frozenset(connection.scalars(_PLACES))


def hidden_among(connection: Connection, seqs: Iterable[int]) -> bool:
    """Whether any of some versions is shown to nobody."""
    return any(
        connection.scalar(_HIDDEN_AMONG, {"seqs": part}) is not None for part in in_parts(seqs)
    )


def hidden(connection: Connection) -> list[int]:
    """Every version that an index may have and nobody is to be shown, ascending."""
    return list(connection.scalars(_HIDDEN))


def erased_addresses(connection: Connection) -> tuple[set[str], tuple[str, ...]]:
    """The marks of all addresses that nothing is to be archived of, and their beginnings."""
    marks = set(connection.scalars(_ERASED_MARKS))
    every = map(from_row, connection.execute(_PREFIXES))
    return marks, tuple(each.target for each in every if each.scope == "erase")


def outlawed(connection: Connection, urls: Collection[str]) -> set[str]:
    """Those of some URLs that nothing is to be listed, asked for or archived of."""
    return erased_among(connection, urls) if connection.scalar(_ANY_ERASED) else set()


_STANDING = tombstones.c.state != "lifted"
_MARKED = (
    select(tombstones)
    .join(tombstone_marks, tombstone_marks.c.tombstone_id == tombstones.c.id)
    .where(tombstone_marks.c.mark.in_(bindparam("ids", expanding=True)), _STANDING)
    .distinct()
)
_OF_SCOPES = (
    select(tombstone_marks.c.mark)
    .join(tombstones, tombstones.c.id == tombstone_marks.c.tombstone_id)
    .where(
        tombstone_marks.c.mark.in_(bindparam("ids", expanding=True)),
        tombstones.c.scope.in_(bindparam("scopes", expanding=True)),
        _STANDING,
    )
)
_PREFIXES = select(tombstones).where(tombstones.c.kind == "prefix", _STANDING)
_OF_ARTICLE = (
    select(tombstones)
    .join(taken_down, taken_down.c.tombstone_id == tombstones.c.id)
    .where(taken_down.c.article_id == bindparam("article"))
)
_HIDDEN = (
    select(versions.c.seq)
    .where(versions.c.article_id.in_(select(taken_down.c.article_id)))
    .order_by(versions.c.seq)
)
_PLACES = select(tombstones.c.id).where(tombstones.c.kind != "article", _STANDING)
_HIDDEN_AMONG = (
    select(versions.c.seq)
    .where(
        versions.c.seq.in_(bindparam("seqs", expanding=True)),
        versions.c.article_id.in_(select(taken_down.c.article_id)),
    )
    .limit(1)
)
_ERASED_MARKS = (
    select(tombstone_marks.c.mark)
    .join(tombstones, tombstones.c.id == tombstone_marks.c.tombstone_id)
    .where(tombstones.c.scope == "erase", tombstone_marks.c.mark.startswith("address:"))
)
_ANY = select(tombstones.c.id).where(_STANDING).limit(1)
_ANY_ERASED = select(tombstones.c.id).where(tombstones.c.scope == "erase").limit(1)
