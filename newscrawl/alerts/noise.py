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
    DateRange,
    Guard,
    Leaf,
    Named,
    Near,
    Node,
    Not,
    Term,
    Text,
    positive_texts,
)
from newscrawl.query.truth import leaves
from newscrawl.text.segment import Segmenter

MOST = 6
"""Words that are offered; of longer names half as many."""
LEAST = 3
LEAST_SHARE = 0.05
MOST_SHARE = 0.5
"""Stories that have a word: fewer are not worth a word, and what more of them have is what the
subscription is about. So is a longer name that more of the hits have."""
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

    What is asked for is none of it: no term, nothing that is part of one or has one in it, and no
    longer name that most hits are about, or that other terms are part of.
    """
    read, asked = evidence.read, asked_for(evidence.tree)
    least = max(LEAST, len(read) * LEAST_SHARE)
    names = [each for each in _names(evidence, asked) if each.takes >= least]
    words = [
        Noise("word", text, _taken(tree, read), show(tree))
        for text, tree in _words(evidence, asked, {each.text for each in names})
    ]
    offered = _most([each for each in names if not _is_subject(each.text, read)])[: MOST // 2]
    return [each for each in (*offered, *_most(words)) if _readable(each.query, evidence)]


def _is_subject(name: str, read: Sequence[Reading]) -> bool:
    having = sum(matches(Term(name), each.subject) for each in read)
    return having > len(read) * MOST_SHARE


def asked_for(tree: Node) -> list[str]:
    """The texts of all terms of a query, folded: words, phrases, names of papers and pages."""
    return [text for leaf in leaves(tree) for text in _texts(leaf)]


def _names(evidence: Evidence, asked: Sequence[str]) -> Iterator[Noise]:
    tree = evidence.tree
    for term in nameable(tree):
        others = set(asked).difference(_texts(term))
        for longer in longer_names(term, evidence.read, evidence.searcher.segment):
            # A lint says what always stands in a longer name.
            if longer.within < longer.having and not any(each in longer.text for each in others):
                without = with_leaf(tree, term, guarded(term, longer.text))
                yield Noise(
                    "longer name", longer.text, _taken(without, evidence.read), show(without)
                )


def _words(evidence: Evidence, asked: Sequence[str], names: set[str]) -> Iterator[tuple[str, Node]]:
    """The words of hits that are not about what is asked for, the most telling first."""
    for word in _apart(_telling(evidence, asked), (*asked, *names)):
        yield word, _without(evidence.tree, word)


def _telling(evidence: Evidence, asked: Sequence[str]) -> list[str]:
    """What many hits have in which the query stands in passing, and few other articles."""
    told = {each.story: each for each in evidence.read}.values()
    shown = list(dict.fromkeys(positive_texts(evidence.tree)))
    all_of_them, passing = Counter[str](), Counter[str]()
    for each in told:
        words = words_around(each.subject, asked, evidence.searcher.segment)
        all_of_them.update(words)
        if in_passing(shown, each.subject):
            passing.update(words)
    common = _common(all_of_them, len(told))
    everywhere = evidence.searcher.frequencies(common)
    rate = len(told) / max(1, evidence.searcher.count())
    lift = {word: common[word] / (rate * everywhere.get(word, 1)) for word in common}
    worth = {word: passing[word] * log(lift[word]) for word in common if lift[word] >= LIFT}
    best = nlargest(LOOKED_AT, worth, key=lambda word: (worth[word], len(word), word))
    return [word for word in best if worth[word]]


def in_passing(terms: Sequence[Text], subject: Subject) -> bool:
    """Whether a query stands in no heading, and once in the text at most."""
    headings = (subject.headline, subject.kicker, subject.subhead)
    if any(stands(term, headings) for term in terms):
        return False
    found = (span for term in terms for text in subject.body for span in spans(term, text))
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


def _texts(leaf: Leaf) -> Iterator[str]:
    match leaf:
        case Near(texts):
            for text in texts:
                yield from needle(text).texts
        case Guard(term, exceptions):
            for each in (term, *exceptions):
                yield from needle(each.text).texts
        case Term(text) | Named(_, text):
            yield from needle(text).texts
        case DateRange():
            return


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
