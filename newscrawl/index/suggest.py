"""Did you mean: queries near to one that finds nothing, made of words that the index has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from typing import NamedTuple

from newscrawl.index import slips
from newscrawl.index.slips import Beginning, Reading, Words
from newscrawl.query.show import show
from newscrawl.query.subject import folded
from newscrawl.query.tree import And, Node, Not, Or, Term, positive_texts
from newscrawl.text.runs import Kind, runs

LONGEST_RUN = 20
"""Characters: who wrote more has copied it."""
MOST_CHARACTERS = 24
"""Of the runs of a query that are looked at, the first ones."""
WORDS_OF_A_VERSION = 170
"""Different ones, in the news."""
FIELDS = (None, "headline", "body")
"""Names of authors and sources are no words of the index."""


class _Piece(NamedTuple):
    """A run of a term of the query."""

    term: Term
    start: int
    end: int
    kind: Kind

    @property
    def text(self) -> str:
        return folded(self.term.text)[self.start : self.end]


def suggest(asked: Node, beginning: Beginning, versions: int, most: int = 3) -> list[str]:
    """Queries that may have been meant by one that finds nothing, the likeliest first.

    `beginning` gives words of an index of so many versions. Whether a suggestion finds something
    is for the caller to see.
    """
    pieces = _first(_pieces(asked))
    if not pieces:
        return []
    total = versions * WORDS_OF_A_VERSION
    words = slips.near({piece.text for piece in pieces}, beginning, total)
    combined: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for piece in pieces:
        readings = [Reading(0.0, piece.text), *_readings(piece, words, most)]
        combined = nsmallest(
            most + 1,
            (
                (cost + reading.cost, (*texts, reading.text))
                for cost, texts in combined
                for reading in readings
            ),
        )
    written = tuple(piece.text for piece in pieces)
    others = (texts for _cost, texts in combined if texts != written)
    return [show(_with(asked, _replaced(pieces, texts))) for texts in others][:most]


def _pieces(asked: Node) -> Iterator[_Piece]:
    """The runs in which there can be a slip, of each term once."""
    terms = (leaf for leaf in positive_texts(asked) if isinstance(leaf, Term))
    for term in dict.fromkeys(terms):
        if term.field in FIELDS:
            text = folded(term.text)
            for kind, start, end in runs(text):
                spelled = kind is Kind.HAN or text[start:end].isalpha()
                if spelled and 1 < end - start <= LONGEST_RUN:
                    yield _Piece(term, start, end, kind)


def _first(pieces: Iterable[_Piece]) -> list[_Piece]:
    """The first ones, of MOST_CHARACTERS in all."""
    held, left = list[_Piece](), MOST_CHARACTERS
    for piece in pieces:
        left -= piece.end - piece.start
        if left < 0:
            break
        held.append(piece)
    return held


def _readings(piece: _Piece, words: Words, most: int) -> list[Reading]:
    if piece.kind is Kind.HAN:
        return slips.han_readings(piece.text, words, most)
    return slips.latin_readings(piece.text, words, most)


def _replaced(pieces: list[_Piece], texts: tuple[str, ...]) -> Mapping[Term, Term]:
    """The changed terms; the runs of a term are replaced from its end to its beginning."""
    changed: dict[Term, Term] = {}
    for piece, text in reversed(list(zip(pieces, texts, strict=True))):
        if text != piece.text:
            written = piece.term
            now = changed[written].text if written in changed else folded(written.text)
            now = now[: piece.start] + text + now[piece.end :]
            changed[written] = Term(now, written.field, written.prefix)
    return changed


def _with(node: Node, changed: Mapping[Term, Term]) -> Node:
    """The tree with other terms."""
    match node:
        case And(children):
            return And(tuple(_with(child, changed) for child in children))
        case Or(children):
            return Or(tuple(_with(child, changed) for child in children))
        case Not():
            return node
        case Term():
            return changed.get(node, node)
        case _:
            return node
