"""What a later text left out, changed and added, by clause and character, as a reader tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import ratio

from newscrawl.text.shingles import plain

Kind = Literal["删去", "改为", "增加"]
Mark = Literal["同", "删", "增"]
KEPT = 2
"""Characters between two changes that are shown as they stay: fewer are part of both."""
MOST_CLAUSES, MOST_CHARACTERS = 5_000, 100_000
"""Of each text, behind the paragraphs that both begin with; what comes after them is not compared.
"""
ALIKE = 45
"""Percent of their characters that two clauses share, in order, if one was made of the other."""
REACH = 200
"""Clauses within which the one is looked for that was made of another."""
MOST_PAIRS = 20_000
"""Clauses that are held against one another; then what differs is left out and added."""
MOST_MARKED = 2_000
"""Characters of a change, before or after, in which single ones are marked."""
HELD = 128
"""Characters of a clause that are held against those of another: what comes behind them counts
in neither.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One place in which a reprint differs from the first appearance."""

    kind: Kind
    before: str
    """As printed first; empty for what was added."""
    after: str
    """As reprinted; empty for what was left out."""


def changes(first: Sequence[str], reprint: Sequence[str], *, exact: bool = False) -> list[Change]:
    """The differences of two bodies, given as paragraphs, in the order of reading.

    Punctuation, layout and the form of a character (full width, traditional) make no difference,
    unless it is to be `exact`: then only blanks around a clause make none.
    What it costs is bounded, whatever the texts are: MOST_CHARACTERS are read and MOST_PAIRS of
    clauses compared, of HELD characters each.
    """
    first, reprint = _apart(first, reprint)
    before, after = _clauses(first, exact=exact), _clauses(reprint, exact=exact)
    pairs = iter(range(MOST_PAIRS))
    return [
        change
        for left_out, added in _places(before, after)
        for change in _differences(left_out, added, pairs)
    ]


def is_compared(first: Sequence[str], reprint: Sequence[str]) -> bool:
    """Whether all of two bodies is compared, and not only their beginnings."""
    return all(
        sum(map(len, text)) <= MOST_CHARACTERS
        and sum(len(_CLAUSE.findall(each)) for each in text) <= MOST_CLAUSES
        for text in _apart(first, reprint)
    )


def _apart(first: Sequence[str], other: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Without the paragraphs that both begin and end with."""
    shorter = min(len(first), len(other))
    start = next((n for n in range(shorter) if first[n] != other[n]), shorter)
    first, other = first[start:], other[start:]
    shorter -= start
    end = next((n for n in range(shorter) if first[-1 - n] != other[-1 - n]), shorter)
    return first[: len(first) - end], other[: len(other) - end]


def beginning(paragraphs: Sequence[str]) -> Iterator[str]:
    """What is read of a body: MOST_CHARACTERS at most."""
    room = MOST_CHARACTERS
    for text in paragraphs:
        if not room:
            return
        yield text[:room]
        room -= min(room, len(text))


class Piece(NamedTuple):
    """Characters of a change, one after the other, as they are to be marked."""

    mark: Mark
    text: str


def pieces(change: Change) -> list[Piece]:
    """The characters of a change: those that stay, those left out, those added, in this order
    at each place. A figure or a Latin word is whole.
    """
    if max(len(change.before), len(change.after)) > MOST_MARKED:
        return _marked(change.before, change.after)
    before, after = _SIGNS.findall(change.before), _SIGNS.findall(change.after)
    found: list[Piece] = []
    left_out = added = ""
    for each in LCSseq.opcodes(before, after):
        same = "".join(before[each.src_start : each.src_end]) if each.tag == "equal" else ""
        if not same or (left_out + added and len(same) < KEPT and each.src_end < len(before)):
            left_out += "".join(before[each.src_start : each.src_end])
            added += "".join(after[each.dest_start : each.dest_end])
            continue
        found += _marked(left_out, added)
        left_out = added = ""
        found.append(Piece("同", same))
    return found + _marked(left_out, added)


def size(made: Iterable[Change]) -> int:
    """How many characters changes left out and added."""
    every = (piece for change in made for piece in pieces(change))
    return sum(len(plain(piece.text)) for piece in every if piece.mark != "同")


def _marked(left_out: str, added: str) -> list[Piece]:
    every: tuple[Piece, ...] = (Piece("删", left_out), Piece("增", added))
    return [piece for piece in every if piece.text]


class _Clause(NamedTuple):
    text: str
    """With the punctuation behind it."""
    plain: str
    """What it is compared by."""


def _clauses(paragraphs: Sequence[str], *, exact: bool) -> list[_Clause]:
    """Those without a letter or digit are left out, unless it is to be `exact`."""
    every = (clause for text in beginning(paragraphs) for clause in _CLAUSE.findall(text))
    found = (
        _Clause(clause.strip(), key)
        for clause in every
        if (key := clause.strip() if exact else plain(clause))
    )
    return list(islice(found, MOST_CLAUSES))


def _places(
    before: list[_Clause], after: list[_Clause]
) -> Iterator[tuple[list[_Clause], list[_Clause]]]:
    """What stands in the one and in the other between clauses that are the same in both."""
    keys = [clause.plain for clause in before], [clause.plain for clause in after]
    start = begin = 0
    for same in LCSseq.opcodes(*keys):
        if same.tag == "equal":
            yield before[start : same.src_start], after[begin : same.dest_start]
            start, begin = same.src_end, same.dest_end
    yield before[start:], after[begin:]


def _differences(
    before: list[_Clause], after: list[_Clause], pairs: Iterator[int]
) -> Iterator[Change]:
    """Of two passages at the same place: a clause that is like another was made of it.

    `pairs`: as many as may still be compared; each that is takes one.
    """
    left: list[_Clause] = []
    start = 0
    for clause in before:
        near = zip(range(start, min(start + REACH, len(after))), pairs, strict=False)
        partner = next((n for n, _ in near if _alike(clause, after[n])), None)
        if partner is None:
            left.append(clause)
            continue
        yield from _exchanged(left, after[start:partner])
        yield Change("改为", clause.text, after[partner].text)
        left, start = [], partner + 1
    yield from _exchanged(left, after[start:])


def _exchanged(left_out: list[_Clause], added: list[_Clause]) -> Iterator[Change]:
    if len(left_out) == len(added) == 1:
        yield Change("改为", left_out[0].text, added[0].text)
        return
    if left_out:
        yield Change("删去", "".join(clause.text for clause in left_out), "")
    if added:
        yield Change("增加", "", "".join(clause.text for clause in added))


def _alike(one: _Clause, other: _Clause) -> bool:
    return ratio(one.plain[:HELD], other.plain[:HELD], score_cutoff=ALIKE) > 0


_SIGNS = re.compile(r"[0-9０-９]+(?:[.,:：．][0-9０-９]+)*[%％]?|[A-Za-z]+|.", re.DOTALL)
_END = "，。！？；：!?;"
_CLAUSE = re.compile(rf"(?:[^{_END},:]|[,:](?=[0-9]))+(?:[{_END}]|[,:](?![0-9]))*[”’」』）)》]*")
