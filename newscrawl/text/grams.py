"""What an index keeps of a text so that every run of characters in it can be found.

Of a Han run every two neighbours and its last character alone, of every other run the whole, in
order: what is looked for is then some grams that follow one another, the last of which may be only
the beginning of one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from newscrawl.text.runs import Kind, runs

GAP = "¦"
"""Stands in a line of grams where something separates two runs: no run goes across it."""


class Phrase(NamedTuple):
    """Grams that follow one another in every text in which a needle stands."""

    grams: tuple[str, ...]
    """Empty where there is nothing to look for."""
    prefix: bool
    """Any gram that begins with the last one will do for it."""
    exact: bool
    """Where they follow one another the needle stands: there is nothing left to verify."""


def gram_line(text: str) -> list[str]:
    """The grams of a searchable paragraph or field in order, GAP between separated runs."""
    grams: list[str] = []
    behind = 0
    for kind, start, end in runs(text):
        if grams and start > behind:
            grams.append(GAP)
        if kind is Kind.HAN:
            grams.extend(text[place : place + 2] for place in range(start, end - 1))
            grams.append(text[end - 1])
        else:
            grams.append(text[start:end])
        behind = end
    return grams


def query_phrase(text: str, *, prefix: bool = False) -> Phrase:
    """What follows one another in every text in which `text` stands.

    Latin words at its ends are whole words, but with `prefix` the last one may go on.
    """
    found = list(runs(text))
    if not found:
        return Phrase((), prefix=False, exact=False)
    grams = tuple(gram_line(text))
    kind, start, end = found[-1]
    ends = end == len(text)
    exact = ends and found[0].start == 0 and all(a.end == b.start for a, b in pairwise(found))
    if kind is Kind.WORD or not ends:
        return Phrase(grams, prefix and ends, exact)
    # A Han run may go on in the article, and only its last character stands alone there.
    if end - start > 1:
        return Phrase(grams[:-1], prefix=False, exact=exact)
    return Phrase(grams, prefix=True, exact=exact)
