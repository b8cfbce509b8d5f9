"""Opening what a command searches: its catalogue first, so that a mistyped home stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.catalogue.migrate import NewerSchema
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.index.damage import IndexUnusable
from newscrawl.index.search import Searcher
from newscrawl.text.segment import use_cache


class Unsearchable(NewscrawlError):
    """There is no catalogue or index here that can be used; nothing is said of the query."""

    status = 3


@contextmanager
def opened(home: Home) -> Iterator[Searcher]:
    """A searcher of a home, in which nothing is created. Raises Unsearchable."""
    with searchable(), closing(Catalogue.existing(home.catalogue)) as catalogue:
        use_cache(home.cache)
        with closing(Searcher(home, catalogue)) as searcher:
            yield searcher


@contextmanager
def searchable() -> Iterator[None]:
    """Raises Unsearchable where the catalogue or the index cannot be used."""
    try:
        yield
    except (CatalogueError, NewerSchema, IndexUnusable) as error:
        raise Unsearchable(str(error)) from error
    except PermissionError as error:
        what = f"{error.filename}: cannot be read: check its owner and mode"
        raise Unsearchable(what) from error
