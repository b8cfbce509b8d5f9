"""How large a query may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newscrawl.errors import UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond any of these a query is refused, before it costs anything.

    Raises UsageError for a limit beyond HIGHEST.
    """

    length: int = 4_096
    """Characters."""
    clauses: int = 256
    """Words, phrases, names and dates in all."""
    depth: int = 32
    """Parentheses inside one another."""
    distance: int = 100
    """The n of `"a b"~n`."""
    near: int = 6
    """The words of one `"a b"~n`."""

    def __post_init__(self) -> None:
        for name, highest in HIGHEST.items():
            if getattr(self, name) > highest:
                raise UsageError(f"a limit of {getattr(self, name)}: {name} goes up to {highest}")


HIGHEST: Mapping[str, int] = {"depth": 100, "near": 8}
"""Trees are followed by functions that call themselves, a few calls for every level, and the ways
in which words can stand near one another double with every word.
"""

DEFAULT = Limits()

ACCEPTED = Limits(length=1 << 24, clauses=1 << 20, distance=1 << 20, **HIGHEST)
"""For a query that was accepted once: it is read whatever the limits are today, and it may have
grown by the papers that it is narrowed to.
"""
