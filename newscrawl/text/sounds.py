"""Which characters sound alike, tones left out: what people mistake for one another in typing."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib import resources


def alike(character: str) -> frozenset[str]:
    """The folded characters that share a sound with this one, itself included."""
    return _table().get(character) or frozenset(character)


@cache
def _table() -> dict[str, frozenset[str]]:
    """Every character with those of all its syllables."""
    data = resources.files("newscrawl.text.data").joinpath("sounds.txt")
    lines = data.read_text(encoding="utf-8").splitlines()
    table: dict[str, frozenset[str]] = defaultdict(frozenset)
    for line in lines:
        if not line.startswith("#"):
            characters = frozenset(line.partition(" ")[2])
            for character in characters:
                table[character] |= characters
    return dict(table)
