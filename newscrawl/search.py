"""The query script: `newscrawl search QUERY`, also `python -m newscrawl.search QUERY`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from newscrawl import settings
from newscrawl.catalogue import runs, saved
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.saved import SavedSearch
from newscrawl.errors import UsageError
from newscrawl.index.answers import Answer, Question, answer
from newscrawl.index.bounds import Bounds, bounded
from newscrawl.index.engine import SORTS
from newscrawl.index.finding import MOST_HITS
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.query.limits import Limits
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import folded
from newscrawl.query.tree import Node
from newscrawl.results.data import as_data
from newscrawl.results.printed import print_answer
from newscrawl.terminal import run
from newscrawl.text.dates import iso, parse_day
from newscrawl.text.segment import use_cache

NOTHING_FOUND = 1
LIMIT = 20
"""Hits on a page."""
LENIENT = {"ignore_unknown_options": True}
"""How the command is to be registered: `-广告` is no option."""


def search(
    query: Annotated[
        list[str],
        typer.Argument(help="What to look for; several words must all occur.", metavar="QUERY..."),
    ],
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; repeatable.")] = None,
    since: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD.")] = None,
    sort: Annotated[str, typer.Option(help="relevance, newest or oldest.")] = SORTS[0],
    limit: Annotated[int, typer.Option(min=1, max=MOST_HITS, help="How many to show.")] = LIMIT,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    save: Annotated[
        str | None, typer.Option(metavar="NAME", help="Keep the search by this name.")
    ] = None,
    page: Annotated[int, typer.Option(min=1, help="The next --limit hits, and so on.")] = 1,
    as_of: Annotated[
        int | None,
        typer.Option(metavar="MARK", help="As the index stood then, so that pages fit together."),
    ] = None,
    unfolded: Annotated[bool, typer.Option("--all", help="Show every reprint by itself.")] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count papers, pages, months and sources.")
    ] = False,
    chart: Annotated[bool, typer.Option("--chart", help="Show the count over time.")] = False,
) -> None:
    """Find articles. Exit status 1: nothing found; 2: the query cannot be read; 3: no answer in
    the time or memory that a search may take.
    """
    request = SearchRequest(
        _query(query),
        tuple(paper or ()),
        _day("--since", since),
        _day("--until", until),
        _sort(sort),
        limit,
        _offset(page, limit),
        limits(),
        as_of,
    )
    # A query that cannot be read is that first of all, index or no index.
    tree = parse(request.query, request.limits)
    if save is not None:
        _save(save, tree, request)
    question = Question(request, unfolded=unfolded, facets=facets, timeline=chart or as_json)
    with bounded(Bounds(settings.QUERY_SECONDS, settings.QUERY_MEGABYTES)):
        answered = _answer(question)
    if as_json:
        print(json.dumps(as_data(answered), ensure_ascii=False, indent=2))
    else:
        print_answer(answered, _next_page(question, answered))
    if not answered.total:
        raise typer.Exit(NOTHING_FOUND)


def _offset(page: int, limit: int) -> int:
    if page * limit > MOST_HITS:
        raise UsageError(
            f"--page {page}: only the first {MOST_HITS:,} hits can be shown: narrow it"
        )
    return (page - 1) * limit


def _next_page(question: Question, answered: Answer) -> str | None:
    """The command that goes on where this answer ends, and does not see what came since."""
    request = question.request
    page = request.offset // request.limit + 2
    if not answered.more or page * request.limit > MOST_HITS:
        return None
    words = ["newscrawl", "search", request.query]
    words += [word for paper in request.papers for word in ("--paper", paper)]
    words += ["--since", str(request.since)] if request.since else []
    words += ["--until", str(request.until)] if request.until else []
    words += ["--sort", request.sort] if request.sort != SORTS[0] else []
    words += ["--limit", str(request.limit)] if request.limit != LIMIT else []
    words += ["--all"] if question.unfolded else []
    return shlex.join([*words, "--page", str(page), "--as-of", str(answered.mark)])


def _query(words: list[str]) -> str:
    """The words as one query. `-x` is part of it, so an unknown option is told apart here."""
    for word in words:
        if word.startswith("--"):
            raise UsageError(f"{word.partition('=')[0]}: no such option; --help shows them")
    return " ".join(words)


def limits() -> Limits:
    """How large a query may be, as it is set. Raises UsageError for a setting that goes too far."""
    return Limits(
        length=settings.QUERY_LENGTH,
        clauses=settings.QUERY_CLAUSES,
        depth=settings.QUERY_DEPTH,
        distance=settings.QUERY_DISTANCE,
        near=settings.QUERY_NEAR,
    )


def _save(name: str, tree: Node, request: SearchRequest) -> None:
    """Keep a search, also one that finds nothing yet. Raises UsageError for the name."""
    kept = SavedSearch(
        name=name,
        query=show(tree),
        papers=request.papers,
        since=request.since,
        until=request.until,
        sort=request.sort,
        created=iso(datetime.now(UTC)),
    )
    catalogue = Catalogue.existing(settings.home().catalogue)
    try:
        _check_papers(catalogue, request.papers)
        with catalogue.write() as connection:
            saved.save(connection, kept)
    finally:
        catalogue.close()


def _answer(question: Question) -> Answer:
    home = settings.home()
    use_cache(home.cache)
    catalogue = Catalogue.existing(home.catalogue)
    try:
        _check_papers(catalogue, question.request.papers)
        searcher = Searcher(home, catalogue)
        try:
            return answer(searcher, question)
        finally:
            searcher.close()
    finally:
        catalogue.close()


def _check_papers(catalogue: Catalogue, papers: Iterable[str]) -> None:
    with catalogue.read() as connection:
        titles = runs.titles(connection)
    known = {folded(called) for called in (*titles, *titles.values())}
    for paper in papers:
        if folded(paper) not in known:
            there = ", ".join(f"{name} {title}" for name, title in titles.items())
            raise UsageError(f"--paper {paper}: nothing was collected of it; there are {there}")


def _day(option: str, text: str | None) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _sort(text: str) -> Any:
    if text not in SORTS:
        raise UsageError(f"--sort {text}: {', '.join(SORTS)}")
    return text


def main() -> None:
    """Run the query script."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(context_settings=LENIENT)(search)
    run(app)


if __name__ == "__main__":
    main()
