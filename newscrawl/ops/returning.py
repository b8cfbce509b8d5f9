"""What is shown again is found again: an index that was built meanwhile does not have it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index.search import Searcher
from newscrawl.index.store import Store
from newscrawl.ops.erasing import rebuild_index


def find_again(home: Home, catalogue: Catalogue, article_ids: Collection[str]) -> bool:
    """Whether the index had to be built anew for some articles that may be found again.

    Raises ErasureWaits while the indexer keeps it, IndexUnusable.
    """
    if not (article_ids and Store.of(home).exists()):
        return False
    with catalogue.read() as view:
        live = versions.live_of(view, article_ids)
    with closing(Searcher(home, catalogue)) as searcher:
        lacking = searcher.lacking(live)
    if lacking:
        rebuild_index(home, catalogue)
    return bool(lacking)
