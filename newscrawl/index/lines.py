"""Lines of grams, made of all the characters of a document at once.

`text.grams.gram_line` says what stands in a line. Made gram by gram, the lines of an article take
longer than everything else that Tantivy does with it; made as arrays, a fifth of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from newscrawl.text.grams import GAP
from newscrawl.text.runs import HAN

_CODE = np.dtype("<u4")
_ENCODING, _LONE = "utf-32-le", "surrogatepass"
_CODES = 0x110000
_BLANK, _GAP = ord(" "), ord(GAP)
_STRIPPED = f" {GAP}"
_APART, _WORD, _HAN = 0, 1, 2


def lines_of(columns: Iterable[Iterable[str]]) -> list[str]:
    """A line for each column of folded texts, one or more: their grams in order, blanks between.

    GAP stands between the texts of a column, and where something separates two runs.
    """
    joined = ["\n".join(texts) for texts in columns]
    codes = np.frombuffer("\n".join([*joined, ""]).encode(_ENCODING, _LONE), _CODE)
    kinds = _kinds()[codes]
    letter, goes_on = kinds != _APART, np.zeros(len(codes), np.bool_)
    np.equal(kinds[:-1], kinds[1:], out=goes_on[:-1])
    # A row a character: itself, what makes a gram of it, and the blank behind the gram.
    rows = np.full((len(codes), 3), _BLANK, _CODE)
    rows[:, 0] = np.where(letter, codes, _GAP)
    rows[:-1, 1] = codes[1:]
    kept = np.empty((len(codes), 3), np.bool_)
    kept[0, 0] = letter[0]
    np.logical_or(letter[1:], letter[:-1], out=kept[1:, 0])
    kept[:, 1] = (kinds == _HAN) & goes_on
    kept[:, 2] = kept[:, 0] & ((kinds != _WORD) | ~goes_on)
    line = rows[kept].tobytes().decode(_ENCODING, _LONE)
    # Columns end with a separator, and so does what is written of them.
    ends = np.cumsum(np.count_nonzero(kept, axis=1))[_ends(joined)].tolist()
    return [line[start:end].strip(_STRIPPED) for start, end in pairwise((0, *ends))]


def _ends(texts: list[str]) -> list[int]:
    """Where the separators behind texts stand."""
    return [end - 1 for end in accumulate(len(text) + 1 for text in texts)]


@cache
def _kinds() -> NDArray[np.uint8]:
    """What kind of run each code point belongs to."""
    kinds = np.zeros(_CODES, np.uint8)
    every = np.arange(_CODES, dtype=_CODE).tobytes().decode(_ENCODING, _LONE)
    for pattern, kind in ((rf"[^\W_{HAN}]+", _WORD), (f"[{HAN}]+", _HAN)):
        for run in re.finditer(pattern, every):
            kinds[run.start() : run.end()] = kind
    return kinds
