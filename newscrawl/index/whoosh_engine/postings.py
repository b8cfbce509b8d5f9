"""The words of new documents, collected one document at a time and weighed all at once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from newscrawl.index.documents import WEIGHTS
from newscrawl.index.whoosh_engine.arrays import Array, Numbers
from newscrawl.index.whoosh_engine.lists import impacts
from newscrawl.items import Words

_WEIGHTS = np.array(list(WEIGHTS.values()), np.int64)


class Postings(NamedTuple):
    """What words have, by their place in `terms`, in the order of words and documents."""

    terms: list[bytes]
    counts: Array
    """How many documents each word has."""
    documents: Numbers
    impacts: Array


class Collected:
    """Numbers instead of words and weights: what there is to do for a word of a document is one
    look into a dictionary, and numpy does the rest.
    """

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._words = array("I")
        self._counts = array("I")
        """Of every document the words of each of its fields."""

    def add(self, held: Words) -> None:
        """Add the next document."""
        for name in WEIGHTS:
            words: list[str] = getattr(held, name).split()
            self._words.extend(map(self._numbers.__getitem__, words))
            self._counts.append(len(words))

    def postings(self) -> Postings:
        """What the words have: of each once what BM25F gives it by the places where it stands."""
        ordered = sorted(self._numbers)  # the order of code points is that of UTF-8
        places = np.empty(len(ordered), np.int64)
        places[[self._numbers[word] for word in ordered]] = np.arange(len(ordered))
        counts = np.frombuffer(self._counts, np.uint32)
        size = max(1, len(counts) // len(WEIGHTS))
        owners = np.repeat(np.arange(len(counts)) // len(WEIGHTS), counts)
        weights = np.repeat(np.resize(_WEIGHTS, len(counts)), counts)
        keys = places[np.frombuffer(self._words, np.uint32)] * size + owners
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        firsts = np.flatnonzero(np.diff(keys, prepend=-1))
        summed = np.add.reduceat(weights[order], firsts) if firsts.size else weights
        numbers, documents = np.divmod(keys[firsts], size)
        lengths = np.bincount(documents, summed, minlength=size)
        return Postings(
            [word.encode() for word in ordered],
            np.bincount(numbers, minlength=len(ordered)),
            documents,
            impacts(summed, lengths[documents]),
        )
