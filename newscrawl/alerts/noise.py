"""What a subscription may be rid of: words that come with many hits, longer names of its terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from math import log
from typing import Literal, TypeAlias

from newscrawl.alerts.evidence import Evidence, Reading
from newscrawl.alerts.longer import guarded, longer_names, nameable, with_leaf
from newscrawl.errors import UsageError
from newscrawl.query.evaluate import matches
from newscrawl.query.hits import spans, stands
from newscrawl.query.needles import needle
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import Subject
from newscrawl.query.tree import (
    And,
    Guard,
    Near,
    Node,
    Not,
    Term,
    Text,
    positive_texts,
    text_leaves,
)
from newscrawl.text.segment import Segmenter

MOST = 6
"""Words that are offered; of longer names half as many."""
LEAST = 3
LEAST_SHARE = 0.05
MOST_SHARE = 0.5
"""Stories that have a word: fewer are not worth a word, and what more of them have is what the
subscription is about."""
LIFT = 2.0
"""So many times likelier among the hits than elsewhere: what is common everywhere tells nothing."""
LONGEST = 20_000
"""Characters of a text that are cut into words, the first ones."""
LOOKED_AT = 60
"""Words, the best ones, of which parts of others are left out."""
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
    """What takes most away, longer names first, then words: of these the commonest of those hits
    that are not about what is asked for. Empty for a query that is as long as one may be.
    """
    read = evidence.read
    least = max(LEAST, len(read) * LEAST_SHARE)
    names = [
        Noise("longer name", text, _taken(tree, read), show(tree))
        for text, tree in _names(evidence)
    ]
    names = _most([each for each in names if each.takes >= least])[: MOST // 2]
    words = [
        Noise("word", text, _taken(tree, read), show(tree))
        for text, tree in _words(evidence, {each.text for each in names})
    ]
    return [each for each in (*names, *_most(words)) if _readable(each.query, evidence)]


def _names(evidence: Evidence) -> Iterator[tuple[str, Node]]:
    tree = evidence.tree
    for term in nameable(tree):
        for longer in longer_names(term, evidence.read, evidence.searcher.segment):
            if longer.within < longer.having:  # a lint says what always stands in a longer name
                yield longer.text, with_leaf(tree, term, guarded(term, longer.text))


def _words(evidence: Evidence, names: set[str]) -> Iterator[tuple[str, Node]]:
    """The words of hits that are not about what is asked for, the most telling first."""
    asked = [text for leaf in text_leaves(evidence.tree) for text in _texts(leaf)]
    for word in _apart(_telling(evidence, asked), (*asked, *names)):
        yield word, _without(evidence.tree, word)


def _telling(evidence: Evidence, asked: Sequence[str]) -> list[str]:
    """What many hits have in which the query stands in passing, and few other articles."""
    told = {each.story: each for each in evidence.read}.values()
    leaves = list(dict.fromkeys(positive_texts(evidence.tree)))
    all_of_them, passing = Counter[str](), Counter[str]()
    for each in told:
        words = words_around(each.subject, asked, evidence.searcher.segment)
        all_of_them.update(words)
        if in_passing(leaves, each.subject):
            passing.update(words)
    common = _common(all_of_them, len(told))
    everywhere = evidence.searcher.frequencies(common)
    rate = len(told) / max(1, evidence.searcher.count())
    lift = {word: common[word] / (rate * everywhere.get(word, 1)) for word in common}
    worth = {word: passing[word] * log(lift[word]) for word in common if lift[word] >= LIFT}
    best = nlargest(LOOKED_AT, worth, key=lambda word: (worth[word], len(word), word))
    return [word for word in best if worth[word]]


def in_passing(leaves: Sequence[Text], subject: Subject) -> bool:
    """Whether a query stands in no heading, and once in the text at most."""
    headings = (subject.headline, subject.kicker, subject.subhead)
    if any(stands(leaf, headings) for leaf in leaves):
        return False
    found = (span for leaf in leaves for text in subject.body for span in spans(leaf, text))
    return len(list(islice(found, 2))) < 2


def words_around(subject: Subject, asked: Sequence[str], cut: Segmenter) -> set[str]:
    """The words around what is asked for: none that has a part of it, as 海市 where 上海市 is."""
    text = "\n".join(subject.texts(None))[:LONGEST]
    for each in asked:
        text = text.replace(each, "\n")
    return {word for word in cut(text) if len(word) > 1 and not word.isdecimal()}


def _common(counted: Counter[str], stories: int) -> dict[str, int]:
    """The words that neither too few nor too many stories have."""
    least, most = max(LEAST, stories * LEAST_SHARE), stories * MOST_SHARE
    return {word: count for word, count in counted.items() if least <= count <= most}


def _apart(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """Words of which none is part of another, nor of what is asked for or offered already."""
    chosen: list[str] = []
    for word in words:
        if not any(word in other or other in word for other in (*others, *chosen)):
            chosen.append(word)
    return chosen[:MOST]


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


def _most(found: Sequence[Noise]) -> list[Noise]:
    return sorted(found, key=lambda each: (-each.takes, each.text))


def _readable(query: str, evidence: Evidence) -> bool:
    """Whether it is not longer than a query may be."""
    try:
        parse(query, evidence.proposal.limits)
    except UsageError:
        return False
    return True
