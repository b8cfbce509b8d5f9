"""Which articles an export is of: those that a search finds, or all of some papers and days."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
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
_WHILE = "while this was exported: nothing was written: export again"


class TakenMeanwhile(NewscrawlError):
    """What is taken down goes out no more, whatever was chosen before."""

    @classmethod
    def chosen(cls) -> TakenMeanwhile:
        """Something of what goes out."""
        return cls(f"something of it was taken down {_WHILE}")

    @classmethod
    def elsewhere(cls) -> TakenMeanwhile:
        """Something else, by which the files that were being copied were written anew."""
        return cls(f"something was erased {_WHILE}")


class Selection:
    """The chosen versions, of one state of the catalogue: by paper, day, page and number.

    What there is is listed in one view; it is asked for and read in many. So what takes long keeps
    no old state of the catalogue alive, and learns what is taken down meanwhile. The numbers of an
    article and its versions are in memory for as long, the rest of no more than is read at once.
    """

    def __init__(self, catalogue: Catalogue, scope: Scope) -> None:
        """Lists all that there is of a scope."""
        self._catalogue = catalogue
        with catalogue.read() as view:
            self._places = covered.places(view)
            self.newest_capture = outgoing.newest_capture(view)
            """What was captured later is not of this state."""
            self._listed = _Listed()
            for each in outgoing.held(view, scope):
                self._listed.add(each)

    def narrow(self, found: Finding) -> None:
        """Keep what a query finds. The text under a number never changes, so that a few articles
        at a time may be looked at.
        """
        waiting, kept = iter(self._listed), _Listed()
        while some := list(islice(waiting, ASKED)):
            matching = found.among(sorted(each.seq for each in some))
            for each in some:
                if each.seq in matching:
                    kept.add(each)
        self._listed = kept

    @property
    def papers(self) -> Counter[str]:
        """How many versions go out of each paper, by the spider's name."""
        return self._listed.papers

    def __len__(self) -> int:
        return len(self._listed.seqs)

    def __iter__(self) -> Iterator[Outgoing]:
        """Raises TakenMeanwhile."""
        seqs = self._listed.seqs
        for start in range(0, len(seqs), READ):
            some = seqs[start : start + READ].tolist()
            with self._catalogue.read() as now:
                _require_shown(now, some)
                read = list(outgoing.outgoing(now, some))
            yield from read

    def require_shown(self, *, pages: bool) -> None:
        """Raises TakenMeanwhile where any of them was taken down since they were chosen; `pages`:
        or whatever is at an address, for pictures went out as well.
        """
        with self._catalogue.read() as now:
            _require_shown(now, self._listed.seqs)
            if pages and covered.places(now) - self._places:
                raise TakenMeanwhile.chosen()


class _Listed:
    """Articles as numbers: a million of them take some thirty megabytes."""

    def __init__(self) -> None:
        self.seqs = array("q")
        self.papers: Counter[str] = Counter()
        self._found = array("q")
        """The version of each article that a search finds."""
        self._counts = array("I")
        """How many versions of each article go out."""
        self._articles: Counter[str] = Counter()
        """Articles of each paper, which come one paper after another."""

    def add(self, each: Held) -> None:
        self.seqs.extend(each.seqs)
        self.papers[each.paper] += len(each.seqs)
        self._found.append(each.seq)
        self._counts.append(len(each.seqs))
        self._articles[each.paper] += 1

    def __iter__(self) -> Iterator[Held]:
        start = 0
        numbered = zip(self._found, self._counts, strict=True)
        for paper, count in self._articles.items():
            for seq, versions in islice(numbered, count):
                yield Held(paper, seq, tuple(self.seqs[start : start + versions]))
                start += versions


def _require_shown(now: Transaction, seqs: Sequence[int]) -> None:
    if not covered.any_stands(now):
        return
    for start in range(0, len(seqs), ASKED):
        if covered.hidden_among(now, seqs[start : start + ASKED]):
            raise TakenMeanwhile.chosen()


def finding(searcher: Searcher, request: SearchRequest) -> Finding:
    """What a query finds, to be asked of articles. Raises QueryError where it cannot be read.

    Nothing is counted: of many articles that would take long, and a search would stop at some.
    """
    return searcher.finding(replace(request, count=False, sort="newest"))
