"""A tree of hashes over lines of text, which `sha256sum` alone can check.

Its shape is that of RFC 6962: divided at the largest power of two below the number of leaves. Every
hash is 64 lower-case hexadecimal digits, and what is hashed is a line of text:
`leaf LINE`, `node LEFT RIGHT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple

Side = Literal["left", "right"]


class Step(NamedTuple):
    """A neighbour on the way from a leaf to the root."""

    side: Side
    """Where it stands."""
    hash: str


def hash_line(text: str) -> str:
    """SHA-256 of the line `text`, its line break included."""
    return sha256(f"{text}\n".encode()).hexdigest()


def leaf(line: str) -> str:
    """The hash of a line."""
    return hash_line(f"leaf {line}")


def node(left: str, right: str) -> str:
    """The hash above two others."""
    return hash_line(f"node {left} {right}")


def root(leaves: Sequence[str]) -> str:
    """The hash of all of them. Raises ValueError where there are none."""
    return _levels(leaves)[-1][0]


def path(leaves: Sequence[str], place: int) -> list[Step]:
    """From the leaf at `place` to the root. Raises ValueError where there is none."""
    if not 0 <= place < len(leaves):
        raise ValueError(f"no leaf {place} among {len(leaves)}")
    steps = []
    for level in _levels(leaves)[:-1]:
        other = place ^ 1
        if other < len(level):
            steps.append(Step("left" if other < place else "right", level[other]))
        place //= 2
    return steps


def root_from(hashed: str, steps: Iterable[Step]) -> str:
    """The root to which the steps lead from a leaf's hash."""
    for side, other in steps:
        hashed = node(other, hashed) if side == "left" else node(hashed, other)
    return hashed


def _levels(leaves: Sequence[str]) -> list[Sequence[str]]:
    """From the leaves to the root. One without a neighbour rises as it is: hence the shape."""
    if not leaves:
        raise ValueError("a tree needs a leaf")
    levels = [leaves]
    while len(leaves) > 1:
        pairs = zip(leaves[::2], leaves[1::2], strict=False)
        # As `node` does it, without two calls: a verification spends much of its time here.
        above = [sha256(f"node {left} {right}\n".encode()).hexdigest() for left, right in pairs]
        leaves = [*above, leaves[-1]] if len(leaves) % 2 else above
        levels.append(leaves)
    return levels
