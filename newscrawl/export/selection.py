"""Which articles an export is of: those that a search finds, or all of some papers and days."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from newscrawl.catalogue import covered, outgoing
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.outgoing import Held, Outgoing, Scope
from newscrawl.errors import NewscrawlError
from newscrawl.index.finding import Finding
from newscrawl.index.search import Searcher, SearchRequest

ASKED = 5_000
"""Articles of which the index is asked at once."""
READ = 200
"""Versions that are read at once."""


class TakenMeanwhile(NewscrawlError):
    """What is taken down goes out no more, whatever was chosen before."""


class Selection:
    """The chosen versions, of one state of the catalogue: by paper, day, page and number.

    They are chosen in one view and read in many: what takes long keeps no old state of the
    catalogue alive, and learns what is taken down meanwhile. A version's number is in memory for as
    long, the rest of no more than is read at once.
    """

    def __init__(self, catalogue: Catalogue, scope: Scope, found: Finding | None = None) -> None:
        """Chooses. `found`: what the query finds, in the view that the caller holds; None: there is
        no query.
        """
        self._catalogue = catalogue
        self._seqs = array("q")
        self.papers: Counter[str] = Counter()
        """How many versions go out of each paper, by the spider's name."""
        with catalogue.read() as view:
            self._hidden = frozenset(covered.hidden(view))
            self.newest_capture = outgoing.newest_capture(view)
            """What was captured later is not of this state."""
            for each in _held(view, scope, found):
                self._seqs.extend(each.seqs)
                self.papers[each.paper] += len(each.seqs)

    def __len__(self) -> int:
        return len(self._seqs)

    def __iter__(self) -> Iterator[Outgoing]:
        """Raises TakenMeanwhile."""
        for start in range(0, len(self._seqs), READ):
            some = self._seqs[start : start + READ].tolist()
            with self._catalogue.read() as now:
                self._require_shown(now, some)
                read = list(outgoing.outgoing(now, some))
            yield from read

    def require_shown(self) -> None:
        """Raises TakenMeanwhile where any of them was taken down since they were chosen."""
        with self._catalogue.read() as now:
            self._require_shown(now, self._seqs)

    def _require_shown(self, now: Transaction, seqs: Iterable[int]) -> None:
        fresh = set(covered.hidden(now)).difference(self._hidden)
        if fresh and any(seq in fresh for seq in seqs):
            raise TakenMeanwhile(
                "something of it was taken down while it was exported: nothing was written: export "
                "again"
            )


def _held(view: Transaction, scope: Scope, found: Finding | None) -> Iterator[Held]:
    held = outgoing.held(view, scope)
    if found is None:
        yield from held
        return
    while some := list(islice(held, ASKED)):
        matching = found.among(sorted(each.seq for each in some))
        yield from (each for each in some if each.seq in matching)


def finding(searcher: Searcher, request: SearchRequest) -> Finding:
    """What a query finds, to be asked of articles. Raises QueryError where it cannot be read.

    Nothing is counted: of many articles that would take long, and a search would stop at some.
    """
    return searcher.finding(replace(request, count=False, sort="newest"))
