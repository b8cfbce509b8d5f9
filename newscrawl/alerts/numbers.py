"""Arrays of whole numbers: what is distinct among them, and ranges laid end to end."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int32]
"""What there may be millions of."""
Indices: TypeAlias = NDArray[np.intp]
N = TypeVar("N", bound=np.integer)

NONE: Indices = np.empty(0, np.intp)


def distinct(numbers: NDArray[N]) -> NDArray[N]:
    """Each once, ascending: in a fifth of the time that `np.unique` takes for a few hundred."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def ranges(begins: Indices, chosen: Indices) -> tuple[Indices, Indices]:
    """The numbers in the chosen ranges, one behind the other, and where each range begins there.

    `begins`: where each of all ranges begins, and at last where the last one ends.
    """
    first = begins[chosen]
    return spread(first, (begins[chosen + 1] - first).cumsum())


def spread(first: Indices, ends: Indices) -> tuple[Indices, Indices]:
    """The same of ranges by their first numbers, and where each of them is to end."""
    if not len(ends):
        return NONE, NONE
    starts = np.empty_like(ends)
    starts[0], starts[1:] = 0, ends[:-1]
    numbers = np.arange(ends[-1])
    numbers += (first - starts).repeat(ends - starts)
    return numbers, starts
