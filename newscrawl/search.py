"""The query script: `newscrawl search QUERY`, also `python -m newscrawl.search QUERY`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawl import settings
from newscrawl.catalogue import runs, saved
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.saved import SavedSearch
from newscrawl.errors import UsageError
from newscrawl.index.bounds import Bounds, bounded
from newscrawl.index.engine import SORTS
from newscrawl.index.search import MOST_HITS, Hit, Searcher, SearchRequest, SearchResult
from newscrawl.query.highlight import Passage
from newscrawl.query.limits import Limits
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import folded
from newscrawl.query.tree import Node
from newscrawl.terminal import run
from newscrawl.text.dates import iso, parse_day, shown
from newscrawl.text.segment import use_cache

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
    sort: Annotated[str, typer.Option(help="relevance, newest or oldest.")] = "relevance",
    limit: Annotated[int, typer.Option(min=1, max=MOST_HITS, help="How many to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    save: Annotated[
        str | None, typer.Option(metavar="NAME", help="Keep the search by this name.")
    ] = None,
) -> None:
    """Find articles. Exit status 1: nothing found; 2: the query cannot be read."""
    asked = _query(query)
    request = SearchRequest(
        asked,
        tuple(paper or ()),
        _day("--since", since),
        _day("--until", until),
        _sort(sort),
        limit,
        limits=limits(),
    )
    parse(
        asked, request.limits
    )  # a query that cannot be read is that first of all, index or no index
    with bounded(Bounds(settings.QUERY_SECONDS, settings.QUERY_MEGABYTES)):
        result = _answer(request)
    if as_json:
        print(json.dumps(as_data(result), ensure_ascii=False, indent=2))
    else:
        _print(result)
    if not result.total:
        raise typer.Exit(NOTHING_FOUND)


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


def as_data(result: SearchResult) -> dict[str, Any]:
    """A result as programs read it."""
    return {
        "query": result.query,
        "total": result.total,
        "took_ms": result.took_ms,
        "results": [_hit_data(hit) for hit in result.hits],
    }


def _hit_data(hit: Hit) -> dict[str, Any]:
    article = hit.version.article
    return {
        "id": hit.version.article_id,
        "headline": article.headline,
        "kicker": article.kicker,
        "subhead": article.subhead,
        "paper": article.paper,
        "source": article.source,
        "edition": article.edition,
        "page": article.page,
        "url": article.url,
        "snapshot_time": article.snapshot_time,
        "score": hit.score,
        "snippet": hit.snippet.text,
    }


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


def _answer(request: SearchRequest) -> SearchResult:
    home = settings.home()
    use_cache(home.cache)
    catalogue = Catalogue.existing(home.catalogue)
    try:
        _check_papers(catalogue, request.papers)
        searcher = Searcher(home, catalogue)
        try:
            return searcher.search(request)
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


def _print(result: SearchResult) -> None:
    console = Console()
    table = Table(box=None, padding=(0, 2, 1, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for hit in result.hits:
        table.add_row(_place(hit), _text(hit))
    console.print(table)
    behind = f"; {result.behind} more are being indexed" if result.behind else ""
    console.print(
        f"{result.total} 篇, {len(result.hits)} shown, {result.took_ms:.0f} ms{behind}", style="dim"
    )


def _place(hit: Hit) -> Text:
    article = hit.version.article
    place = " ".join(filter(None, (article.page, article.page_name)))
    return Text("\n".join((hit.version.paper_title, article.edition, place)), style="cyan")


def _text(hit: Hit) -> Text:
    taken = shown(datetime.fromisoformat(hit.version.article.snapshot_time))
    text = _marked(hit.headline, "bold")
    text.append("\n").append_text(_marked(hit.snippet, ""))
    return text.append(f"\n{hit.version.article_id}  {taken}", style="dim")


def _marked(passage: Passage, style: str) -> Text:
    text = Text(passage.text, style=style)
    for start, end in passage.spans:
        text.stylize("bold yellow", start, end)
    return text


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
