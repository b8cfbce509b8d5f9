"""`newscrawl related ID|URL`: articles about what one article is about."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console

from newscrawl import settings
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.versions import Version
from newscrawl.cli.show import NoSuchArticle
from newscrawl.index.bounds import Bounds, bounded
from newscrawl.index.search import Searcher
from newscrawl.results.wrapping import say
from newscrawl.text.segment import use_cache

MOST = 20


def related(
    wanted: Annotated[str, typer.Argument(metavar="ID|URL", help="An article's id or any URL.")],
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many to show.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print the articles nearest to one, by its rarest words: one of each story."""
    with bounded(Bounds(settings.QUERY_SECONDS, settings.QUERY_MEGABYTES)):
        near = _near(wanted, limit)
    if as_json:
        print(json.dumps([_data(version) for version in near], ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    for number, version in enumerate(near):
        if number:
            console.print()
        _print(console, version)


def _print(console: Console, version: Version) -> None:
    article = version.article
    place = (version.paper_title, article.edition, article.page, article.page_name)
    say(console, article.headline, "bold")
    line = f"{' '.join(filter(None, place))}  {version.article_id}"
    console.print(line, style="dim", markup=False, soft_wrap=True)


def _near(wanted: str, limit: int) -> list[Version]:
    home = settings.home()
    use_cache(home.cache)
    catalogue = Catalogue.existing(home.catalogue)
    try:
        with catalogue.read() as connection:
            found = versions.of_article(connection, wanted)
        if not found:
            raise NoSuchArticle(f"{wanted}: not held; `newscrawl search` finds what is")
        searcher = Searcher(home, catalogue)
        try:
            return searcher.related(found[-1], limit)
        finally:
            searcher.close()
    finally:
        catalogue.close()


def _data(version: Version) -> dict[str, Any]:
    article = version.article
    return {
        "id": version.article_id,
        "headline": article.headline,
        "paper": article.paper,
        "edition": article.edition,
        "page": article.page,
        "page_name": article.page_name,
        "url": article.url,
    }
