"""The texts that a query looks at, and nothing else of a version: reading whole ones takes long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, func, select

from newscrawl.catalogue.illegible import UNREAD, require_illegible
from newscrawl.catalogue.schema import versions
from newscrawl.query.tree import TextField

_ASKED = 500
"""Numbers in one statement."""
_INSIDE = "\u2028"
"""A line break inside a text: for search it is one like any other, and parts no texts."""


def lines(
    connection: Connection, seqs: Sequence[int], field: TextField | None
) -> Iterator[tuple[int, str]]:
    """A field of the named versions as it was recorded, each of its texts a line.

    A heading of several lines is one text: U+2028 stands between them.

    Few of them are in memory at a time; unknown numbers, and what cannot be read, are left out.
    """
    for start in range(0, len(seqs), _ASKED):
        yield from _read(connection, seqs[start : start + _ASKED], field)


def _read(
    connection: Connection, seqs: Sequence[int], field: TextField | None
) -> list[tuple[int, str]]:
    try:
        rows = connection.execute(_LINES[field], {"seqs": seqs})
        if field == "author":
            return [(seq, "\n".join((*one, *other))) for seq, one, other in rows]
        return [(seq, text) for seq, text in rows]
    except UNREAD as error:
        require_illegible(error)
    if len(seqs) == 1:
        return []
    return [found for seq in seqs for found in _read(connection, [seq], field)]


def _heading(column: ColumnElement[str]) -> ColumnElement[str]:
    return func.replace(column, "\n", _INSIDE)


def _of(*columns: ColumnElement[Any]) -> Select[Any]:
    seqs: BindParameter[Any] = bindparam("seqs", expanding=True)
    return select(versions.c.seq, *columns).where(versions.c.seq.in_(seqs))


# Statements are built once: building one costs as much as running it.
_LINES: Mapping[TextField | None, Select[Any]] = {
    None: _of(
        _heading(versions.c.headline)
        + "\n"
        + _heading(versions.c.kicker)
        + "\n"
        + _heading(versions.c.subhead)
        + "\n"
        + versions.c.body
    ),
    "headline": _of(_heading(versions.c.headline)),
    "body": _of(versions.c.body),
    "source": _of(versions.c.source),
    "author": _of(versions.c.fields["reporters"], versions.c.fields["correspondents"]),
}
