"""Runs of text near to one that somebody wrote, made of words that the index has.

The best ones are the cheapest ways through the run. Each step is a word of the index that stands
there, sounds like what stands there, or is one edit away; a rare word costs more than a frequent
one, and a slip costs as much as a word that is so many times as rare.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from itertools import chain
from math import log
from typing import NamedTuple, TypeAlias

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from newscrawl.text.sounds import alike

SOUND_PRICE = log(10)
"""For every character that only sounds alike."""
EDIT_PRICE = log(200)
"""For a character more, less, another, or two that changed places."""
UNKNOWN_PRICE = log(1000)
"""For every character that no word of the index explains, above the rarest word."""
MARGIN = log(1000)
"""A reading that is so many times less likely than another is not worth asking about."""
SHORTEST_EDITED = 3
"""Every Han word of two characters is one edit away from a hundred others."""
LONGEST = 8
"""Characters of a word."""
LATIN_EDITS = ((8, 2), (4, 1))
"""How many edits are tried on a Latin word of at least so many letters."""


Beginning: TypeAlias = Callable[[Iterable[str]], Mapping[str, int]]
"""Gives the words of an index that begin with one of some characters, each with the number of
versions that have it, about."""


class Reading(NamedTuple):
    """What may have been meant."""

    cost: float
    """How much less likely than what was written; below 0 where it is more likely."""
    text: str


class _Step(NamedTuple):
    """A word that may stand for `run[start:end]`."""

    start: int
    end: int
    word: str
    cost: float


@dataclass(frozen=True)
class Words:
    """The words of an index that can have to do with some runs."""

    counts: Mapping[str, int]
    total: int
    """All words of the index, each as often as versions have it, about."""

    @cached_property
    def by_first(self) -> Mapping[str, list[str]]:
        """By the characters that they begin with."""
        held = defaultdict[str, list[str]](list)
        for word in self.counts:
            held[word[0]].append(word)
        return held

    def cost(self, word: str) -> float:
        return log(self.total / self.counts[word])

    @property
    def unknown(self) -> float:
        return log(self.total) + UNKNOWN_PRICE


def near(runs: Iterable[str], beginning: Beginning, total: int) -> Words:
    """What is near to any of the runs, of the words that begin with a character of theirs or one
    that sounds alike: the index is not asked for all of its words.
    """
    letters = "".join(sorted({*chain.from_iterable(runs)}))
    heard = frozenset().union(*map(alike, letters))
    counts = {
        word: count
        for word, count in beginning(heard).items()
        if heard.issuperset(word) or _may_be_edited(word, letters) or _is_silent(word[0])
    }
    return Words(counts, max(1, total))


def han_readings(run: str, words: Words, most: int) -> list[Reading]:
    """The likeliest other readings of a run of Han characters, best first."""
    said = [_Step(at, at + 1, each, words.unknown) for at, each in enumerate(run)]
    heard = list(_heard(run, words))
    as_written = [step for step in heard if step.word == run[step.start : step.end]]
    written = _cheapest(len(run), [*said, *as_written], 1)[0].cost
    found = _cheapest(len(run), [*said, *heard, *_edited(run, words)], most + 1)
    return _others(found, run, written)[:most]


def latin_readings(run: str, words: Words, most: int) -> list[Reading]:
    """The likeliest other spellings of a Latin word, best first; none of one that is known."""
    edits = next((edits for length, edits in LATIN_EDITS if len(run) >= length), 0)
    if not edits or run in words.counts or not run.isalpha():
        return []
    spellings = [word for word in words.counts if word.isalpha() and _is_silent(word[0])]
    found = [
        Reading(words.cost(word) + edits * EDIT_PRICE, word)
        for _run, word, edits in _pairs([run], spellings, edits)
    ]
    return _others(nsmallest(most, found), run, words.unknown)


def _may_be_edited(word: str, letters: str) -> bool:
    """Whether a word is spelled with these letters but for one at most."""
    return len(word) >= SHORTEST_EDITED and len(word.strip(letters)) <= 1


def _is_silent(character: str) -> bool:
    """Whether it sounds like no other, as every letter of an alphabet."""
    return len(alike(character)) == 1


def _others(found: Iterable[Reading], run: str, written: float) -> list[Reading]:
    """Those that differ from the run, and how much less likely they are than it."""
    others = [Reading(cost - written, text) for cost, text in found if text != run]
    most = MARGIN + min([0.0, *(other.cost for other in others)])
    return [other for other in others if other.cost <= most]


def _cheapest(length: int, steps: Iterable[_Step], most: int) -> list[Reading]:
    """The cheapest ways from the beginning of a run to its end, each text once."""
    ending = defaultdict[int, list[_Step]](list)
    for step in steps:
        ending[step.end].append(step)
    best = [[Reading(0.0, "")]]
    for end in range(1, length + 1):
        ways: dict[str, float] = {}
        for step in ending[end]:
            for cost, text in best[step.start]:
                way = text + step.word
                ways[way] = min(cost + step.cost, ways.get(way, cost + step.cost))
        best.append(nsmallest(most, (Reading(cost, text) for text, cost in ways.items())))
    return best[-1]


def _heard(run: str, words: Words) -> Iterator[_Step]:
    """Where a word stands in a run, or sounds as if it stood there."""
    for start, character in enumerate(run):
        for word in chain.from_iterable(words.by_first.get(each, ()) for each in alike(character)):
            there = run[start : start + len(word)]
            if len(there) == len(word) and all(map(_sounds_like, word, there)):
                slips = sum(map(str.__ne__, word, there))
                if not slips or len(word) > 1:  # a lone character can be any of a hundred
                    cost = words.cost(word) + slips * SOUND_PRICE
                    yield _Step(start, start + len(word), word, cost)


def _sounds_like(one: str, other: str) -> bool:
    return one in alike(other)


def _edited(run: str, words: Words) -> Iterator[_Step]:
    """Where a word is one edit away from what stands in a run."""
    places = defaultdict[str, list[int]](list)
    for size in range(2, min(LONGEST + 1, len(run)) + 1):
        for start in range(len(run) - size + 1):
            places[run[start : start + size]].append(start)
    longer = [word for word in words.counts if len(word) <= LONGEST and _may_be_edited(word, run)]
    for there, word, edits in _pairs(list(places), longer, 1):
        if there not in word:  # else the run would have been found in it
            for start in places[there]:
                yield _Step(start, start + len(there), word, words.cost(word) + edits * EDIT_PRICE)


def _pairs(
    written: Sequence[str], known: Sequence[str], most: int
) -> Iterator[tuple[str, str, int]]:
    """Each text with each word that is at most so many edits away, and how many."""
    if not written or not known:
        return
    edits = cdist(written, known, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)
    for one, other in np.argwhere(edits <= most):
        yield written[one], known[other], int(edits[one, other])
