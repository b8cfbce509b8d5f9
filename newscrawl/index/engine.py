"""What an engine of the index is: a place that versions are written to and found in.

An engine answers expressions of `plan`, and knows nothing of the query language. Every engine
finds the same versions for the same expression; their order by relevance is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, get_args, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from newscrawl.index.checked import Checked
from newscrawl.index.documents import Document
from newscrawl.index.plan import Expression
from newscrawl.index.reach import Reach

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = get_args(Sort)
Facet: TypeAlias = Literal["paper", "page", "month", "day", "source"]
FACETS: tuple[Facet, ...] = get_args(Facet)
Stop: TypeAlias = Callable[[], bool]
"""Whether something else is wanted by now."""
Seqs: TypeAlias = NDArray[np.int64]
"""Sequence numbers of versions, ascending, each once."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of what is found is wanted, and in which order."""

    sort: Sort = "relevance"
    words: tuple[str, ...] = ()
    """By these is ranked; versions with none of them come last, with the score 0."""
    offset: int = 0
    limit: int = 20
    upto: int | None = None
    """As the index stood at this sequence number: what came later is not seen."""
    count: bool = True
    """Whether it must be known how many are found in all. Otherwise an engine may stop where the
    window is full."""


@dataclass(frozen=True, slots=True)
class Found:
    """A window of what an expression finds."""

    total: int
    """Of all, or of as many as were looked at."""
    hits: list[tuple[int, float]]
    """`(seq, score)`; equal scores: the newer day first, then the order of arrival."""


class Reader(Protocol):
    """One committed state of an index. Later commits do not change its answers."""

    @property
    def mark(self) -> int:
        """The last sequence number that this state covers."""

    @property
    def reached(self) -> Reach:
        """The same, and of which catalogue."""

    def count(self) -> int:
        """How many versions can be found."""

    def search(self, wanted: Expression, window: Window) -> Found:
        """A window of what is found."""

    def seqs(self, wanted: Expression, upto: int | None = None) -> Seqs:
        """All that is found."""

    def facets(
        self, wanted: Expression, facets: Sequence[Facet], upto: int | None = None
    ) -> dict[Facet, list[tuple[str, int]]]:
        """How many of what is found have each value, the most frequent first; months and days in
        order.

        Values: the spider's name, the page's name (without one its code), `YYYY-MM`,
        `YYYY-MM-DD`, the source as shown. What has none is not counted.
        """

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """How many versions have each of these words, about; what none has is left out."""

    def beginning(self, characters: Iterable[str]) -> dict[str, int]:
        """The words that begin with one of these characters, and how many versions have each,
        about.
        """

    def close(self) -> None:
        """Let go of its files."""


class Writer(Protocol):
    """The one writer of an index."""

    @property
    def mark(self) -> int:
        """The last sequence number that a reader finds."""

    @property
    def reached(self) -> Reach:
        """The same, and of which catalogue."""

    def write(self, documents: Iterable[Document], count: int, reached: Reach) -> None:
        """Make versions findable, all at once, durably, and with them how far the index reaches.

        `documents` come in order, `count` of them at most, and are not kept. What an
        interrupted `write` has left is not doubled. Earlier versions of an article
        (`Document.replaces`) are found no more.
        """

    def rewrite(self, documents: Iterable[Document], count: int) -> None:
        """Index versions that are there already anew, with other words; the mark stays.

        `documents` come in order, `count` of them at most, and are not kept.
        """

    def upkeep(self, *, ending: bool = False) -> None:
        """Merge what has become many, in a commit of its own; `ending`: also what can wait."""

    def tidy(self, stop: Stop) -> None:
        """Do some of what can wait, in steps of moments, until it is done or `stop` says so."""

    def close(self) -> None:
        """Let go of the index."""


class Engine(Protocol):
    """How the indexes of one kind are made and opened."""

    name: str
    """As in NEWSCRAWL_INDEX."""
    committed: str
    """The file that every commit replaces, at its end."""
    batch: int
    """Versions that one write of a rebuild takes: what the engine keeps of them until then."""

    def version(self) -> str:
        """Library and version: another one asks for a rebuild."""

    def create(self, directory: Path) -> None:
        """Make an empty index in an empty directory."""

    def reader(self, directory: Path, before: Reader | None = None) -> Reader:
        """Open the newest committed state.

        `before`, an open reader of any state, may share what has not changed since. Each of the
        two answers and is closed as if the other were not there.
        """

    def writer(self, directory: Path) -> Writer:
        """Open for writing; the caller holds the store's lock."""

    def reached(self, directory: Path) -> Reach:
        """How far a search finds, read without opening the index."""

    def problems(self, directory: Path) -> Iterator[tuple[str, str]]:
        """`(file, what is wrong with it)`: all that `damaged` finds, and what takes longer."""

    def damaged(self, directory: Path, checked: Checked | None = None) -> Iterator[str]:
        """Names of files that are not what they were when they were committed.

        Those that `checked` knows are passed, and it gets to know those that are sound.
        """


@runtime_checkable
class Divisible(Protocol):
    """An engine whose indexes consist of parts that know nothing of each other."""

    def part_of(self, day: int) -> str:
        """The name of the part that holds the versions of a day (`Document.day`)."""

    def unite(self, directory: Path, others: Sequence[Path], reached: Reach) -> None:
        """Move what other directories hold, each some parts, into an empty index."""
