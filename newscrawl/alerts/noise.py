"""What a subscription may be rid of: words that come with many hits, longer names of its terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Literal, TypeAlias

from newscrawl.alerts.evidence import Evidence, Reading
from newscrawl.alerts.longer import guarded, longer_names, nameable, with_leaf
from newscrawl.errors import UsageError
from newscrawl.query.evaluate import matches
from newscrawl.query.needles import needle
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.tree import And, Guard, Near, Node, Not, Term, text_leaves

MOST = 6
"""Words that are offered; of longer names half as many."""
LEAST_HITS = 2
LEAST_SHARE = 0.05
MOST_SHARE = 0.5
"""A word takes away so large a share of the hits: less is not worth a word, and a word that more of
them have is what the subscription is about."""
LIFT = 2.0
"""So many times likelier among the hits than elsewhere: what is common everywhere tells nothing."""
Kind: TypeAlias = Literal["word", "longer name"]


@dataclass(frozen=True, slots=True)
class Noise:
    """A word, or a longer name of a term, without which a subscription would fire less."""

    kind: Kind
    text: str
    takes: int
    """Of the hits that were read, so many are not found by `query`."""
    query: str
    """The query that would result."""


def noise(evidence: Evidence) -> list[Noise]:
    """What takes away most, longer names first. Empty for a query that is as long as one may be."""
    read = evidence.read
    names = [
        Noise("longer name", text, _taken(tree, read), show(tree))
        for text, tree in _names(evidence.tree, read)
    ]
    words = [
        Noise("word", text, _taken(tree, read), show(tree))
        for text, tree in _words(evidence, {each.text for each in names})
    ]
    return [
        each
        for each in (*_most(names, MOST // 2), *_most(words, MOST))
        if each.takes and _readable(each.query, evidence)
    ]


def _names(tree: Node, read: Sequence[Reading]) -> Iterator[tuple[str, Node]]:
    for term in nameable(tree):
        for longer in longer_names(term, read):
            if longer.within < longer.having:  # a lint says what always stands in a longer name
                yield longer.text, with_leaf(tree, term, guarded(term, longer.text))


def _words(evidence: Evidence, names: set[str]) -> Iterator[tuple[str, Node]]:
    """The words of the hits that are the fewest elsewhere and the most here."""
    asked = [text for leaf in text_leaves(evidence.tree) for text in _texts(leaf)]
    counted = _counted(evidence)
    for word in _apart(_worth(evidence, counted), (*asked, *names)):
        yield word, _without(evidence.tree, word)


def _counted(evidence: Evidence) -> Counter[str]:
    """In how many hits that were read each word stands, where that is worth to be said."""
    counted: Counter[str] = Counter()
    for each in evidence.read:
        text = "\n".join(each.subject.texts(None))
        counted.update({word for word in evidence.searcher.segment(text) if len(word) > 1})
    read = len(evidence.read)
    least, most = max(LEAST_HITS, read * LEAST_SHARE), read * MOST_SHARE
    return Counter(
        {
            word: count
            for word, count in counted.items()
            if least <= count <= most and not word.isdecimal()
        }
    )


def _worth(evidence: Evidence, counted: Counter[str]) -> list[str]:
    """The words that are likelier in the hits than in the index, the commonest first."""
    everywhere = evidence.searcher.frequencies(counted)
    rate = len(evidence.read) / max(1, evidence.searcher.count())
    worth = [
        word for word, count in counted.items() if count >= LIFT * everywhere.get(word, 1) * rate
    ]
    return nlargest(MOST * 10, worth, key=lambda word: (counted[word], word))


def _apart(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """Words of which none is part of another, nor of what is asked for or offered already."""
    chosen: list[str] = []
    for word in words:
        if not any(word in other or other in word for other in (*others, *chosen)):
            chosen.append(word)
    return chosen[: MOST * 2]


def _texts(leaf: Term | Guard | Near) -> Iterator[str]:
    match leaf:
        case Near(texts):
            for text in texts:
                yield from needle(text).texts
        case Guard(term, exceptions):
            for each in (term, *exceptions):
                yield from needle(each.text).texts
        case Term(text):
            yield from needle(text).texts


def _without(tree: Node, word: str) -> Node:
    """The query with `-word`."""
    asked = tree.children if isinstance(tree, And) else (tree,)
    return And((*asked, Not(Term(word))))


def _taken(tree: Node, read: Sequence[Reading]) -> int:
    """How many of the hits that were read it does not find."""
    return sum(not matches(tree, each.subject) for each in read)


def _most(found: Sequence[Noise], most: int) -> list[Noise]:
    return nlargest(most, found, key=lambda each: (each.takes, each.text))


def _readable(query: str, evidence: Evidence) -> bool:
    """Whether it is not longer than a query may be."""
    try:
        parse(query, evidence.proposal.limits)
    except UsageError:
        return False
    return True
