"""What of erased texts other articles have as well: common phrases, and quotations."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from newscrawl.catalogue import wordings
from newscrawl.text.traces import Traces

SEVERAL = 3
"""Pieces, at least, that another article has of a text where it reprints it …"""
SHARE = 3
"""… and one in so many, at least, of all its pieces: a few formulas are no reprint."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What is no trace, and who reprints."""

    common: Traces
    reprints: frozenset[str]
    """The captures that reprints were read from."""


def shared(connection: Connection, traces: Traces) -> Shared:
    """Look through every text that is held and not to be erased.

    A clause is common where another article says it anywhere; a heading only where it stands in a
    heading or a caption of another, for what only names it in its text quotes it.
    """
    headings, clauses, reprints = set[str](), set[str](), set[str]()
    if not traces:
        return Shared(Traces(), frozenset())
    for text in wordings.held(connection):
        above = traces.held_in("\n".join([*text.headings, text.fields]))
        inside = traces.held_in(text.body)
        headings |= above.headings
        clauses |= above.clauses | inside.clauses
        many = len(above.pieces | inside.pieces)
        if many >= SEVERAL and many * SHARE >= len(traces.pieces):
            reprints.add(text.record_id)
    return Shared(Traces(frozenset(headings), frozenset(clauses)), frozenset(reprints))
