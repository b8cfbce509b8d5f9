"""Texts as arrays of code points, and what kind of run each of these belongs to."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from newscrawl.text.runs import HAN

Codes = NDArray[np.uint32]
"""The code points of a text."""
CODE = np.dtype("<u4")
APART, WORD, HANS = 0, 1, 2
"""Kinds of code points: what separates runs, and the two kinds of runs."""


def codes_of(text: str) -> Codes:
    """The code points of a text; not to be written to."""
    return np.frombuffer(text.encode(_ENCODING, _LONE), CODE)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode(_ENCODING, _LONE)


@cache
def kinds() -> NDArray[np.uint8]:
    """The kind of every code point."""
    table = np.zeros(_CODES, np.uint8)
    every = text_of(np.arange(_CODES, dtype=CODE))
    for pattern, kind in ((rf"[^\W_{HAN}]+", WORD), (f"[{HAN}]+", HANS)):
        for run in re.finditer(pattern, every):
            table[run.start() : run.end()] = kind
    return table


_ENCODING, _LONE = "utf-32-le", "surrogatepass"
_CODES = 0x110000
