"""What one request finds in one state of the index, to be looked at from several sides."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TypeAlias

from newscrawl.index.engine import Facet, Found, Reader, Window
from newscrawl.index.plan import Expression
from newscrawl.query.tree import Node

Sound: TypeAlias = Callable[[], AbstractContextManager[None]]
"""Where something goes wrong inside, it raises IndexUnusable."""
MOST_HITS = 100_000
"""Hits that can be looked at, from the first on."""


class Finding:
    """Hits in their order, and how many have which paper, page, month, day or source."""

    def __init__(
        self,
        reader: Reader,
        wanted: Expression,
        window: Window,
        asked: Node,
        narrowed: Node,
        sound: Sound,
    ) -> None:
        """`wanted` finds what is asked for and nothing else, in the order of `window`.

        Within `sound` the reader is asked.
        """
        self.asked = asked
        """The query."""
        self.narrowed = narrowed
        """The query within the papers and days of the request."""
        self._reader, self._wanted, self._window = reader, wanted, window
        self._sound = sound
        self._total: int | None = None

    @property
    def mark(self) -> int:
        """The sequence number up to which is found."""
        upto = self._window.upto
        return self._reader.mark if upto is None else min(upto, self._reader.mark)

    @property
    def total(self) -> int:
        """How many are found in all."""
        return self._found(0, 0).total if self._total is None else self._total

    def window(self, offset: int, limit: int) -> list[tuple[int, float]]:
        """Some of the first MOST_HITS, with their scores."""
        if offset >= MOST_HITS:
            return []
        return self._found(offset, min(limit, MOST_HITS - offset)).hits

    def facet(self, facet: Facet) -> list[tuple[str, int]]:
        """How many have each value; months and days in order."""
        with self._sound():
            return self._reader.facet(self._wanted, facet, self._window.upto)

    def _found(self, offset: int, limit: int) -> Found:
        window = replace(self._window, offset=offset, limit=limit)
        with self._sound():
            found = self._reader.search(self._wanted, window)
        self._total = found.total
        return found
