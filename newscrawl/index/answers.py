"""What a reader is answered: hits under their story, counts, and what else may have been meant."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from zlib import crc32

from newscrawl.catalogue import runs
from newscrawl.errors import UsageError
from newscrawl.index.bookmark import MOST_SHOWN, Bookmark
from newscrawl.index.engine import Facet
from newscrawl.index.finding import Finding
from newscrawl.index.offers import separated
from newscrawl.index.rows import Page, Row, folded, rows, unfolded
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.suggest import suggest
from newscrawl.index.timeline import Timeline, timeline
from newscrawl.query.errors import QueryError
from newscrawl.query.show import show

SHOWN_FACETS: tuple[Facet, ...] = ("paper", "page", "month", "source")
MOST_VALUES = 100
"""Values of a facet that are told; of months all."""


@dataclass(frozen=True, slots=True)
class Question:
    """A search, and what is to be told of it beside its hits."""

    request: SearchRequest
    """Its offset and limit count stories, unless they are unfolded."""
    unfolded: bool = False
    """Every reprint as a hit of its own."""
    facets: bool = False
    timeline: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A query that finds something, offered where the one asked finds nothing."""

    query: str
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found."""

    query: str
    total: int
    """Articles that match, however many are shown; at least so many where not all were counted."""
    mark: int
    """The index as of this sequence number was asked."""
    took_ms: float
    rows: list[Row] = field(default_factory=list)
    more: bool = False
    """Whether there is a next page."""
    next: Bookmark | None = None
    """Where it goes on: None without a next page, or where too much was shown to note it."""
    counted: bool = True
    """Whether `total` is the number of all; the facets and the timeline count the same articles."""
    stories: int | None = None
    """How many stories they are, where that came to light."""
    behind: int = 0
    """Versions that are recorded and not yet in the index."""
    facets: dict[Facet, list[tuple[str, int]]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    """What the papers are called that the facets name."""
    timeline: Timeline | None = None
    suggestions: list[Offer] = field(default_factory=list)
    """Did you mean: queries with other words, where nothing is found."""
    separated: Offer | None = None
    """The same query with its words apart, where nothing is found."""


def answer(searcher: Searcher, question: Question) -> Answer:
    """Answer a question. Raises QueryError for a query that cannot be read."""
    began = time.perf_counter()
    with searcher.catalogue.view():
        told, shown = begun(searcher, question)
        read = list(shown)
    return replace(told, rows=read, took_ms=_since(began))


def begun(searcher: Searcher, question: Question) -> tuple[Answer, Iterator[Row]]:
    """An answer without its rows, and the rows: they are read as they are taken, few of them in
    memory, while `searcher` is open. Raises QueryError for a query that cannot be read.
    """
    began = time.perf_counter()
    request = question.request
    found = searcher.finding(request)
    asked = _checksum(question)
    _require_whole(found, request.as_of, asked)
    laid_out = unfolded if question.unfolded else folded
    page = laid_out(searcher, found, request.offset, request.limit)
    counts = found.facets(_counted(question))
    told = Answer(
        request.query,
        found.total,
        found.mark,
        more=page.more,
        next=_next(found, page, request, asked),
        counted=found.counted,
        stories=None if page.stories is None else page.stories + _rows_before(request),
        behind=searcher.behind(),
        facets=_told(counts) if question.facets else {},
        titles=_titles(searcher) if question.facets else {},
        timeline=timeline(counts["day"]) if question.timeline else None,
        suggestions=[] if found.total else _suggestions(searcher, found, request),
        separated=None if found.total else _apart(searcher, found, request),
        took_ms=_since(began),
    )
    return told, rows(searcher, found, page)


def _titles(searcher: Searcher) -> dict[str, str]:
    with searcher.catalogue.read() as connection:
        return runs.titles(connection)


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)


def _checksum(question: Question) -> int:
    """Of all that decides which articles there are, and in which order."""
    asked = question.request
    parts = (asked.query, asked.papers, asked.since, asked.until, asked.sort, question.unfolded)
    return crc32(repr(parts).encode("utf-8", "backslashreplace"))


def _require_whole(found: Finding, place: Bookmark | None, asked: int) -> None:
    """Refuse to go on in another search, or in a state of the index of which something is lost."""
    if place and place.shown and place.asked != asked:
        raise UsageError("--as-of is of another search: take it from the page before this one")
    if place and place.total is not None and found.counted and found.total != place.total:
        raise UsageError(
            f"the index was built anew since the first page, or much was replaced: of the "
            f"{place.total} articles of then it finds {found.total}: search again without --as-of"
        )


def _rows_before(request: SearchRequest) -> int:
    return request.as_of.rows if request.as_of else 0


def _next(found: Finding, page: Page, request: SearchRequest, asked: int) -> Bookmark | None:
    if not page.more or page.shown is None:
        return None
    shown = sorted({*found.shown, *page.shown})
    if len(shown) > MOST_SHOWN:
        return None
    rows_shown = _rows_before(request) + request.offset + page.length
    total = found.total if found.counted else None
    return Bookmark(found.mark, rows_shown, total, tuple(shown), asked)


def _counted(question: Question) -> list[Facet]:
    """In one go: each by itself would cost a search."""
    return [*(SHOWN_FACETS if question.facets else ()), *(("day",) if question.timeline else ())]


def _told(counts: Mapping[Facet, list[tuple[str, int]]]) -> dict[Facet, list[tuple[str, int]]]:
    return {
        facet: counts[facet][: None if facet == "month" else MOST_VALUES] for facet in SHOWN_FACETS
    }


def _suggestions(searcher: Searcher, found: Finding, request: SearchRequest) -> list[Offer]:
    suggested = suggest(found.asked, searcher.beginning, searcher.count())
    return list(filter(None, (_offer(searcher, query, request) for query in suggested)))


def _apart(searcher: Searcher, found: Finding, request: SearchRequest) -> Offer | None:
    apart = separated(found.asked, searcher.segment)
    return _offer(searcher, show(apart), request) if apart else None


def _offer(searcher: Searcher, query: str, request: SearchRequest) -> Offer | None:
    """The query within the papers and days of the request, if it finds anything."""
    try:
        total = searcher.finding(replace(request, query=query)).total
    except QueryError:  # it has become longer than a query may be
        return None
    return Offer(query, total) if total else None
