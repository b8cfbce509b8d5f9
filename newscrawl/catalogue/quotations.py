"""What of erased texts other articles have as well: common phrases, and quotations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, LargeBinary, cast, select

from newscrawl.catalogue import owners
from newscrawl.catalogue.schema import versions
from newscrawl.text.traces import Traces

SEVERAL = 3
"""Pieces, at least, that another article has of a text where it reprints it …"""
SHARE = 3
"""… and one in so many, at least, of all its pieces: a few formulas are no reprint."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Shared:
    """What is no trace, and who reprints."""

    common: Traces
    reprints: frozenset[str]
    """The captures that reprints were read from."""


class _Text(NamedTuple):
    record_id: str
    headings: str
    """With the captions."""
    body: str


def shared(connection: Connection, traces: Traces) -> Shared:
    """Look through every text that is held and not to be erased.

    A clause is common where another article says it anywhere; a heading only where it stands in a
    heading or a caption of another, for what only names it in its text quotes it.
    """
    headings, clauses, reprints = set[str](), set[str](), set[str]()
    if not traces:
        return Shared(Traces(), frozenset())
    for text in _texts(connection):
        above = traces.held_in(text.headings)
        inside = traces.held_in(text.body)
        headings |= above.headings
        clauses |= above.clauses | inside.clauses
        many = len(above.pieces | inside.pieces)
        if many >= SEVERAL and many * SHARE >= len(traces.pieces):
            reprints.add(text.record_id)
    return Shared(Traces(frozenset(headings), frozenset(clauses)), frozenset(reprints))


def _texts(connection: Connection) -> Iterator[_Text]:
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_HELD)
    for record_id, *pieces in rows:
        # One row that a disk has spoiled must keep nothing from being erased.
        *headings, fields, body = (each.decode("utf-8", "replace") for each in pieces)
        yield _Text(record_id, "\n".join([*headings, fields]), body)


_HELD = select(
    versions.c.record_id,
    cast(versions.c.headline, LargeBinary),
    cast(versions.c.kicker, LargeBinary),
    cast(versions.c.subhead, LargeBinary),
    cast(versions.c.fields, LargeBinary),
    cast(versions.c.body, LargeBinary),
).where(versions.c.article_id.not_in(owners.TO_ERASE))
