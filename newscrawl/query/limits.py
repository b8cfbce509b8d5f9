"""How large a query may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond any of these a query is refused, before it costs anything."""

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


DEFAULT = Limits()
