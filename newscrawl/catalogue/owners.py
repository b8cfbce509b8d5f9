"""Whose a capture is: the articles that were read from it, or else at its address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Connection, Row, bindparam, select, union

from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import aliases, sightings, snapshots, versions
from newscrawl.catalogue.takedown_schema import taken_down, tombstones
from newscrawl.text.address import address

Owners: TypeAlias = Mapping[str, set[str]]
"""By record id, article ids."""


def of_held(connection: Connection, record_ids: Iterable[str]) -> set[str]:
    """Those of some captures that belong to articles of which none is to be erased."""
    owners = _owners(connection, record_ids)
    erased = _erased(connection, {each for its in owners.values() for each in its})
    return {record_id for record_id, its in owners.items() if not its & erased}


def _owners(connection: Connection, record_ids: Iterable[str]) -> Owners:
    wanted = list(record_ids)
    found = _readers(connection, wanted)
    for part in in_parts(each for each in wanted if each not in found):
        for row in connection.execute(_CAPTURES, {"ids": part}).all():
            if readers := _at_its_address(connection, row):
                found[row.record_id] = readers
    return found


def _readers(connection: Connection, record_ids: Iterable[str]) -> dict[str, set[str]]:
    """The articles that were read from captures, or of which these show what became."""
    found = defaultdict[str, set[str]](set)
    for part in in_parts(record_ids):
        for record_id, article_id in connection.execute(_READ, {"ids": part}):
            found[record_id].add(article_id)
    return dict(found)


def _at_its_address(connection: Connection, row: Row[*tuple[Any, ...]]) -> set[str]:
    """Of a reading that brought nothing new: first by its bytes, for several imported articles may
    share an address; then by time, for an address may have gone from one article to another.
    """
    here = {"url": row.requested_url, "id": row.id, "digest": row.payload_digest}
    for statement in (_ALIKE, _LAST, _NEXT):
        reading = connection.scalars(statement, here).all()
        if reading:
            return set().union(*_readers(connection, reading).values())
    where = {"ids": [address(row.requested_url), address(row.url)]}
    return set(connection.scalars(_KNOWN_AS, where))


def _erased(connection: Connection, article_ids: Iterable[str]) -> set[str]:
    return {
        each
        for part in in_parts(article_ids)
        for each in connection.scalars(_ERASED, {"ids": part})
    }


TO_ERASE = (
    select(taken_down.c.article_id)
    .join(tombstones, tombstones.c.id == taken_down.c.tombstone_id)
    .where(tombstones.c.scope == "erase")
)
"""The articles that are erased, or will be."""
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_READ = union(
    select(versions.c.record_id, versions.c.article_id).where(versions.c.record_id.in_(_IDS)),
    select(sightings.c.record_id, sightings.c.article_id).where(sightings.c.record_id.in_(_IDS)),
)
_CAPTURES = select(
    snapshots.c.id,
    snapshots.c.record_id,
    snapshots.c.requested_url,
    snapshots.c.url,
    snapshots.c.payload_digest,
).where(snapshots.c.record_id.in_(_IDS))
_READ_HERE = (
    select(snapshots.c.record_id)
    .where(snapshots.c.requested_url == bindparam("url"))
    .where(
        select(versions.c.seq).where(versions.c.record_id == snapshots.c.record_id).exists()
        | select(sightings.c.id).where(sightings.c.record_id == snapshots.c.record_id).exists()
    )
    .limit(1)
)
_LAST = _READ_HERE.where(snapshots.c.id < bindparam("id")).order_by(snapshots.c.id.desc())
_NEXT = _READ_HERE.where(snapshots.c.id > bindparam("id")).order_by(snapshots.c.id)
_ALIKE = _LAST.where(snapshots.c.payload_digest == bindparam("digest"))
_KNOWN_AS = select(aliases.c.article_id).where(aliases.c.address.in_(_IDS))
_ERASED = TO_ERASE.where(taken_down.c.article_id.in_(_IDS))
