"""What an index keeps of a text so that every run of characters in it can be found.

Of a Han run every two neighbours and its last character alone, of every other run the whole:
a run of one Han character is then the beginning of some gram, a longer one a set of grams.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from newscrawl.text.runs import Kind, runs


class Gram(NamedTuple):
    """What a document must contain to be a candidate."""

    text: str
    prefix: bool = False
    """Any gram of the document that begins so will do."""


def document_grams(text: str) -> list[str]:
    """The grams of a searchable paragraph or field, in order, with repetitions."""
    grams: list[str] = []
    for kind, start, end in runs(text):
        if kind is Kind.HAN:
            grams.extend(text[place : place + 2] for place in range(start, end - 1))
            grams.append(text[end - 1])
        else:
            grams.append(text[start:end])
    return grams


def query_grams(text: str, *, prefix: bool = False) -> tuple[Gram, ...]:
    """The different grams that every text contains in which `text` stands.

    Latin words at its ends are whole words, but with `prefix` the last one may go on.
    """
    return tuple(dict.fromkeys(_query_grams(text, prefix)))


def _query_grams(text: str, prefix: bool) -> Iterator[Gram]:
    for kind, start, end in runs(text):
        if kind is Kind.WORD:
            yield Gram(text[start:end], prefix and end == len(text))
        elif end - start == 1:
            yield Gram(text[start], prefix=True)
        else:
            yield from (Gram(text[place : place + 2]) for place in range(start, end - 1))
