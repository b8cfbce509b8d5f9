"""What Tantivy's searcher gives back, as ours."""

from __future__ import annotations

from typing import Literal, TypeAlias

import tantivy
from tantivy import Order, Query

from newscrawl.index.engine import Found
from newscrawl.index.tantivy_engine.schema import seq_of

ByDay: TypeAlias = Literal["newest", "oldest"]
_ORDERS = {"newest": Order.Desc, "oldest": Order.Asc}


def counted(searcher: tantivy.Searcher, query: Query) -> int:
    """How many documents a query finds."""
    return total_of(searcher.search(query, limit=1))


def ordered(
    searcher: tantivy.Searcher,
    query: Query,
    order: ByDay,
    offset: int,
    limit: int,
) -> Found:
    """A window of what a query finds, by day."""
    result = searcher.search(
        query, limit=max(1, limit), offset=offset, order_by_field=order, order=_ORDERS[order]
    )
    hits = [(seq_of(key, order), 0.0) for key, _place in result.hits[:limit]]
    return Found(total_of(result), hits)


def total_of(result: tantivy.SearchResult) -> int:
    """How many documents were found, however many are given."""
    count: int = result.count  # type: ignore[attr-defined]  # left out of its stub
    return count
