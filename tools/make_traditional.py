"""Write newscrawl/text/data/traditional.txt: a traditional character and its simplified one a line.

Run with opencc installed, which newscrawl itself never needs:

    python tools/make_traditional.py newscrawl/text/data/traditional.txt

Each Han character is converted alone, because search folding knows no phrases. The general table
(t2s) decides; the Taiwan table (tw2s) adds only rare variants. It may not touch the characters of
GB 2312, where it would make 著 and 着, two words of simplified text, one.
What the general table says of such characters stays (乾→干, 徵→征, 於→于): text and query are
folded alike, so 乾坤 still finds 乾坤.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import opencc

BLOCKS = (
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0x20000, 0x2A6E0),
    range(0x2A700, 0x2EE60),
    range(0x30000, 0x33480),
)
HEADER = (
    "# From the character tables of OpenCC (Apache License 2.0), by tools/make_traditional.py\n"
)


def characters() -> Iterator[str]:
    for block in BLOCKS:
        yield from map(chr, block)


def is_gb2312(character: str) -> bool:
    return bool(character.encode("gb2312", "ignore"))


def pairs() -> dict[str, str]:
    general, taiwan = opencc.OpenCC("t2s"), opencc.OpenCC("tw2s")
    table: dict[str, str] = {}
    for character in characters():
        simplified = general.convert(character)
        if simplified == character and not is_gb2312(character):
            simplified = taiwan.convert(character)
        if simplified != character and len(simplified) == 1:
            table[character] = simplified
    return {character: last(table, character) for character in table}


def last(table: dict[str, str], character: str) -> str:
    """Where a chain of pairs ends, so that folding twice is folding once."""
    while character in table:
        character = table[character]
    return character


def main() -> None:
    lines = (f"{traditional}{simplified}\n" for traditional, simplified in sorted(pairs().items()))
    Path(sys.argv[1]).write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
