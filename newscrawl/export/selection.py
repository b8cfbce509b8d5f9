"""Which articles an export is of: those that a search finds, or all of some papers and days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import islice

from newscrawl.catalogue import outgoing
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.outgoing import Held, Outgoing, Scope
from newscrawl.index.finding import Finding
from newscrawl.index.search import Searcher, SearchRequest

ASKED = 5_000
"""Articles of which the index is asked at once."""
READ = 200
"""Versions that are read at once."""


class Selection:
    """The chosen articles, in one view of the catalogue: by paper, day, page and number.

    It may be gone through several times; no more of it is in memory than is read at once.
    """

    def __init__(self, connection: Transaction, scope: Scope, found: Finding | None = None) -> None:
        """`found`: what the query finds; None: there is no query."""
        self._connection, self._scope, self._found = connection, scope, found

    @cached_property
    def papers(self) -> Counter[str]:
        """How many versions go out of each paper, by the spider's name."""
        counted: Counter[str] = Counter()
        for each in self._held():
            counted[each.paper] += len(each.seqs)
        return counted

    def __len__(self) -> int:
        return self.papers.total()

    def __iter__(self) -> Iterator[Outgoing]:
        seqs = (seq for each in self._held() for seq in each.seqs)
        while some := list(islice(seqs, READ)):
            yield from outgoing.outgoing(self._connection, some)

    def has_any(self, seqs: Collection[int]) -> bool:
        """Whether one of these versions is among them."""
        return any(seq in seqs for each in self._held() for seq in each.seqs)

    def _held(self) -> Iterator[Held]:
        held = outgoing.held(self._connection, self._scope)
        if self._found is None:
            yield from held
            return
        while some := list(islice(held, ASKED)):
            matching = self._found.among(sorted(each.seq for each in some))
            yield from (each for each in some if each.seq in matching)


def finding(searcher: Searcher, request: SearchRequest) -> Finding:
    """What a query finds, to be asked of articles. Raises QueryError where it cannot be read.

    Nothing is counted: of many articles that would take long, and a search would stop at some.
    """
    return searcher.finding(replace(request, count=False, sort="newest"))
