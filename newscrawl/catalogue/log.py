"""The log of versions for whoever must get past each of them, also past one that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, TypeGuard

from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.illegible import UNREAD, Illegible, require_illegible
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import articles
from newscrawl.catalogue.schema import versions as table
from newscrawl.catalogue.versions import Version

Entry: TypeAlias = Version | Illegible
READ = 500
"""Versions that are in memory at once."""


def after(connection: Transaction, seq: int, limit: int, upto: int | None = None) -> list[Entry]:
    """As `versions.after`, with what cannot be read in its place."""
    try:
        return list(versions.after(connection, seq, limit, upto))
    except UNREAD as error:
        require_illegible(error)
    wanted = select(table.c.seq).where(table.c.seq > seq).order_by(table.c.seq).limit(limit)
    if upto is not None:
        wanted = wanted.where(table.c.seq <= upto)
    return list(_one_by_one(connection, connection.scalars(wanted).all()))


def named(connection: Transaction, seqs: Iterable[int]) -> Iterator[Entry]:
    """The named versions in order, few of them in memory; unknown numbers are left out."""
    for part in in_parts(sorted(seqs)):
        try:
            found = versions.by_seq(connection, part)
        except UNREAD as error:
            require_illegible(error)
            yield from _one_by_one(connection, part)
        else:
            yield from (found[seq] for seq in part if seq in found)


def before(connection: Transaction, newer: Iterable[Version]) -> dict[int, Version]:
    """`versions.former` in full; those that cannot be read are left out."""
    former = versions.former(connection, newer)
    held = {each.seq: each for each in named(connection, former.values()) if readable(each)}
    return {seq: held[earlier] for seq, earlier in former.items() if earlier in held}


def readable(entry: Entry) -> TypeGuard[Version]:
    """Whether there is something to read."""
    return isinstance(entry, Version)


def every(connection: Transaction) -> Iterator[list[Entry]]:
    """All of the log in order, few of it in memory."""
    seq = 0
    while entries := after(connection, seq, READ):
        yield entries
        seq = entries[-1].seq


def _one_by_one(connection: Transaction, seqs: Sequence[int]) -> Iterator[Entry]:
    for seq in seqs:
        try:
            yield from versions.by_seq(connection, [seq]).values()
        except UNREAD as error:
            require_illegible(error)
            yield _illegible(connection, seq, error)


def _illegible(connection: Transaction, seq: int, error: Exception) -> Illegible:
    row = connection.execute(_HEAD, {"seq": seq}).one()
    identity = versions.identity_of(row.record_id, row.recorded)
    cause = error.orig if isinstance(error, DBAPIError) else error
    shown = cause if isinstance(cause, Exception) else error
    return Illegible(seq, row.article_id, row.n, row.live, row.day, identity, shown)


_HEAD = (
    select(
        table.c.article_id,
        table.c.n,
        table.c.live,
        table.c.record_id,
        table.c.recorded,
        versions.DAY.label("day"),
    )
    .join(articles, articles.c.id == table.c.article_id)
    .where(table.c.seq == bindparam("seq"))
)
