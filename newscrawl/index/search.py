"""Searching: candidates from the index, verified against the text, ranked by words."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np

from newscrawl.catalogue import covered, log, runs, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.versions import Version
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.index import dictionary
from newscrawl.index.bookmark import Bookmark
from newscrawl.index.engine import SORTS, Reader, Sort, Window
from newscrawl.index.finding import Finding, Sought, without
from newscrawl.index.plan import Listed, Plan, plan
from newscrawl.index.reach import require
from newscrawl.index.related import related
from newscrawl.index.store import Build, Store
from newscrawl.index.verifying import Verifier
from newscrawl.query.highlight import Marker, Passage
from newscrawl.query.limits import DEFAULT, Limits
from newscrawl.query.parse import parse
from newscrawl.query.subject import folded
from newscrawl.query.tree import (
    And,
    DateRange,
    Guard,
    Named,
    Near,
    Node,
    Or,
    asks_for,
    positive_texts,
)
from newscrawl.text.segment import Segmenter

SNIPPET_CHARACTERS = 90
SNIPPETS = 3


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked for. Raises UsageError for an unknown order and for negative numbers."""

    query: str
    papers: tuple[str, ...] = ()
    """Spider names or Chinese titles; none means all."""
    since: date | None = None
    until: date | None = None
    sort: Sort = "relevance"
    limit: int = 20
    offset: int = 0
    limits: Limits = DEFAULT
    as_of: Bookmark | None = None
    """As the index stood then, and without what was shown: pages fit together while articles
    arrive."""
    count: bool = True
    """Whether it must be known how many are found in all. Without, by day, only as many quarters
    and texts are looked at as the page takes."""

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise UsageError(f"sort {self.sort!r}: {', '.join(SORTS)}")
        if self.limit < 0 or self.offset < 0:
            raise UsageError(f"limit {self.limit}, offset {self.offset}: neither may be negative")


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that matches."""

    version: Version
    score: float
    headline: Passage
    snippets: tuple[Passage, ...] = ()
    """The best passages of the body, in printed order."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found."""

    query: str
    total: int
    """Articles that match, however many are shown; with `count=False` at least so many."""
    took_ms: float
    hits: list[Hit] = field(default_factory=list)
    behind: int = 0
    """Versions that are recorded and not yet in the index."""
    mark: int = 0
    """The state of the index that has answered."""


class Searcher:
    """Searches one state of the index and the catalogue; open it anew to see what came since."""

    def __init__(self, home: Home, catalogue: Catalogue, before: Searcher | None = None) -> None:
        """`before` stays open, and what is unchanged since is not opened again.

        Raises IndexUnusable where there is no index that may be opened, or one of another
        catalogue.
        """
        self.catalogue = catalogue
        known = before._reader if before else None
        Store.of(home).steady(lambda build: self._open(build, known))

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises QueryError for a query that cannot be read."""
        began = time.perf_counter()
        found = self.finding(request)
        hits = self.hits(found.asked, found.window(request.offset, request.limit))
        took = round((time.perf_counter() - began) * 1000, 1)
        return SearchResult(request.query, found.total, took, hits, self.behind(), found.mark)

    def finding(self, request: SearchRequest) -> Finding:
        """What a request finds. Raises QueryError for a query that cannot be read."""
        asked = parse(request.query, request.limits)
        narrowed = narrowed_by(asked, request)
        place = request.as_of or Bookmark(self._reader.mark)
        upto = min(place.mark, self._reader.mark)
        words = tuple(dict.fromkeys(_ranking_words(asked, self.segment)))
        window = Window(request.sort, words, upto=upto, count=request.count)
        hidden = self._hidden()
        plan = without(self._plan(narrowed, window), hidden)
        sought = Sought(asked, plan, window, place.shown)
        matching = partial(self._matching, narrowed, upto, frozenset(hidden))
        return Finding(self._reader, sought, matching, self._sound)

    def hits(self, asked: Node, page: Sequence[tuple[int, float]]) -> list[Hit]:
        """Versions with their scores, as they are shown for a query.

        What has become unreadable in the catalogue is left out; `newscrawl doctor` names it.
        """
        with self.catalogue.read() as connection:
            # Once more: whoever does not end what runs may have put another copy in its place.
            require(connection, self._reader.reached, self._build.directory)
            entries = log.named(connection, [seq for seq, _score in page])
            found = {each.seq: each for each in entries if isinstance(each, Version)}
        marker = Marker(asked)
        return [_hit(marker, found[seq], score) for seq, score in page if seq in found]

    def beginning(self, characters: Iterable[str]) -> dict[str, int]:
        """See `Reader`."""
        with self._sound():
            return self._reader.beginning(characters)

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """See `Reader`."""
        with self._sound():
            return self._reader.frequencies(words)

    def behind(self) -> int:
        """How many versions are recorded and not yet in the index."""
        with self.catalogue.read() as connection:
            return max(0, versions.newest_seq(connection) - self._reader.mark)

    def count(self) -> int:
        """How many articles can be found."""
        hidden = self._hidden()
        with self._sound():
            count = self._reader.count()
            if hidden:
                count -= len(self._reader.seqs(Listed(np.array(hidden, np.int64))))
        return count

    def lacking(self, seqs: Iterable[int]) -> list[int]:
        """Those of some versions, of its time or before, that the index does not have."""
        wanted = sorted(seq for seq in seqs if seq <= self._reader.mark)
        with self._sound():
            held = self._reader.seqs(Listed(np.array(wanted, np.int64)))
        return sorted({*wanted} - {*held.tolist()})

    def related(self, version: Version, most: int) -> list[Version]:
        """The versions nearest to one, the best first, one of each story and none of its own."""
        with self._sound(), self.catalogue.read() as connection:
            return related(self._reader, connection, version, self.segment, most)

    def close(self) -> None:
        self._reader.close()

    def _open(self, build: Build, before: Reader | None) -> None:
        """Open every file: a rebuild may remove them, and what is open stays readable."""
        self._build = build
        with self._sound():
            self.segment = Segmenter(dictionary.covered(build.directory).words)
            """Cuts queries as the versions of this index were cut."""
            self._reader = build.reader(before)
        with ExitStack() as unless_ours:
            unless_ours.callback(self._reader.close)
            with self.catalogue.read() as connection:
                require(connection, self._reader.reached, build.directory)
            unless_ours.pop_all()

    def _plan(self, node: Node, window: Window) -> Plan:
        """Where everything is to be counted, what is in doubt is verified here."""
        with self._verifier(node, window.upto) as verifier:
            return verifier.settled() if window.count else plan(node, verifier.titles)

    def _matching(
        self, node: Node, upto: int, hidden: frozenset[int], seqs: Sequence[int]
    ) -> set[int]:
        with self._verifier(node, upto) as verifier:
            return verifier.among(seqs) - hidden

    def _hidden(self) -> list[int]:
        """What the index has and nobody is shown: asked anew each time, for it holds at once."""
        with self.catalogue.read() as connection:
            return covered.hidden(connection)

    @contextmanager
    def _verifier(self, node: Node, upto: int | None) -> Iterator[Verifier]:
        with self._sound(), self.catalogue.read() as connection:
            titles = runs.titles(connection) if asks_for(node, "paper") else {}
            yield Verifier(self._reader, connection, node, titles, upto)

    def _sound(self) -> AbstractContextManager[None]:
        """Within it, what damaged files make fail says so."""
        return self._build.sound()


def _hit(marker: Marker, version: Version, score: float) -> Hit:
    article = version.article
    return Hit(
        version,
        score,
        headline=marker.mark(article.headline, "headline"),
        snippets=tuple(marker.passages(article.paragraphs, SNIPPET_CHARACTERS, limit=SNIPPETS)),
    )


def narrowed_by(asked: Node, request: SearchRequest) -> Node:
    """The query within the papers and days of the request."""
    parts: list[Node] = [asked]
    papers: list[Node] = [Named("paper", paper) for paper in request.papers]
    if papers:
        parts.append(papers[0] if len(papers) == 1 else Or(tuple(papers)))
    if request.since or request.until:
        parts.append(DateRange(request.since, request.until))
    return And(tuple(parts)) if len(parts) > 1 else asked


def _ranking_words(node: Node, cut: Segmenter) -> Iterator[str]:
    for leaf in positive_texts(node):
        texts: Iterable[str]
        match leaf:
            case Near(texts):
                pass
            case Guard(term):
                texts = (term.text,)
            case _:
                texts = (leaf.text,)
        for text in texts:
            yield from cut(folded(text))
