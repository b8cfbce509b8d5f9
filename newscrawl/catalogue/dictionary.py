"""The user's words: what the segmenter shall not cut."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, insert, select

from newscrawl.catalogue.schema import dictionary
from newscrawl.errors import UsageError

MOST = 20_000
"""Words: beyond that it is another dictionary, and every article is looked at for them."""


def words(connection: Connection) -> list[str]:
    """Every word, in the order of its characters."""
    return list(connection.scalars(select(dictionary.c.word).order_by(dictionary.c.word)))


def add(connection: Connection, wanted: Iterable[str]) -> list[str]:
    """Add words, as `segment.user_word` gives them; those that were not there.

    Raises UsageError where they become more than MOST.
    """
    there = words(connection)
    new = sorted(set(wanted).difference(there))
    if len(there) + len(new) > MOST:
        raise UsageError(f"{len(there) + len(new)} words: a dictionary has {MOST} at most")
    if new:
        connection.execute(insert(dictionary), [{"word": word} for word in new])
    return new


def remove(connection: Connection, wanted: Iterable[str]) -> list[str]:
    """Remove words; those that were there."""
    gone = sorted(set(wanted).intersection(words(connection)))
    if gone:
        statement = delete(dictionary).where(dictionary.c.word == bindparam("gone"))
        connection.execute(statement, [{"gone": word} for word in gone])
    return gone
