"""`newscrawl saved`: searches that `newscrawl search QUERY --save NAME` kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from newscrawl import settings
from newscrawl.catalogue import saved
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.saved import SavedSearch
from newscrawl.index.opened import searchable
from newscrawl.results.paging import LIMIT
from newscrawl.search import Limit, search
from newscrawl.text.dates import shown

Name = Annotated[str, typer.Argument(metavar="NAME", help="As it was saved.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def list_all(as_json: AsJson = False) -> None:
    """Print every saved search: its name and its query."""
    with _catalogue() as catalogue, catalogue.read() as connection:
        found = saved.searches(connection)
    if as_json:
        print(json.dumps([_data(each) for each in found], ensure_ascii=False, indent=2))
        return
    if not found:
        print("no search is saved: `newscrawl search QUERY --save NAME` does it", file=sys.stderr)
    console = Console(highlight=False)
    for each in found:
        line = f"{each.name}  {' '.join((each.query, *_options(each)))}"
        console.print(line, markup=False, soft_wrap=True)


def show(name: Name, as_json: AsJson = False) -> None:
    """Print a saved search."""
    each = _named(name)
    if as_json:
        print(json.dumps(_data(each), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    console.print(each.name, style="bold", markup=False)
    console.print(each.query, markup=False, soft_wrap=True)
    if options := _options(each):
        console.print(" ".join(options), markup=False, soft_wrap=True)
    console.print(shown(datetime.fromisoformat(each.created)), style="dim", markup=False)


def run(
    name: Name,
    limit: Limit = LIMIT,
    as_json: AsJson = False,
) -> None:
    """Search as it was saved; prints and exits as `newscrawl search` does."""
    with searchable():
        each = _named(name)
    search(
        [each.query],
        list(each.papers),
        _text(each.since),
        _text(each.until),
        each.sort,
        limit,
        as_json,
    )


def remove(name: Name) -> None:
    """Keep a search no longer."""
    with _catalogue() as catalogue, catalogue.write() as connection:
        saved.remove(connection, name)
    print(f"{name}: removed")


COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_all,
    "show": show,
    "run": run,
    "remove": remove,
}


def _named(name: str) -> SavedSearch:
    with _catalogue() as catalogue, catalogue.read() as connection:
        return saved.named(connection, name)


@contextmanager
def _catalogue() -> Iterator[Catalogue]:
    catalogue = Catalogue.existing(settings.home().catalogue)
    try:
        yield catalogue
    finally:
        catalogue.close()


def _options(each: SavedSearch) -> list[str]:
    """The options of `newscrawl search` that were saved."""
    given = [f"--paper {paper}" for paper in each.papers]
    given += [f"--since {each.since}"] if each.since else []
    given += [f"--until {each.until}"] if each.until else []
    return [*given, f"--sort {each.sort}"]


def _data(each: SavedSearch) -> dict[str, Any]:
    return {
        "name": each.name,
        "query": each.query,
        "papers": list(each.papers),
        "since": _text(each.since),
        "until": _text(each.until),
        "sort": each.sort,
        "created": each.created,
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
