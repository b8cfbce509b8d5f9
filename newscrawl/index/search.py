"""Searching: candidates from the index, verified against the text, ranked by words."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from newscrawl.catalogue import runs, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.versions import Version
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.home import Home
from newscrawl.index import sums
from newscrawl.index.candidates import CandidateFinder, Found
from newscrawl.index.grams import GramReader
from newscrawl.index.store import REMEDY, Build, IndexUnusable, Store
from newscrawl.index.whoosh_engine import WhooshReader
from newscrawl.query.evaluate import matches
from newscrawl.query.highlight import Passage, mark, passages
from newscrawl.query.limits import DEFAULT, Limits
from newscrawl.query.parse import parse
from newscrawl.query.subject import folded, subject_of
from newscrawl.query.tree import And, DateRange, Guard, Named, Near, Node, Or, positive_texts
from newscrawl.text.segment import segment

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = get_args(Sort)
MOST_HITS = 100_000
SNIPPET_CHARACTERS = 90
SCORE_DIGITS = 4
"""Scores are compared to this many digits: sums of the same numbers differ beyond."""


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
    snippet: Passage


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found."""

    query: str
    total: int
    """Articles that match, however many are shown."""
    took_ms: float
    hits: list[Hit] = field(default_factory=list)
    behind: int = 0
    """Versions that are recorded and not yet in the index."""


class Searcher:
    """Searches one state of the index and the catalogue; open it anew to see what came since.

    Raises IndexUnusable where there is no index that may be opened.
    """

    def __init__(self, home: Home, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        store = Store(home.indexes)
        named = store.named()
        try:
            self._open(store.current())
        except (IndexUnusable, FileNotFoundError):
            if store.named() == named:
                raise
            self._open(store.current())

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises QueryError for a query that cannot be read."""
        began = time.perf_counter()
        asked = parse(request.query, request.limits)
        with _sound(self._build):
            seqs = self._matching(_narrowed(asked, request))
            ordered = self._ordered(asked, seqs, request.sort)
        page = ordered[request.offset : request.offset + min(request.limit, MOST_HITS)]
        hits = self._hits(asked, page)
        with self._catalogue.read() as connection:
            behind = versions.newest_seq(connection) - self._mark
        took = (time.perf_counter() - began) * 1000
        return SearchResult(request.query, len(ordered), round(took, 1), hits, max(0, behind))

    def count(self) -> int:
        """How many articles can be found."""
        with _sound(self._build):
            return len(self._words.days)

    def close(self) -> None:
        self._words.close()
        self._grams.close()

    def _open(self, build: Build) -> None:
        """Open every file: a rebuild may remove them, and what is open stays readable."""
        self._build = build
        with _sound(build):
            self._mark = sums.mark(build)
            self._grams = GramReader(build.grams)
            self._words = WhooshReader(build.words)

    def _matching(self, node: Node) -> frozenset[int]:
        with self._catalogue.read() as connection:
            titles = runs.titles(connection)
        found = CandidateFinder(self._words, self._grams, titles).find(node)
        return found.seqs if found.exact else frozenset(self._verified(node, found))

    def _verified(self, node: Node, found: Found) -> Iterator[int]:
        with self._catalogue.read() as connection:
            for version in versions.streamed(connection, sorted(found.seqs)):
                if matches(node, subject_of(version.article, version.paper_title)):
                    yield version.seq

    def _ordered(self, asked: Node, seqs: frozenset[int], sort: Sort) -> list[tuple[int, float]]:
        """Sequence numbers with their scores; ties go to the newer day, then in order."""
        days = self._words.days
        if sort == "oldest":
            return [(seq, 0.0) for seq in sorted(seqs, key=lambda seq: (days[seq], seq))]
        if sort == "newest":
            return [(seq, 0.0) for seq in sorted(seqs, key=lambda seq: (-days[seq], seq))]
        scores = self._words.scores(list(dict.fromkeys(_ranking_words(asked))))
        rated = [(seq, round(scores.get(seq, 0.0), SCORE_DIGITS)) for seq in seqs]
        return sorted(rated, key=lambda each: (-each[1], -days[each[0]], each[0]))

    def _hits(self, asked: Node, page: Sequence[tuple[int, float]]) -> list[Hit]:
        with self._catalogue.read() as connection:
            found = versions.by_seq(connection, [seq for seq, _score in page])
        return [_hit(asked, found[seq], score) for seq, score in page if seq in found]


def _hit(asked: Node, version: Version, score: float) -> Hit:
    article = version.article
    snippet = passages(asked, article.paragraphs, SNIPPET_CHARACTERS)
    return Hit(
        version,
        score,
        headline=mark(asked, article.headline, "headline"),
        snippet=snippet[0] if snippet else Passage(""),
    )


def _narrowed(asked: Node, request: SearchRequest) -> Node:
    """The query within the papers and days of the request."""
    parts: list[Node] = [asked]
    papers: list[Node] = [Named("paper", paper) for paper in request.papers]
    if papers:
        parts.append(papers[0] if len(papers) == 1 else Or(tuple(papers)))
    if request.since or request.until:
        parts.append(DateRange(request.since, request.until))
    return And(tuple(parts)) if len(parts) > 1 else asked


def _ranking_words(node: Node) -> Iterator[str]:
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
            yield from segment(folded(text))


@contextmanager
def _sound(build: Build) -> Iterator[None]:
    try:
        yield
    except NewscrawlError:
        raise
    except Exception as error:
        raise IndexUnusable(f"{build.directory}: damaged ({error!r}): {REMEDY}") from error
