"""`newscrawl related ID|URL`: articles about what one article is about."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from newscrawl import settings
from newscrawl.catalogue.versions import Version
from newscrawl.cli.show import newest_of
from newscrawl.index.bounds import Bounds, bounded
from newscrawl.index.opened import opened
from newscrawl.results.headings import with_plain_headings
from newscrawl.results.wrapping import say
from newscrawl.search import NOTHING_FOUND
from newscrawl.terminal import number, printing

MOST = 20


def related(
    wanted: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or any URL.")],
    limit: Annotated[
        int,
        typer.Option(
            parser=number("--limit", 1, MOST),
            metavar="N",
            help=f"How many to show, {MOST} at most.",
        ),
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print the articles nearest to one, by its rarest words: one of each story.

    Exit statuses are those of `newscrawl search`.
    """
    with bounded(Bounds(settings.QUERY_SECONDS, settings.QUERY_MEGABYTES)):
        near = _near(wanted, limit)
    with printing():
        _say(near, as_json=as_json)
    if not near:
        raise typer.Exit(NOTHING_FOUND)


def _near(wanted: str, limit: int) -> list[Version]:
    with opened(settings.home()) as searcher:
        with searcher.catalogue.read() as connection:
            version = newest_of(connection, wanted)
        return searcher.related(version, limit)


def _say(near: Sequence[Version], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([_data(version) for version in near], ensure_ascii=False, indent=2))
        return
    if not near:
        print("nothing is near to it", file=sys.stderr)
    console = Console(highlight=False)
    for place, version in enumerate(near):
        if place:
            console.print()
        _print(console, version)


def _print(console: Console, version: Version) -> None:
    article = with_plain_headings(version.article)
    place = (version.paper_title, article.edition, article.page, article.page_name)
    say(console, article.headline, "bold")
    line = f"{' '.join(filter(None, place))}  {version.article_id}"
    console.print(line, style="dim", markup=False, soft_wrap=True)


def _data(version: Version) -> dict[str, Any]:
    article = with_plain_headings(version.article)
    return {
        "id": version.article_id,
        "headline": article.headline,
        "paper": article.paper,
        "edition": article.edition,
        "page": article.page,
        "page_name": article.page_name,
        "url": article.url,
    }
