"""The words that tell one article from the others: frequent in it, rare in the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from heapq import nlargest
from math import log

from newscrawl.index.documents import WEIGHTS
from newscrawl.items import Words

MOST = 12
"""Words: more of them tell nothing more."""
SHARED = 2
"""A word that no second version has leads nowhere."""


def weights_of(words: Words) -> Counter[str]:
    """How often each word stands in a version, more where it stands more prominently."""
    weights: Counter[str] = Counter()
    for field, weight in WEIGHTS.items():
        for word in getattr(words, field).split():
            if len(word) > 1 and not word.isdecimal():
                weights[word] += weight
    return weights


def telling(
    words: Words, frequencies: Mapping[str, int], versions: int, most: int = MOST
) -> list[str]:
    """The most telling words of a version, the best first.

    `frequencies`: how many of the `versions` of an index have each of these words.
    Lone characters and numbers are left out, and words inside a better one.
    """
    weights = weights_of(words)
    worth = {
        word: log(1 + weights[word]) * log(versions / count)
        for word, count in frequencies.items()
        if word in weights and SHARED <= count < versions
    }
    best = nlargest(most * 2, worth, key=lambda word: (worth[word], word))
    chosen: list[str] = []
    for word in best:
        if not any(word in better or better in word for better in chosen):
            chosen.append(word)
    return chosen[:most]
