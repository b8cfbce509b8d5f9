"""What is wrong with a query, and where."""

from __future__ import annotations

from unicodedata import east_asian_width

from newscrawl.errors import UsageError

AROUND = 30
"""Characters of the query shown on either side of the place."""


class QueryError(UsageError):
    """A query that cannot be read: a line with what and where, then the place under a caret."""

    def __init__(self, reason: str, query: str, position: int) -> None:
        """`position` counts characters of `query` from 0."""
        self.reason = "".join(map(_visible, reason))
        self.query = query
        self.position = position
        super().__init__(
            f"cannot read the query at character {position + 1}: {self.reason}\n"
            f"{_pointer(query, position)}"
        )

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, str, int]]:
        return type(self), (self.reason, self.query, self.position)


def named(text: str) -> str:
    """A piece of a query as a reason names it: in quotation marks, its beginning if it is long."""
    return f"“{text}”" if len(text) <= AROUND else f"“{text[: AROUND - 1]}…”"


def _pointer(query: str, position: int) -> str:
    start = max(0, position - AROUND)
    shown = "".join(map(_visible, query[start : position + AROUND]))
    width = sum(_columns(character) for character in shown[: position - start])
    return f"  {shown}\n  {' ' * width}^"


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _columns(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1
