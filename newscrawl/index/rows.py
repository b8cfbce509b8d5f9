"""Hits as they are shown: of each story one, with its reprints, or one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice

from newscrawl.catalogue import stories
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.stories import Member
from newscrawl.index.bookmark import MOST_SHOWN
from newscrawl.index.finding import MOST_HITS, Finding
from newscrawl.index.folding import First, fold, represented
from newscrawl.index.search import Hit, Searcher

BATCH = 250
"""Rows that are read together."""


@dataclass(frozen=True, slots=True)
class Row:
    """A hit, and what is folded under it."""

    hit: Hit
    reprints: list[Member] = field(default_factory=list)
    """The other articles of its story that match, the earliest first."""

    @property
    def seqs(self) -> list[int]:
        """All versions that are shown with it."""
        return [self.hit.version.seq, *(each.seq for each in self.reprints)]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row before it is read."""

    seq: int
    score: float
    reprints: list[Member] = field(default_factory=list)

    @property
    def seqs(self) -> list[int]:
        """All versions that are shown with it."""
        return [self.seq, *(each.seq for each in self.reprints)]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, before it is read."""

    placed: Iterable[Placed]
    """Once: of a very long page they are made as they are taken, in the view of the catalogue in
    which the page was begun; it is let go of with the last of them."""
    length: int
    """How many they are."""
    more: bool
    """Whether there is a next page."""
    shown: list[int] | None
    """The versions of all rows up to its end, and what was folded under them; None: too many."""
    stories: int | None = None
    """How many there are in all, where that came to light; earlier pages left out."""


def unfolded(_searcher: Searcher, found: Finding, offset: int, limit: int) -> Page:
    """Hits one by one."""
    window = found.window(offset, limit + 1)
    hits = window[:limit]
    beyond = found.total > len(found.shown) + offset + limit
    shown: list[int] | None = None
    if offset + len(hits) <= MOST_SHOWN:
        passed = found.window(0, offset) if hits and offset else []
        shown = [seq for seq, _score in (*passed, *hits)]
    placed = [Placed(seq, score) for seq, score in hits]
    return Page(placed, len(placed), beyond or len(window) > limit, shown)


def folded(searcher: Searcher, found: Finding, offset: int, limit: int) -> Page:
    """Hits under their stories; `offset` and `limit` count stories.

    A story stands where its first hit is, and is shown in its earliest article that itself
    matches. What an earlier page has shown of it is left out. Stories unite and part meanwhile:
    one view of the catalogue serves the whole page.
    """
    with ExitStack() as held:
        connection = held.enter_context(searcher.catalogue.read())
        page = fold(found.window, lambda seqs: stories.shared(connection, seqs), offset, limit)
        whole = found.total <= MOST_HITS
        told = page.stories if whole else None
        length = len(page.firsts)
        more = page.more or not whole
        if offset + length > MOST_SHOWN:
            lasting = _lasting(held.pop_all(), _placed(connection, found, page.firsts))
            return Page(lasting, length, more, None, told)
        firsts = (page.passed if page.firsts else []) + page.firsts
        placed = list(_placed(connection, found, firsts))
    shown = [seq for each in placed for seq in each.seqs]
    return Page(placed[len(firsts) - length :], length, more, shown, told)


def rows(searcher: Searcher, found: Finding, page: Page) -> Iterator[Row]:
    """The rows of a page, few of them in memory."""
    placed = iter(page.placed)
    while batch := list(islice(placed, BATCH)):
        wanted = [(each.seq, each.score) for each in batch]
        hits = {hit.version.seq: hit for hit in searcher.hits(found.asked, wanted)}
        yield from (Row(hits[each.seq], each.reprints) for each in batch if each.seq in hits)


def _lasting(view: ExitStack, placed: Iterator[Placed]) -> Iterator[Placed]:
    with view:
        yield from placed


def _placed(connection: Transaction, found: Finding, firsts: Sequence[First]) -> Iterator[Placed]:
    for start in range(0, len(firsts), BATCH):
        batch = firsts[start : start + BATCH]
        members = _members(connection, batch, found)
        others = {member.seq for held in members.values() for member in held}
        matching = found.among(sorted(others - {first.seq for first in batch}))
        for first in batch:
            held = {each.seq: each for each in members.get(first.story, [])}
            seq, reprints = represented(first.seq, list(held), matching.__contains__)
            yield Placed(seq, first.score, [held[other] for other in reprints if other in held])


def _members(
    connection: Transaction, firsts: Iterable[First], found: Finding
) -> dict[int | None, list[Member]]:
    """The stories' articles as the index held them at its mark, those shown before left out."""
    wanted = {first.story for first in firsts if first.story is not None}
    before = frozenset(found.shown)
    return {
        story: [member for member in held if member.seq not in before]
        for story, held in stories.members_of(connection, wanted, found.mark).items()
    }
