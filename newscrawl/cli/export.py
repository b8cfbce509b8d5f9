"""`newscrawl export [QUERY…] -o FILE`: articles for others, as far as they may go out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.progress import Progress

from newscrawl import settings
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.policies import FULL, Policy
from newscrawl.errors import UsageError
from newscrawl.export.exporting import Exported, Order
from newscrawl.export.exporting import export as bring_out
from newscrawl.export.formats import FORMATS, format_of
from newscrawl.index.opened import opened
from newscrawl.index.search import SearchRequest
from newscrawl.query.parse import parse
from newscrawl.search import NOTHING_FOUND, check_papers, days, limits, written

VERSIONS = ("newest", "all")


def export(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="What to write.")],
    query: Annotated[
        list[str] | None,
        typer.Argument(help="As `newscrawl search` takes it; none: everything.", metavar="QUERY"),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--format", help=f"{', '.join(FORMATS)}; without it, as FILE is called."),
    ] = None,
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; repeatable.")] = None,
    since: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD.")] = None,
    versions: Annotated[str, typer.Option(help="newest or all.")] = VERSIONS[0],
    policy: Annotated[
        str | None,
        typer.Option(help="Let out no more than this, whatever `newscrawl policy` allows."),
    ] = None,
    bom: Annotated[
        bool,
        typer.Option(" /--no-bom", help="CSV without a BOM, for programs.", show_default=False),
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
) -> None:
    """Write articles into a file. Exit status 0: written; 1: nothing found, or it may or can not
    be written; 2: the call or the query is wrong; 3: no answer to the query, for want of an index.
    """
    request = SearchRequest(
        written(query or []), tuple(paper or ()), *days(since, until), limits=limits()
    )
    if request.query:
        parse(request.query, request.limits)  # what cannot be read is that first of all
    order = Order(
        request=request,
        format=format_of(kind, output),
        file=output,
        every=_every(versions),
        narrower=Policy.named(policy) if policy is not None else None,
        bom=bom,
        force=force,
    )
    done = _export(order)
    _say(order, done)
    if not done.versions:
        raise typer.Exit(NOTHING_FOUND)


def _export(order: Order) -> Exported:
    home = settings.home()
    with ExitStack() as held, _progress() as progress:
        if order.request.query:
            searcher = held.enter_context(opened(home))
            catalogue = searcher.catalogue
        else:
            searcher = None
            catalogue = held.enter_context(closing(Catalogue.existing(home.catalogue)))
        check_papers(catalogue, order.request.papers)
        return bring_out(catalogue, home.snapshots, order, searcher, progress)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("export", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def _every(versions: str) -> bool:
    if versions not in VERSIONS:
        raise UsageError(f"--versions {versions}: must be one of {', '.join(VERSIONS)}")
    return versions == "all"


def _say(order: Order, done: Exported) -> None:
    if done.behind:
        print(f"{done.behind} 篇 are not in the index yet: not found", file=sys.stderr)
    if not done.versions:
        print(f"nothing found: {order.file} was not written", file=sys.stderr)
        return
    print(f"{order.file}: {done.versions} 篇, {decimal(done.bytes)}")
    for line in _withheld(done, order.narrower or FULL):
        print(line, file=sys.stderr)


def _withheld(done: Exported, asked: Policy) -> Iterator[str]:
    """A line for the papers that have the policy of all others, and one for those with their own:
    what was not let out, and what lets it out.
    """
    what = "not the whole text" if asked.full else f"less than {asked.name}"
    for own in (False, True):
        some = [each for each in done.withheld if each.own == own]
        named = ", ".join(f"{each.paper} ({each.policy})" for each in some)
        papers = "".join(f" --paper {each.paper}" for each in some if own)
        if some:
            yield f"{what} of {named}: `newscrawl policy set {asked.name}{papers}` lets it out"
