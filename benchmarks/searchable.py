"""When a benchmark's clock stops: the last document is found, and nothing is left to index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from benchmarks.programs import BenchmarkFailed
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.versions import Version
from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store

SETTLING_SECONDS = 120.0
_HAN = re.compile("[\u4e00-\u9fff]{4,}")
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Indexed:
    """An index in the state in which it will be queried."""

    documents: int
    bytes: int


def settled(home: Home) -> Indexed:
    """Find the last document by a search, then have the indexer finish what it puts off until
    it is idle. Raises BenchmarkFailed where the search does not find it.
    """
    catalogue = Catalogue.open(home.catalogue)
    try:
        _find_last(home, catalogue)
        store = Store.of(home)
        with indexer.taken(store, SETTLING_SECONDS):
            build = store.current()
        documents = _count(home, catalogue)
    finally:
        catalogue.close()
    files = (path for path in build.directory.rglob("*") if path.is_file())
    return Indexed(documents, sum(path.stat().st_size for path in files))


def _count(home: Home, catalogue: Catalogue) -> int:
    searcher = Searcher(home, catalogue)
    try:
        return searcher.count()
    finally:
        searcher.close()


def _find_last(home: Home, catalogue: Catalogue) -> None:
    with catalogue.read() as connection:
        newest = versions.newest_seq(connection)
        version = versions.by_seq(connection, [newest])[newest]
    day = date.fromisoformat(version.article.edition)
    searcher = Searcher(home, catalogue)
    try:
        request = SearchRequest(phrase(version), since=day, until=day, limit=_MOST)
        found = {hit.version.seq for hit in searcher.search(request).hits}
    finally:
        searcher.close()
    if newest not in found:
        raise BenchmarkFailed(f"{version.article_id}: the search for {request.query} misses it")


def phrase(version: Version) -> str:
    """A quoted phrase that stands in the article: its longest run of Han characters."""
    runs: list[str] = _HAN.findall(f"{version.article.headline}\n{version.article.body}")
    return f'"{max(runs, key=len)}"'
