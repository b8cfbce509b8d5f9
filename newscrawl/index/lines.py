"""Lines of grams, made of all the characters of a document at once.

`text.grams.gram_line` says what stands in a line. Made gram by gram, the lines of an article take
longer than everything else that Tantivy does with it; made as arrays, a fifth of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, pairwise

import numpy as np

from newscrawl.text.grams import GAP
from newscrawl.text.kinds import APART, CODE, HANS, WORD, codes_of, kinds, text_of

_BLANK, _GAP = ord(" "), ord(GAP)
_STRIPPED = f" {GAP}"


def lines_of(columns: Iterable[Iterable[str]]) -> list[str]:
    """A line for each column of folded texts, one or more: their grams in order, blanks between.

    GAP stands between the texts of a column, and where something separates two runs.
    """
    joined = ["\n".join(texts) for texts in columns]
    codes = codes_of("\n".join([*joined, ""]))
    kind = kinds()[codes]
    letter, goes_on = kind != APART, np.zeros(len(codes), np.bool_)
    np.equal(kind[:-1], kind[1:], out=goes_on[:-1])
    # A row a character: itself, what makes a gram of it, and the blank behind the gram.
    rows = np.full((len(codes), 3), _BLANK, CODE)
    rows[:, 0] = np.where(letter, codes, _GAP)
    rows[:-1, 1] = codes[1:]
    kept = np.empty((len(codes), 3), np.bool_)
    kept[0, 0] = letter[0]
    np.logical_or(letter[1:], letter[:-1], out=kept[1:, 0])
    kept[:, 1] = (kind == HANS) & goes_on
    kept[:, 2] = kept[:, 0] & ((kind != WORD) | ~goes_on)
    line = text_of(rows[kept])
    # Columns end with a separator, and so does what is written of them.
    ends = np.cumsum(np.count_nonzero(kept, axis=1))[_ends(joined)].tolist()
    return [line[start:end].strip(_STRIPPED) for start, end in pairwise((0, *ends))]


def _ends(texts: list[str]) -> list[int]:
    """Where the separators behind texts stand."""
    return [end - 1 for end in accumulate(len(text) + 1 for text in texts)]
