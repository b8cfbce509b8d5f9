"""`newscrawl reindex`: build the index anew beside the old one, and swap."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli.holding import index_held, progress_bar
from newscrawl.index import aside, rebuilding
from newscrawl.index.priority import give_way
from newscrawl.index.store import Store
from newscrawl.text.segment import use_cache


def reindex(
    to: Annotated[
        str, typer.Option(help="ENGINE:DIRECTORY, as in NEWSCRAWL_INDEX: build it there.")
    ] = "",
) -> None:
    """Build the search index anew from the catalogue; searches go on meanwhile."""
    home = settings.home()
    use_cache(home.cache)
    give_way()
    catalogue, store = Catalogue.existing(home.catalogue), Store.of(home, to)
    store.root.mkdir(parents=True, exist_ok=True)
    try:
        with index_held(home, store, catalogue, to):
            _rebuild(store, catalogue)
        if to and to != settings.INDEX:
            print(
                f"to search it: export NEWSCRAWL_INDEX={to}; what comes before that is indexed by "
                "the next crawl or import after it",
                file=sys.stderr,
            )
    finally:
        catalogue.close()


def _rebuild(store: Store, catalogue: Catalogue) -> None:
    with catalogue.read() as connection:
        all_of_them = versions.live_count(connection)
    with progress_bar("reindex") as progress:
        rebuilding.rebuild(
            store, catalogue, lambda done: progress(done, all_of_them), settings.INDEX_PROCESSES
        )
    unfit = len(aside.read(store.current().directory))
    told = f"; {unfit} cannot be prepared: see `newscrawl status`" if unfit else ""
    print(f"reindexed {all_of_them - unfit} articles{told}", file=sys.stderr)
