"""What a subscription that is not saved yet finds in the last days, some of it read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from newscrawl.catalogue import stories, versions
from newscrawl.errors import UsageError
from newscrawl.index.bounds import allowed, seconds
from newscrawl.index.finding import MOST_HITS, Finding
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.query.limits import DEFAULT, Limits
from newscrawl.query.show import show
from newscrawl.query.subject import Subject, subject_of
from newscrawl.query.tree import DateRange, Node
from newscrawl.text.dates import today

MOST_DAYS = 3660
READ = 300
"""Hits that are read, spread over the days: a second's work."""
IN_ORDER = 50
"""Newest hits that are looked at where so many texts are in doubt that not all are counted."""
ENOUGH = 30
"""With fewer hits than these, older ones are read as well, to see how the words stand in them."""
SHARE = 0.25
"""Of a search's seconds, for the whole archive, beside what the days take."""

OURS = Limits(length=1 << 20, clauses=1 << 16, depth=100)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A subscription before it is saved. Raises UsageError for a number of days out of bounds."""

    query: str
    papers: tuple[str, ...] = ()
    """Spider names or Chinese titles; none means all."""
    days: int = 30
    until: date | None = None
    """The last of the days; None: today in Shanghai."""
    limits: Limits = DEFAULT

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MOST_DAYS:
            raise UsageError(f"{self.days} days: a back-test goes over 1 to {MOST_DAYS:,}")

    def span(self) -> tuple[date, date]:
        """The first and the last of the days."""
        last = self.until or today(datetime.now(UTC))
        return last - timedelta(days=self.days - 1), last


@dataclass(frozen=True, slots=True)
class Reading:
    """A hit that was read."""

    seq: int
    story: int
    subject: Subject


class Evidence:
    """What the search of a proposal finds, found and read as it is asked for.

    Within one view of the catalogue, and while the searcher is open.
    """

    def __init__(self, searcher: Searcher, proposal: Proposal) -> None:
        """Raises QueryError for a query that cannot be read."""
        self.searcher, self.proposal = searcher, proposal
        self.since, self.until = proposal.span()
        self.request = SearchRequest(
            proposal.query,
            proposal.papers,
            self.since,
            self.until,
            "newest",
            limits=proposal.limits,
        )
        """The search that finds what the subscription would have told of."""
        self.found = searcher.finding(self.request)

    @property
    def tree(self) -> Node:
        """The query."""
        return self.found.asked

    @cached_property
    def seqs(self) -> list[int]:
        """The hits, the newest first: MOST_HITS at most, IN_ORDER where not all are counted."""
        most = MOST_HITS if self.found.counted else IN_ORDER
        return [seq for seq, _score in self.found.window(0, most)]

    @cached_property
    def story_of(self) -> Mapping[int, int]:
        """The story of each hit; a number of its own for one that the catalogue does not have."""
        return self._stories(self.seqs)

    @property
    def whole(self) -> bool:
        """Whether `seqs` are all there are."""
        return self.found.counted and self.found.total <= MOST_HITS

    @property
    def stories(self) -> int | None:
        """How many they are; None where not all hits are known."""
        return len(set(self.story_of.values())) if self.whole else None

    @cached_property
    def read(self) -> list[Reading]:
        """Some hits, READ at most, spread over all there are."""
        return self._readings(spread(self.seqs, READ), self.story_of)

    @cached_property
    def articles(self) -> int:
        """How many articles there are of these days, in these papers."""
        days = DateRange(self.since, self.until)
        return self.total(replace(self.request, query=show(days)))

    @cached_property
    def ever(self) -> Finding:
        """What the search finds in the whole archive, within a share of the seconds."""
        with allowed(seconds() * SHARE):
            return self.searcher.finding(replace(self.request, since=None, until=None))

    @cached_property
    def examples(self) -> list[Reading]:
        """What was read, and older hits where that is little."""
        if len(self.read) >= ENOUGH or not self.ever.counted:
            return self.read
        known = {each.seq for each in self.read}
        newest = [seq for seq, _score in self.ever.window(0, ENOUGH + len(known))]
        older = [seq for seq in newest if seq not in known]
        return [*self.read, *self._readings(older, self._stories(older))]

    def total(self, request: SearchRequest) -> int:
        """How many articles a request finds, within a share of the seconds; of a query made here
        it is not asked whether it is longer than a person's may be.
        """
        with allowed(seconds() * SHARE):
            return self.searcher.finding(replace(request, limits=OURS)).total

    def _stories(self, seqs: Sequence[int]) -> dict[int, int]:
        with self.searcher.catalogue.read() as connection:
            told = stories.of_seqs(connection, seqs)
        return {seq: told.get(seq, -seq) for seq in seqs}

    def _readings(self, seqs: Sequence[int], story_of: Mapping[int, int]) -> list[Reading]:
        with self.searcher.catalogue.read() as connection:
            return [
                Reading(each.seq, story_of[each.seq], subject_of(each.article, each.paper_title))
                for each in versions.streamed(connection, sorted(seqs))
            ]


def spread(seqs: Sequence[int], most: int) -> list[int]:
    """At most so many of them, evenly."""
    if len(seqs) <= most:
        return list(seqs)
    return [seqs[place * len(seqs) // most] for place in range(most)]
