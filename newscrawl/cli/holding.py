"""Having the index to oneself for a while, and telling how far one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import Timeout
from rich.console import Console
from rich.progress import Progress

from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.client import IndexerClient
from newscrawl.index.store import Store
from newscrawl.ops.place import cannot_write

PATIENCE_SECONDS = 120


class IndexBusy(NewscrawlError):
    """The indexer does not let go of the index."""


@contextmanager
def index_held(home: Home, store: Store, catalogue: Catalogue, address: str = "") -> Iterator[None]:
    """Work on the index that no indexer disturbs; then one is started for what came meanwhile.

    `store` is the one at `address`; without one, that of the settings.

    Raises IndexBusy when the indexer goes on for too long.
    """
    try:
        with indexer.taken(store, PATIENCE_SECONDS):
            yield
    except Timeout:
        raise IndexBusy(
            f"{store.lock}: the indexer did not let go for {PATIENCE_SECONDS} s: see "
            f"{home.logs / 'indexer.log'} and try again"
        ) from None
    except PermissionError as error:
        raise cannot_write(store.root, error) from error
    if indexer.behind(store, catalogue):
        client = IndexerClient(home, address)
        client.signal()
        client.close()


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Shows on a terminal how many are done, and of how many."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
