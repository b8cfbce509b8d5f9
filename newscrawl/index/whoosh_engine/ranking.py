"""In which order what was found is shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from newscrawl.index.engine import Found, Window
from newscrawl.index.whoosh_engine.arrays import Array, Mask, Numbers
from newscrawl.index.whoosh_engine.lists import HEAVIEST, STEPS, Posting
from newscrawl.index.whoosh_engine.part import PartReader

SCORE_DIGITS = 4
"""Scores are compared to this many digits: sums of the same numbers differ beyond."""
RECENT_BONUS = 0.5
"""What the newest day adds to a score, as a share of it: enough to order reports of one event, and
too little to lift a mention over a report."""
RECENT_DAYS = 30
"""After so many days the bonus has halved."""

Hits = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Matched:
    """What was found in one part."""

    part: PartReader
    live: Mask
    """What could be found at all."""
    mask: Mask

    @property
    def count(self) -> int:
        return int(self.mask.sum())


def ordered(matched: Iterable[Matched], window: Window) -> Found:
    """The hits of a window. `matched`: by part, in order of time, for the newest in reverse."""
    if window.sort != "relevance":
        return _by_day(matched, window)
    every = list(matched)
    total = sum(each.count for each in every)
    return Found(total, _by_words(every, window) if window.limit > 0 else [])


def _by_day(matched: Iterable[Matched], window: Window) -> Found:
    """Part by part: those that are not shown are counted and not sorted, or not even made."""
    hits: Hits = []
    total = 0
    for each in matched:
        skip, needed = max(0, window.offset - total), window.limit - len(hits)
        if needed > 0 and skip < each.count:
            seqs, days = each.part.seqs[each.mask], each.part.days[each.mask]
            order = (-days if window.sort == "newest" else days, seqs)
            hits += [(seq, 0.0) for seq in seqs[_first(order, skip + needed)[skip:]].tolist()]
        total += each.count
        if not window.count and len(hits) >= window.limit:
            break
    return Found(total, hits)


def _by_words(matched: Sequence[Matched], window: Window) -> Hits:
    newest = max((int(each.part.days[each.live].max(initial=0)) for each in matched), default=0)
    scores = [_recent(each, newest, scored) for each, scored in _scored(matched, window.words)]
    score = np.concatenate([np.zeros(0), *scores])
    seqs = _joined([each.part.seqs[each.mask] for each in matched])
    days = _joined([each.part.days[each.mask] for each in matched])
    first = _first((-score, -days, seqs), window.offset + window.limit)[window.offset :]
    return list(zip(seqs[first].tolist(), score[first].tolist(), strict=True))


def _scored(matched: Sequence[Matched], words: Sequence[str]) -> list[tuple[Matched, Array]]:
    """BM25 of what was found. How rare a word is, is counted over what is live in all parts."""
    scores = [np.zeros(len(each.part)) for each in matched]
    live = sum(int(each.live.sum()) for each in matched)
    for word in words:
        found = [each.part.find(word) for each in matched]
        having = sum(
            int(each.live[posting.documents].sum())
            for each, postings in zip(matched, found, strict=True)
            for posting in postings
        )
        rarity = math.log(1 + (live - having + 0.5) / (having + 0.5)) * HEAVIEST / STEPS
        for score, postings in zip(scores, found, strict=True):
            _add(score, postings, rarity)
    return [(each, score[each.mask]) for each, score in zip(matched, scores, strict=True)]


def _add(score: Array, postings: Sequence[Posting], rarity: float) -> None:
    for posting in postings:
        score[posting.documents] += posting.impacts * rarity


def _recent(each: Matched, newest: int, score: Array) -> Array:
    age = _day_number(np.array([newest])) - _day_number(each.part.days[each.mask])
    bonus = RECENT_BONUS * np.exp2(-np.maximum(age, 0) / RECENT_DAYS)
    weighed: Array = np.round(score * (1 + bonus), SCORE_DIGITS)
    return weighed


def _day_number(days: Numbers) -> Numbers:
    """Days that grow with time, of YYYYMMDD; every month has 31 here."""
    numbers: Numbers = days // 10_000 * 372 + days // 100 % 100 * 31 + days % 100
    return numbers


def _first(keys: Sequence[Array], needed: int) -> Numbers:
    """Places of the first so many in the order of all keys, in that order.

    What cannot be among them is left out key by key before anything is sorted.
    """
    rest: Numbers = np.arange(keys[0].size)
    chosen: list[Numbers] = []
    wanted = needed
    for key in keys:
        if rest.size <= wanted:
            break
        values = key[rest]
        last = np.partition(values, wanted - 1)[wanted - 1]
        better = rest[values < last]
        chosen.append(better)
        wanted -= better.size
        rest = rest[values == last]
    places = np.concatenate([*chosen, rest])
    order = np.lexsort([key[places] for key in reversed(keys)])
    first: Numbers = places[order][:needed]
    return first


def _joined(arrays: Sequence[Numbers]) -> Numbers:
    return np.concatenate([np.zeros(0, np.int64), *arrays])
