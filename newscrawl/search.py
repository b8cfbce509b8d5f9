"""The query script: `newscrawl search QUERY`, also `python -m newscrawl.search QUERY`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeAlias

import typer

from newscrawl import settings
from newscrawl.catalogue import papers as known_papers
from newscrawl.catalogue import saved
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.saved import SavedSearch
from newscrawl.errors import UsageError
from newscrawl.index.answers import Answer, Question, begun
from newscrawl.index.bookmark import Bookmark
from newscrawl.index.bounds import Bounds, bounded
from newscrawl.index.engine import SORTS
from newscrawl.index.finding import MOST_HITS
from newscrawl.index.opened import opened, searchable
from newscrawl.index.rows import Row
from newscrawl.index.search import SearchRequest
from newscrawl.query.explain import explain
from newscrawl.query.limits import Limits
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.tree import Node
from newscrawl.results.data import as_json as pieces_of_json
from newscrawl.results.paging import LIMIT, beyond, next_page, offset
from newscrawl.results.printed import print_answer
from newscrawl.terminal import number, printing, run
from newscrawl.text.dates import iso, parse_day

Limit = Annotated[
    int,
    typer.Option(
        parser=number("--limit", 1, MOST_HITS),
        metavar="N",
        help=f"How many to show, {MOST_HITS:,} at most.",
    ),
]
Shown: TypeAlias = Callable[[Question, Answer, Iterator[Row]], None]
NOTHING_FOUND = 1
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
    limit: Limit = LIMIT,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    save: Annotated[
        str | None, typer.Option(metavar="NAME", help="Keep the search by this name.")
    ] = None,
    page: Annotated[
        int,
        typer.Option(
            parser=number("--page", 1), metavar="N", help="The next --limit hits, and so on."
        ),
    ] = 1,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="MARK", help="As the index stood then; what `next:` says goes on from there."
        ),
    ] = None,
    unfolded: Annotated[bool, typer.Option("--all", help="Show every reprint by itself.")] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count papers, pages, months and sources.")
    ] = False,
    chart: Annotated[bool, typer.Option("--chart", help="Show the count over time.")] = False,
    counted: Annotated[
        bool,
        typer.Option(
            " /--no-count",
            help="Do not count all: by day, a search ends where the page is full.",
            show_default=False,
        ),
    ] = True,
    explained: Annotated[
        bool, typer.Option("--explain", help="Say what the query asks for, and search nothing.")
    ] = False,
) -> None:
    """Find articles. Exit status 0: found; 1: nothing found; 2: the call or the query is wrong;
    3: no answer, for want of time, memory, a catalogue or a usable index.
    """
    request = SearchRequest(
        written(query),
        tuple(paper or ()),
        *days(since, until),
        _sort(sort),
        limit,
        offset(page, limit),
        limits(),
        _place(as_of),
        counted,
    )
    # A query that cannot be read is that first of all, index or no index.
    tree = parse(request.query, request.limits)
    if explained:
        _explain(tree, as_json=as_json)
        return
    if save is not None:
        _save(save, tree, request)
    timeline = chart or (as_json and counted)
    question = Question(request, unfolded=unfolded, facets=facets, timeline=timeline)
    answered = _answer(question, _print_json if as_json else _print)
    if said := beyond(question, answered):
        print(said, file=sys.stderr)
    if not answered.total:
        raise typer.Exit(NOTHING_FOUND)


def _explain(tree: Node, *, as_json: bool) -> None:
    said = explain(tree)
    if as_json:
        print(json.dumps(asdict(said), ensure_ascii=False, indent=2))
    else:
        print("\n".join(said.lines()))


def _answer(question: Question, shown: Shown) -> Answer:
    """Find within bounds; what was found is read and shown outside them, as much as it may be."""
    bounds = Bounds(settings.QUERY_SECONDS, settings.QUERY_MEGABYTES)
    with searchable(), ExitStack() as held:
        with bounded(bounds):
            searcher = held.enter_context(opened(settings.home()))
            check_papers(searcher.catalogue, question.request.papers)
            answered, rows = begun(searcher, question)
        with printing():
            shown(question, answered, rows)
    return answered


def _print(question: Question, answered: Answer, rows: Iterator[Row]) -> None:
    print_answer(answered, rows, next_page(question, answered))


def _print_json(_question: Question, answered: Answer, rows: Iterator[Row]) -> None:
    for piece in pieces_of_json(answered, rows):
        print(piece, end="")


def _place(as_of: str | None) -> Bookmark | None:
    try:
        return None if as_of is None else Bookmark.read(as_of)
    except UsageError as error:
        raise UsageError(f"--as-of {error}") from None


def written(words: list[str]) -> str:
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
    with searchable(), closing(Catalogue.existing(settings.home().catalogue)) as catalogue:
        check_papers(catalogue, request.papers)
        with catalogue.write() as connection:
            saved.save(connection, kept)
    print(f"{name}: saved; `newscrawl saved run {name}` asks it again", file=sys.stderr)


def check_papers(catalogue: Catalogue, papers: Iterable[str]) -> None:
    """Raises UsageError for a paper of which nothing is known."""
    with catalogue.read() as connection:
        known_papers.check_papers(connection, papers, "--paper")


def days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """The days of `--since` and `--until`. Raises UsageError, also where they are the wrong way."""
    first, last = day("--since", since), day("--until", until)
    if first and last and first > last:
        raise UsageError(f"--since {first} is after --until {last}")
    return first, last


def day(option: str, text: str | None) -> date | None:
    """The day that an option names. Raises UsageError for what is none."""
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _sort(text: str) -> Any:
    if text not in SORTS:
        raise UsageError(f"--sort {text}: must be one of {', '.join(SORTS)}")
    return text


def main() -> None:
    """Run the query script."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(context_settings=LENIENT)(search)
    run(app)


if __name__ == "__main__":
    main()
