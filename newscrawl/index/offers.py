"""What is offered openly where nothing is found: the same query with its words separated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from newscrawl.query.subject import folded
from newscrawl.query.tree import And, Node, Or, Term
from newscrawl.text.runs import Kind, runs

Segment = Callable[[str], Iterable[str]]
"""The words of a folded text, those inside longer ones too."""
LONGEST = 200
"""Characters of a run; who wrote a longer one has copied it."""


def separated(node: Node, segment: Segment) -> Node | None:
    """The query whose terms may stand apart word by word: 临空经济 becomes 临空 AND 经济.

    What is excluded stays as it is. None where no term has two words.
    """
    apart = _apart(node, segment)
    return None if apart == node else apart


def _apart(node: Node, segment: Segment) -> Node:
    match node:
        case And(children):
            return And(tuple(_flat(_apart(child, segment) for child in children)))
        case Or(children):
            return Or(tuple(_apart(child, segment) for child in children))
        case Term(text, field, prefix):
            words = list(dict.fromkeys(_words(folded(text), segment)))
            if len(words) < 2:
                return node
            goes_on = prefix and len(words[-1]) > 1
            ended = (Term(word, field) for word in words[:-1])
            return And((*ended, Term(words[-1], field, goes_on)))
        case _:
            return node


def _flat(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, And):
            yield from node.children
        else:
            yield node


def _words(text: str, segment: Segment) -> Iterator[str]:
    for kind, start, end in runs(text):
        run = text[start:end]
        if kind is Kind.WORD or not 1 < len(run) <= LONGEST:
            yield run
        else:
            yield from _parts(run, frozenset(segment(run)) - {run}) or [run]


def _parts(run: str, words: frozenset[str]) -> list[str]:
    """The run as the fewest of these words, one after the other; empty where that cannot be."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(run) + 1):
        ways = [
            [*before, run[start:end]]
            for start, before in enumerate(best)
            if before is not None and run[start:end] in words
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1] or []
