"""When the index had come so far: what the ledger knows of indexing.

Kept only while somebody subscribes, and for KEPT.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, ScalarSelect, case, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql.elements import ColumnElement

from newscrawl.catalogue.alert_schema import index_marks
from newscrawl.text.dates import iso

KEPT = timedelta(days=30)
_FORGOTTEN = 100
"""Rows that are looked at to be forgotten with one that is noted: more than come."""


def note(connection: Connection, beyond: int, mark: int, at: datetime) -> None:
    """Versions beyond one mark up to another can be found since the aware time `at`.

    The first time stays, whatever comes again; what is older than KEPT is forgotten.
    """
    connection.execute(_NOTE, {"mark": mark, "beyond": beyond, "at": iso(at)})
    connection.execute(_FORGET.where(index_marks.c.at < iso(at - KEPT)))


def indexed(seq: ColumnElement[int]) -> ScalarSelect[str | None]:
    """When a version could be found, as an expression: at the first mark at or beyond it, and
    null where it was indexed unnoted, before the batch of that mark.
    """
    return (
        select(case((index_marks.c.beyond < seq, index_marks.c.at)))
        .where(index_marks.c.mark >= seq)
        .order_by(index_marks.c.mark)
        .limit(1)
        .scalar_subquery()
    )


_NOTE = upsert(index_marks).on_conflict_do_nothing(index_elements=["mark"])
_OLDEST = select(index_marks.c.mark).order_by(index_marks.c.mark).limit(_FORGOTTEN)
_FORGET = delete(index_marks).where(index_marks.c.mark.in_(_OLDEST))
