"""The conjunctions of many sieves as plain numbers, on their way into arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from newscrawl.alerts.numbers import Numbers
from newscrawl.query.literals import weight
from newscrawl.query.sieve import GIVEN, Atom, Conjunction, Sieve

ALWAYS = Atom("＊", GIVEN)
"""Literal 0: it stands in no text, holds of every article, and anchors what has nothing to find."""
_UNFIT = -(1 << 62)
"""Less than any rarity."""


class Gathered:
    """Owners, atoms and anchors of conjunctions, in the order in which they came."""

    def __init__(self) -> None:
        self._numbers = {ALWAYS.literal: 0}
        self._owner, self._size, self._literal = array("i"), array("i"), array("i")
        self._sure, self._places, self._wanted = array("b"), array("B"), array("b")

    def __len__(self) -> int:
        return len(self._size)

    def append(self, owner: int, sieve: Sieve) -> None:
        """Add the conjunctions of a sieve that is known by this number."""
        for conjunction in sieve.sure:
            self._add(owner, conjunction, sure=True)
        for conjunction in sieve.doubtful:
            self._add(owner, conjunction, sure=False)

    def literals(self) -> list[str]:
        """Each once, by its number; ALWAYS is the first."""
        return list(self._numbers)

    def owners(self) -> Numbers:
        """Of each conjunction the number of its sieve."""
        return np.array(self._owner, np.int32)

    def sure(self) -> NDArray[np.bool_]:
        """Of each conjunction whether its query is surely true where it holds."""
        return np.array(self._sure, np.bool_)

    def sizes(self) -> Numbers:
        """Of each conjunction how many atoms it has: one at least."""
        return np.array(self._size, np.int32)

    def atoms(self) -> tuple[Numbers, NDArray[np.uint8], NDArray[np.bool_]]:
        """Of each atom its literal, its places, and whether it is wanted there."""
        return (
            np.array(self._literal, np.int32),
            np.array(self._places, np.uint8),
            np.array(self._wanted, np.bool_),
        )

    def conjunctions(self) -> Iterator[tuple[int, bool, list[tuple[int, int, bool]]]]:
        """Of each its owner, whether it is sure, and its atoms, as the arrays have them."""
        atoms = zip(self._literal, self._places, map(bool, self._wanted), strict=True)
        for owner, sure, size in zip(self._owner, self._sure, self._size, strict=True):
            yield owner, bool(sure), list(islice(atoms, size))

    def anchors(self) -> Numbers:
        """Of each conjunction the literal that is likely to be the rarest.

        Among equally long ones that is the one that the fewest conjunctions have.
        """
        if not self._size:
            return np.empty(0, np.int32)
        literal, places, wanted = self.atoms()
        weights = np.fromiter(map(weight, self._numbers), np.int64, len(self._numbers))
        rarity = (weights << 32) - np.bincount(literal, minlength=len(weights))
        fit = wanted & ((places != GIVEN) | (literal == 0))
        rated = np.where(fit, rarity[literal], _UNFIT)
        sizes = self.sizes()
        begin = np.cumsum(sizes) - sizes
        best = np.repeat(np.maximum.reduceat(rated, begin), sizes)
        chosen = np.flatnonzero(rated == best)
        conjunction = np.repeat(np.arange(len(sizes)), sizes)[chosen]
        return literal[chosen[np.unique(conjunction, return_index=True)[1]]]

    def _add(self, owner: int, conjunction: Conjunction, *, sure: bool) -> None:
        if not any(wanted and places != GIVEN for _literal, places, wanted in conjunction):
            conjunction = (ALWAYS, *conjunction)
        numbers = self._numbers
        for literal, places, wanted in conjunction:
            self._literal.append(numbers.setdefault(literal, len(numbers)))
            self._places.append(places)
            self._wanted.append(wanted)
        self._owner.append(owner)
        self._sure.append(sure)
        self._size.append(len(conjunction))
