"""Write newscrawl/text/data/sounds.txt: a syllable without its tone and its characters a line.

Run with the Unicode Character Database's file of readings:

    python tools/make_sounds.py Unihan_Readings.txt newscrawl/text/data/sounds.txt

The readings are those of the dictionary of standard characters (kTGHZ2013): the 8,105 characters
that papers print, without the sounds that they had a thousand years ago.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

DIAERESIS = "\u0308"
HEADER = (
    "# From the Unihan database of Unicode 15.0.0, by tools/make_sounds.py\n"
    "# © 1991-2022 Unicode, Inc. Unicode License v3, https://www.unicode.org/license.txt\n"
)


def toneless(reading: str) -> str:
    """`lǜ` as `lü`."""
    letters = unicodedata.normalize("NFD", reading)
    plain = "".join(
        each for each in letters if not unicodedata.combining(each) or each == DIAERESIS
    )
    return unicodedata.normalize("NFC", plain)


def syllables(lines: Iterable[str]) -> dict[str, str]:
    """The characters of every syllable, in the order of their code points."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        code, _, rest = line.partition("\tkTGHZ2013\t")
        for place in rest.split():
            for reading in place.partition(":")[2].split(","):
                found[toneless(reading)].add(chr(int(code.removeprefix("U+"), base=16)))
    return {syllable: "".join(sorted(found[syllable])) for syllable in sorted(found)}


def main() -> None:
    readings, written = map(Path, sys.argv[1:])
    table = syllables(readings.read_text(encoding="utf-8").splitlines())
    lines = (f"{syllable} {characters}\n" for syllable, characters in table.items())
    written.write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
