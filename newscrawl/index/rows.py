"""Hits as they are shown: of each story one, with its reprints, or one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from newscrawl.catalogue import stories, versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.stories import Member
from newscrawl.index.finding import MOST_HITS, Finding
from newscrawl.index.folding import First, fold, represented
from newscrawl.index.search import Hit, Searcher
from newscrawl.query.evaluate import matches
from newscrawl.query.subject import subject_of

BATCH = 250
"""Rows that are read together."""


@dataclass(frozen=True, slots=True)
class Row:
    """A hit, and what is folded under it."""

    hit: Hit
    reprints: list[Member] = field(default_factory=list)
    """The other articles of its story that match, the earliest first."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, before it is read."""

    firsts: list[First]
    more: bool
    """Whether there is a next page."""
    stories: int | None = None
    """How many there are in all, where that came to light."""


def unfolded(_searcher: Searcher, found: Finding, offset: int, limit: int) -> Page:
    """Hits one by one."""
    hits = found.window(offset, limit)
    return Page([First(seq, score, None) for seq, score in hits], found.total > offset + limit)


def folded(searcher: Searcher, found: Finding, offset: int, limit: int) -> Page:
    """Hits under their stories; `offset` and `limit` count stories, each where its first hit is."""
    with searcher.catalogue.read() as connection:
        page = fold(found.window, lambda seqs: stories.of_seqs(connection, seqs), offset, limit)
    walked = found.total <= MOST_HITS
    return Page(page.firsts, page.more, page.stories if walked else None)


def rows(searcher: Searcher, found: Finding, page: Page) -> Iterator[Row]:
    """The rows of a page, few of them in memory.

    A story is shown in its earliest article that itself matches.
    """
    for start in range(0, len(page.firsts), BATCH):
        yield from _rows(searcher, found, page.firsts[start : start + BATCH])


def _rows(searcher: Searcher, found: Finding, firsts: Sequence[First]) -> Iterator[Row]:
    with searcher.catalogue.read() as connection:
        members = _members(connection, firsts, found.mark)
        others = {
            member.seq
            for first in firsts
            for member in members.get(first.story, [])
            if member.seq != first.seq
        }
        matching = set(_matching(connection, found, others))
    chosen = [
        represented(
            first.seq, [each.seq for each in members.get(first.story, [])], matching.__contains__
        )
        for first in firsts
    ]
    wanted = [(seq, first.score) for (seq, _), first in zip(chosen, firsts, strict=True)]
    hits = {hit.version.seq: hit for hit in searcher.hits(found.asked, wanted)}
    known = {each.seq: each for story in members.values() for each in story}
    for seq, reprints in chosen:
        if seq in hits:
            yield Row(hits[seq], [known[other] for other in reprints if other in known])


def _members(
    connection: Transaction, firsts: Iterable[First], mark: int
) -> dict[int | None, list[Member]]:
    """The stories' articles that the index held at its mark."""
    wanted = [first.story for first in firsts if first.story is not None]
    return {
        story: [member for member in held if member.seq <= mark]
        for story, held in stories.members_of(connection, wanted).items()
    }


def _matching(connection: Transaction, found: Finding, seqs: Iterable[int]) -> Iterable[int]:
    """Those of a few versions that the request asks for, judged by their texts."""
    for version in versions.streamed(connection, sorted(seqs)):
        if matches(found.narrowed, subject_of(version.article, version.paper_title)):
            yield version.seq
