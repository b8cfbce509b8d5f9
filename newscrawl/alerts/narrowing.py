"""The query of a subscription within its papers, as one text."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.query.show import show
from newscrawl.query.tree import Named


def narrowed(query: str, papers: Sequence[str]) -> str:
    """What a search for `query` within these papers asks for; none means all.

    The text is made without reading the query: a million are put together when matching begins.
    """
    if not papers:
        return query
    named = " OR ".join(show(Named("paper", paper)) for paper in papers)
    return f"({query}) ({named})"
