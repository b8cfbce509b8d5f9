"""Asking for many rows by their numbers: a statement takes so many and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
ASKED = 500
"""Values in one statement."""


def in_parts(values: Iterable[T]) -> Iterator[list[T]]:
    """The values once each, in lists of at most ASKED."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), ASKED):
        yield distinct[start : start + ASKED]
