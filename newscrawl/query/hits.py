"""Where the words of a query stand in one folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from heapq import heappop, heappush
from itertools import accumulate
from operator import or_

from newscrawl.query.needles import Span, needle
from newscrawl.query.tree import Guard, Near, Term, Text
from newscrawl.text.runs import HAN, Kind, runs

_UNEVEN = re.compile(rf"\s|[^\W_{HAN}]{{2}}")


def spans(leaf: Text, text: str) -> Iterator[Span]:
    """The places in `text`, one searchable paragraph or field, that make `leaf` true."""
    match leaf:
        case Term(written, _, prefix):
            yield from needle(written, prefix).spans(text)
        case Guard(term, exceptions):
            yield from _guarded(term, exceptions, text)
        case Near(texts, distance):
            yield from _near(texts, distance, text)


def stands(leaf: Text, lines: Sequence[str]) -> bool:
    """Whether `leaf` is true in any of several texts."""
    return any(
        any(spans(leaf, line)) for anchor in anchors(leaf) for line in lines if anchor in line
    )


def anchors(leaf: Text) -> tuple[str, ...]:
    """One of these is part of every text in which `leaf` is true: most have none of them."""
    match leaf:
        case Term(text, _, prefix):
            return needle(text, prefix).texts
        case Guard(term):
            return anchors(term)
        case Near(texts):
            return needle(texts[0]).texts


def _guarded(term: Term, exceptions: tuple[Term, ...], text: str) -> Iterator[Span]:
    covers = sorted(span for exception in exceptions for span in spans(exception, text))
    place = covered = 0
    for start, end in sorted(spans(term, text)):
        while place < len(covers) and covers[place][0] <= start:
            covered = max(covered, covers[place][1])
            place += 1
        if end > covered:
            yield start, end


def _near(texts: tuple[str, ...], distance: int, text: str) -> Iterator[Span]:
    """Chains of one occurrence of each text, built from left to right.

    Of the chains of the same texts only the one that ends last can still be nearest.
    """
    found = sorted(
        (start, end, 1 << number)
        for number, written in enumerate(texts)
        for start, end in needle(written).spans(text)
    )
    complete = (1 << len(texts)) - 1
    if reduce(or_, (bit for _start, _end, bit in found), 0) != complete:
        return
    passed = _units_before(text)
    ended: dict[int, tuple[Span, ...]] = {}
    open_chains: list[tuple[int, int, tuple[Span, ...]]] = []
    for start, end, bit in found:
        while open_chains and open_chains[0][0] <= start:
            _, members, chain = heappop(open_chains)
            ended[members] = chain
        heappush(open_chains, (end, bit, ((start, end),)))
        for members, chain in ended.items():
            if members & bit or passed[start] - passed[chain[-1][1]] > distance:
                continue
            longer = (*chain, (start, end))
            if members | bit == complete:
                yield from longer
            else:
                heappush(open_chains, (end, members | bit, longer))


def _units_before(text: str) -> Sequence[int]:
    """How many characters begin before each place: a word counts one, a blank nothing."""
    if not _UNEVEN.search(text):
        return range(len(text) + 1)
    begins = [not character.isspace() for character in text]
    for run in runs(text):
        if run.kind is Kind.WORD:
            begins[run.start + 1 : run.end] = [False] * (run.end - run.start - 1)
    return list(accumulate(begins, initial=0))
