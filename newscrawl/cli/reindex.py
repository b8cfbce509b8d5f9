"""`newscrawl reindex`: build the index anew beside the old one, and swap."""

from __future__ import annotations

from typing import Annotated

import typer
from filelock import Timeout
from rich.console import Console
from rich.progress import Progress

from newscrawl import settings
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.client import IndexerClient
from newscrawl.index.store import Store
from newscrawl.text.segment import use_cache

PATIENCE_SECONDS = 120


class IndexBusy(NewscrawlError):
    """The indexer does not let go of the index."""


def reindex(
    to: Annotated[
        str, typer.Option(help="ENGINE:DIRECTORY, as in NEWSCRAWL_INDEX: build it there.")
    ] = "",
) -> None:
    """Build the search index anew from the catalogue; searches go on meanwhile."""
    home = settings.home()
    use_cache(home.cache)
    catalogue, store = Catalogue.existing(home.catalogue), Store.of(home, to)
    store.root.mkdir(parents=True, exist_ok=True)
    try:
        with indexer.taken(store, PATIENCE_SECONDS):
            _rebuild(store, catalogue)
        if to and to != settings.INDEX:
            Console(stderr=True).print(f"to search it: export NEWSCRAWL_INDEX={to}")
        elif indexer.behind(store, catalogue):
            _catch_up(home)
    except Timeout:
        raise IndexBusy(
            f"{store.lock}: the indexer did not let go for {PATIENCE_SECONDS} s: see "
            f"{home.logs / 'indexer.log'} and try again"
        ) from None
    finally:
        catalogue.close()


def _catch_up(home: Home) -> None:
    """Start an indexer for what was committed meanwhile by those who saw the index taken."""
    client = IndexerClient(home)
    client.signal()
    client.close()


def _rebuild(store: Store, catalogue: Catalogue) -> None:
    with catalogue.read() as connection:
        newest = versions.newest_seq(connection)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reindex", total=newest)
        indexer.rebuild(store, catalogue, lambda mark: progress.update(task, completed=mark))
    console.print(f"reindexed {newest} versions")
