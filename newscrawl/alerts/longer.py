"""Longer names in which a term stands: 莫干山路 for 莫干山."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from newscrawl.alerts.evidence import Reading
from newscrawl.query.hits import spans
from newscrawl.query.needles import needle
from newscrawl.query.tree import And, Guard, Node, Not, Or, Term
from newscrawl.text.runs import HAN
from newscrawl.text.segment import Segmenter

REACH = 6
"""Characters by which a name is looked at beyond the term, on either side."""
STORIES = 3
"""So many must have a longer name: what stands in fewer may have come about by chance."""
SHARE = 0.1
"""And of the stories that have the term, this share."""
CLOSED = 0.8
"""Where so large a share of them goes on alike, it is not the whole name yet."""
PARTICLES = "的了在是和与及或等也都就将把被对从向到往去于以为而有这那其上下里中内外前后时第"
"""No name goes on with one of these, but for a few that are not found."""
MEASURES = "个位名家届次号场项条年月日"
"""None begins with one of these before the term: they belong to a number, as in 第19届亚运."""
TERMS = 10
"""Of a query so many are looked at, the first ones."""
PLACES = 20
"""At which a term stands in one text, the first ones."""
FIELDS = (None, "headline", "body")
"""Where names are looked for beside the term; authors and sources are names themselves."""


@dataclass(frozen=True, slots=True)
class Longer:
    """A name that contains a term."""

    text: str
    """Folded."""
    within: int
    """Articles in which the term stands in this name only."""
    having: int
    """Articles in which the term stands."""

    @property
    def share(self) -> float:
        return self.within / self.having


def guarded(term: Term | Guard, name: str) -> Guard:
    """The term where it is not part of `name`, nor of what it is guarded against already."""
    known = term.exceptions if isinstance(term, Guard) else ()
    plain = term.term if isinstance(term, Guard) else term
    return Guard(plain, (*known, Term(name, plain.field)))


def nameable(node: Node) -> Iterator[Term | Guard]:
    """The terms of a query that may be parts of longer names, each once, TERMS at most."""
    return islice(dict.fromkeys(_terms(node)), TERMS)


def longer_names(term: Term | Guard, read: Sequence[Reading], cut: Segmenter) -> list[Longer]:
    """The names in which the term stands in what was read, the commonest first.

    They begin and end where words do, as `cut` has them.
    """
    texts = [(each.story, _having(term, each)) for each in read]
    having = [(story, lines) for story, lines in texts if lines]
    stories = len({story for story, _lines in having})
    beside: dict[str, set[int]] = defaultdict(set)
    for story, lines in having:
        for line in lines:
            for name in _beside(term, line, cut):
                beside[name].add(story)
    least = max(STORIES, stories * SHARE)
    common = {name: len(there) for name, there in beside.items() if len(there) >= least}
    found = [
        Longer(name, sum(_only_within(term, name, lines) for _story, lines in having), len(having))
        for name in _closed(common)
    ]
    return sorted(
        (each for each in found if each.within), key=lambda each: (-each.within, each.text)
    )


def cut_word(term: Term | Guard, read: Sequence[Reading], least: float) -> Longer | None:
    """What the term is only a part of, where it ends or begins in the middle of a word, as 奥林匹
    does, and several longer names are made of that word: the longest text around it that stands in
    such a share of the articles. None where there is none.
    """
    texts = [(each.story, _having(term, each)) for each in read]
    having = [(story, lines) for story, lines in texts if lines]
    around: dict[str, set[int]] = defaultdict(set)
    for story, lines in having:
        for line in lines:
            for name in _around(term, line):
                around[name].add(story)
    enough = max(STORIES, least * len({story for story, _lines in having}))
    common = [name for name, stories in around.items() if len(stories) >= enough]
    for name in sorted(common, key=lambda each: (-len(each), each)):
        within = sum(_only_within(term, name, lines) for _story, lines in having)
        if within >= least * len(having):
            return Longer(name, within, len(having))
    return None


def with_leaf(node: Node, leaf: Node, other: Node) -> Node:
    """The query with `other` in the place of a leaf."""
    return _mapped(node, lambda each: other if each == leaf else each)


def _terms(node: Node) -> Iterator[Term | Guard]:
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from _terms(child)
        case Term(_, field, False) | Guard(Term(_, field, False)) if field in FIELDS:
            yield node


def _having(term: Term | Guard, each: Reading) -> list[str]:
    """The texts in which the term stands."""
    plain = term.term if isinstance(term, Guard) else term
    anchors = needle(plain.text).texts
    texts = each.subject.texts(plain.field)
    likely = (text for text in texts if any(anchor in text for anchor in anchors))
    return [text for text in likely if any(spans(term, text))]


def _beside(term: Term | Guard, text: str, cut: Segmenter) -> Iterator[str]:
    """Every longer text around the term that can be a name."""
    for start, end in islice(spans(term, text), PLACES):
        first = max(0, start - 2 * REACH)
        inside = _inside_words(text[first : end + 2 * REACH], cut)
        behind = _run(text[end : end + REACH])
        before = _run(text[max(0, start - REACH) : start][::-1])
        for place in range(end + 1, end + len(behind) + 1):
            if place - first not in inside:
                yield text[start:place]
        for place in range(start - len(before), start):
            if place - first not in inside and text[place] not in MEASURES:
                yield text[place:end]


def _around(term: Term | Guard, text: str) -> Iterator[str]:
    """Every longer text around the term, wherever words begin and end."""
    for start, end in islice(spans(term, text), PLACES):
        behind = _run(text[end : end + REACH])
        before = _run(text[max(0, start - REACH) : start][::-1])
        yield from (text[start : end + length] for length in range(1, len(behind) + 1))
        for length in range(1, len(before) + 1):
            if text[start - length] not in MEASURES:
                yield text[start - length : end]


def _inside_words(text: str, cut: Segmenter) -> set[int]:
    """The places in a text that are in the middle of a word."""
    return {
        place
        for word in set(cut(text))
        for start in _places(word, text)
        for place in range(start + 1, start + len(word))
    }


def _places(word: str, text: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + 1)


def _run(text: str) -> str:
    """The Han characters at its beginning, up to a particle."""
    found = _RUN.match(text)
    return found[0] if found else ""


def _closed(common: dict[str, int]) -> list[str]:
    """Names that do not nearly always go on alike, those left out that contain another."""
    whole = [
        name
        for name, count in common.items()
        if not any(
            other != name
            and (other.startswith(name) or other.endswith(name))
            and common[other] >= CLOSED * count
            for other in common
        )
    ]
    return [name for name in whole if not any(other != name and other in name for other in whole)]


def _only_within(term: Term | Guard, name: str, lines: Iterable[str]) -> bool:
    leaf = guarded(term, name)
    return not any(any(spans(leaf, line)) for line in lines)


def _mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    match node:
        case And(children):
            return And(tuple(_mapped(child, change) for child in children))
        case Or(children):
            return Or(tuple(_mapped(child, change) for child in children))
        case Not():
            return node
        case _:
            return change(node)


_RUN = re.compile(rf"(?:(?![{PARTICLES}])[{HAN}])+")
