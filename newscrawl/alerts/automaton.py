"""Which of very many literals stand in a text, found in one pass over it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TypeAlias

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from newscrawl.alerts.numbers import NONE, Indices
from newscrawl.query.literals import EDGE
from newscrawl.query.needles import joined

Found: TypeAlias = list[tuple[int, int, int]]
"""Numbers of literals, each with the place where it begins and where it ends."""

TABLE = 7_000
"""Characters of all literals up to which each step of the pass is looked up in a table.

That takes a fifth to a half off its time, and of Han characters 10 MB. A larger one outgrows the
processor's caches.
"""
_BEGINS, _ENDS = 1, 2
"""Where a literal has an edge."""


class Automaton:
    """Looks for literals, each of one character at least."""

    def __init__(self, literals: Sequence[str]) -> None:
        texts = [literal.strip(EDGE) for literal in literals]
        kind = Implementation.DFA if sum(map(len, texts)) <= TABLE else None
        self._texts = AhoCorasick(texts, store_patterns=False, implementation=kind)
        self._edges = np.fromiter(map(_edges, literals), np.uint8, len(literals))

    def standing(self, text: str) -> tuple[Indices, Indices]:
        """The numbers of literals that stand in `text`, and the place where each begins.

        One for every time that it stands there, also within another.
        """
        found = self.found(text)
        if not found:
            return NONE, NONE
        flat = np.fromiter(chain.from_iterable(found), np.intp, 3 * len(found))
        numbers, starts = flat[::3], flat[1::3]
        edges = self._edges[numbers]
        if not edges.any():
            return numbers, starts
        whole = np.ones(len(numbers), np.bool_)
        for place in np.flatnonzero(edges).tolist():
            whole[place] = self.whole(*found[place], text)
        return numbers[whole], starts[whole]

    def found(self, text: str) -> Found:
        """The same, and where each ends, also where it has an edge within a Latin word.

        In the order in which they end.
        """
        try:
            return self._texts.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:  # half of a character outside the first plane
            whole = text.encode("utf-8", "replace").decode()
            return self._texts.find_matches_as_indexes(whole, overlapping=True)

    def whole(self, number: int, start: int, end: int, text: str) -> bool:
        """Whether what is found there has no edge within a Latin word."""
        edges = self._edges[number]
        cut = edges & _BEGINS and joined(text, start)
        return not (cut or (edges & _ENDS and joined(text, end)))


def _edges(literal: str) -> int:
    return literal.startswith(EDGE) * _BEGINS + literal.endswith(EDGE) * _ENDS
