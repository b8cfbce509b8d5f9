"""`python -m benchmarks.asking HOME FILE`: one warm process that asks every query of a file once.

The file is a JSON object: `warm`, a list of queries that are asked first and not counted, and
`asked`. Printed is another one: `opened`, the milliseconds until the searcher was there; `asked`,
pairs of the milliseconds of a search, as a reader gets it with 20 hits, their snippets and their
reprints folded, and of the number of articles found; `found`, the milliseconds in a second round
until the first 20 are found, counted and in order, and no article is read.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.queries import Query
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index.answers import Question, answer
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.text.segment import use_cache


def timed(searcher: Callable[[], Searcher], query: Query) -> tuple[float, int]:
    """Milliseconds, until the searcher is there included, and the number of articles found."""
    began = time.perf_counter()
    request = SearchRequest(query.text, sort=query.sort)
    answered = answer(searcher(), Question(request, facets=query.facets))
    return (time.perf_counter() - began) * 1000, answered.total


def found(searcher: Searcher, query: Query) -> float:
    """Milliseconds until it is known which 20 are to be shown, and how many there are."""
    began = time.perf_counter()
    request = SearchRequest(query.text, sort=query.sort)
    finding = searcher.finding(request)
    assert len(finding.window(0, request.limit)) <= finding.total
    return (time.perf_counter() - began) * 1000


def queries_of(data: Iterable[Any]) -> list[Query]:
    """Queries as `dataclasses.asdict` has written them."""
    return [Query(**each) for each in data]


def main() -> None:
    """Ask, and print how long it took."""
    home, file = Home(Path(sys.argv[1])), Path(sys.argv[2])
    asked = json.loads(file.read_text(encoding="utf-8"))
    use_cache(home.cache)
    began = time.perf_counter()
    catalogue = Catalogue.existing(home.catalogue)
    searcher = Searcher(home, catalogue)
    opened = (time.perf_counter() - began) * 1000
    for query in queries_of(asked["warm"]):
        timed(lambda: searcher, query)
    every = queries_of(asked["asked"])
    times = [timed(lambda: searcher, query) for query in every]
    again = [found(searcher, query) for query in every]
    print(json.dumps({"opened": opened, "asked": times, "found": again}))
    searcher.close()
    catalogue.close()


if __name__ == "__main__":
    main()
