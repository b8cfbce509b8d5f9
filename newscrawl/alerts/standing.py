"""All standing queries, ready for the next article."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from newscrawl.alerts.conditions import Conditions
from newscrawl.alerts.few import Few
from newscrawl.alerts.gathered import Gathered
from newscrawl.alerts.packed import Packed
from newscrawl.query.errors import QueryError
from newscrawl.query.evaluate import matches
from newscrawl.query.limits import ACCEPTED
from newscrawl.query.literals import laid_out
from newscrawl.query.parse import parse
from newscrawl.query.sieve import Sieve, read, sieve
from newscrawl.query.subject import Subject
from newscrawl.query.tree import Node

GROWTH = 8
"""A part is made one with the next larger one that is less than so many times its size."""
QUICK = 10_000
"""Queries that adding a single one may put together anew: a fifth of a second."""
FEW = 12_000
"""Conjunctions up to which a part is looked at without arrays; of more, arrays are as fast."""
TREES = 4_096
"""That are kept, of the queries whose tree was looked at last."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A query that stands."""

    id: int
    query: str | None
    """Its text, the papers it is narrowed to included; None where what is stored is damaged."""
    sieve: str | None = None
    """The text of its sieve; made anew where there is none, or one of another format."""


class Standing:
    """Queries by their ids, in parts of growing size: what is new joins a small one.

    What cannot be read does not stand, until something else is put in its place. For one thread.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.unread: dict[int, str] = {}
        """Why, by id; of what has a sieve that comes to light once its tree is looked at."""
        self._parts: list[_Part] = []
        self.put(entries)

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def put(self, entries: Iterable[Entry]) -> None:
        """Let these stand, in the place of those with the same ids; of two the last."""
        unread: dict[int, str] = {}
        fresh = _Part(entries, unread)
        if self._parts or self.unread:
            self.drop([*fresh.ids.tolist(), *unread])
        self.unread |= unread
        if not len(fresh):
            return
        parts, joined = [part for part in self._parts if len(part)], [fresh]
        while parts and _join(len(parts[-1]), sum(map(len, joined))):
            joined.append(parts.pop())
        made = _together(joined) if len(joined) > 1 else fresh
        self._parts = sorted([*parts, made], key=len, reverse=True)

    def drop(self, ids: Iterable[int]) -> None:
        """Let these stand no more; what does not stand is passed over."""
        gone = list(ids)
        for each in gone if self.unread else ():
            self.unread.pop(each, None)
        for part in self._parts:
            part.drop(gone)
        self._parts = [part for part in self._parts if len(part)]

    def matching(self, subject: Subject) -> list[int]:
        """The ids of the queries that match an article, ascending."""
        text = laid_out(subject)
        unread: dict[int, str] = {}
        found = [part.matching(subject, text, unread) for part in self._parts]
        if unread:
            self.drop(unread)
            self.unread |= unread
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))


class _Part:
    """Some of the queries, put together once; what is dropped later is only covered."""

    def __init__(self, entries: Iterable[Entry], unread: dict[int, str]) -> None:
        """In `unread` is then why some are not among them, by id."""
        ids, gathered = array("q"), Gathered()
        self._queries, self._sieves = Packed(), Packed()
        for entry in entries:
            try:
                query, known, text = _read(entry)
            except QueryError as error:
                unread[entry.id] = error.reason
                continue
            gathered.append(len(ids), known)
            ids.append(entry.id)
            self._queries.append(query)
            self._sieves.append(text)
            if unread:
                unread.pop(entry.id, None)
        self._conditions = (Few if len(gathered) <= FEW else Conditions)(gathered, ids)
        self._ids = np.array(ids, np.int64)
        self._order = np.argsort(self._ids, kind="stable")
        self._live = np.zeros(len(ids), np.bool_)
        self._live[self._numbers(self._ids)] = True
        self._conditions.drop(np.flatnonzero(~self._live).tolist())
        self.drop(unread)

    def __len__(self) -> int:
        return int(np.count_nonzero(self._live))

    @property
    def ids(self) -> NDArray[np.int64]:
        """Of what stands."""
        return self._ids[self._live]

    def entries(self) -> Iterator[Entry]:
        """What stands."""
        for number in np.flatnonzero(self._live).tolist():
            yield Entry(int(self._ids[number]), self._queries[number], self._sieves[number])

    def drop(self, ids: Collection[int]) -> None:
        """Let these stand no more."""
        numbers = self._numbers(np.fromiter(ids, np.int64, len(ids)))
        self._live[numbers] = False
        self._conditions.drop(numbers.tolist())

    def matching(self, subject: Subject, text: str, unread: dict[int, str]) -> list[int]:
        """The ids of those that match, ascending; `text` is `subject` as it is laid out.

        In `unread` is then why some could not be looked at.
        """

        def true(number: int) -> bool:
            try:
                return matches(_tree(self._queries[number]), subject)
            except QueryError as error:
                unread[int(self._ids[number])] = error.reason
                return False

        return self._conditions.matching(text, subject.date, true)

    def _numbers(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Where those of these ids are that are held here, the last where one is held twice."""
        if not len(self._ids):
            return np.empty(0, np.intp)
        place = np.searchsorted(self._ids, ids, "right", sorter=self._order) - 1
        # A place of -1 is the largest, whose id is another.
        numbers: NDArray[np.intp] = self._order[place]
        held: NDArray[np.intp] = numbers[self._ids[numbers] == ids]
        return held


def _read(entry: Entry) -> tuple[str, Sieve, str]:
    """Its query, its sieve, and the text of that. Raises QueryError."""
    if entry.query is None:
        raise QueryError("what is stored is damaged", "", 0)
    if entry.sieve and (known := read(entry.sieve)):
        return entry.query, known, entry.sieve
    made = sieve(_parsed(entry.query))
    return entry.query, made, made.text()


def _together(parts: Iterable[_Part]) -> _Part:
    return _Part((entry for part in parts for entry in part.entries()), {})


def _join(size: int, fresh: int) -> bool:
    """Whether a part is made one with what is new."""
    return size < GROWTH * fresh and size + fresh <= QUICK


def _parsed(query: str) -> Node:
    return parse(query, ACCEPTED)


_tree = lru_cache(maxsize=TREES)(_parsed)
