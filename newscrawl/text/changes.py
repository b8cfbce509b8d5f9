"""What a reprint left out, changed and added, clause by clause, as a reader would tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from typing import Literal

from rapidfuzz.fuzz import ratio

from newscrawl.text.shingles import plain

Kind = Literal["删去", "改为", "增加"]
MOST_CLAUSES = 2_000
"""Of each text; what stands behind them is not compared."""
ALIKE = 45
"""Percent of their characters that two clauses share, in order, if one was made of the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place in which a reprint differs from the first appearance."""

    kind: Kind
    before: str
    """As printed first; empty for what was added."""
    after: str
    """As reprinted; empty for what was left out."""


def changes(first: Sequence[str], reprint: Sequence[str]) -> list[Change]:
    """The differences of two bodies, given as paragraphs, in the order of reading.

    Punctuation, layout and the form of a character (full width, traditional) make no difference.
    """
    before, after = _clauses(first), _clauses(reprint)
    keys = [plain(clause) for clause in before], [plain(clause) for clause in after]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    return [
        change
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
        for change in _differences(before[i:j], after[k:m])
    ]


def _clauses(paragraphs: Sequence[str]) -> list[str]:
    """Clauses with the punctuation behind them; those without a letter or digit left out."""
    found = (clause for text in paragraphs for clause in _CLAUSE.findall(text) if plain(clause))
    return [clause.strip() for clause in islice(found, MOST_CLAUSES)]


def _differences(before: list[str], after: list[str]) -> Iterator[Change]:
    """Of two passages at the same place: a clause that is like another was made of it."""
    left: list[str] = []
    start = 0
    for clause in before:
        partner = next((n for n in range(start, len(after)) if _alike(clause, after[n])), None)
        if partner is None:
            left.append(clause)
            continue
        yield from _exchanged(left, after[start:partner])
        yield Change("改为", clause, after[partner])
        left, start = [], partner + 1
    yield from _exchanged(left, after[start:])


def _exchanged(left_out: list[str], added: list[str]) -> Iterator[Change]:
    if len(left_out) == len(added) == 1:
        yield Change("改为", left_out[0], added[0])
        return
    if left_out:
        yield Change("删去", "".join(left_out), "")
    if added:
        yield Change("增加", "", "".join(added))


def _alike(one: str, other: str) -> bool:
    return ratio(plain(one), plain(other), score_cutoff=ALIKE) > 0


_END = "，。！？；：!?;"
_CLAUSE = re.compile(rf"(?:[^{_END},:]|[,:](?=[0-9]))+(?:[{_END}]|[,:](?![0-9]))*[”’」』）)》]*")
