"""Which part of an article shows best why it was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import NamedTuple

from newscrawl.query.hits import anchors, spans
from newscrawl.query.needles import Span
from newscrawl.query.tree import Node, Text, TextField, field_of, positive_texts
from newscrawl.text.clean import showable
from newscrawl.text.runs import Searchable, searchable, searchables

CUT = "…"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text as shown, and the places in it to be marked."""

    text: str
    spans: tuple[Span, ...] = ()
    """Start and end in `text`, in order, apart from one another."""


def showable_passage(passage: Passage) -> Passage:
    """The passage with its text made `showable`, and the same characters marked."""
    text, past = "", 0
    spans: list[Span] = []
    for start, end in passage.spans:
        text += showable(passage.text[past:start])
        word = showable(passage.text[start:end])
        if word:
            spans.append((len(text), len(text) + len(word)))
        text, past = text + word, end
    return Passage(text + showable(passage.text[past:]), tuple(spans))


def marked_html(passage: Passage) -> str:
    """The passage for a page: its text escaped, for an element or an attribute, then marked."""
    parts: list[str] = []
    past = 0
    for start, end in passage.spans:
        parts.append(escape(passage.text[past:start]))
        parts.append(f"<mark>{escape(passage.text[start:end])}</mark>")
        past = end
    return "".join(parts) + escape(passage.text[past:])


class _Hit(NamedTuple):
    start: int
    end: int
    word: int
    """Which of the query's texts: numbers are told apart much faster."""


class Marker:
    """Shows where the words of one query stand, in many texts."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._fields: dict[TextField | None, _Sought] = {}

    def mark(self, text: str, field: TextField | None = None) -> Passage:
        """The whole of `text`, the `field` of an article, marked; None is a kicker or subhead."""
        hits = _hits(self._sought(field).texts, searchable(text))
        return Passage(text, _apart(hits, 0, len(text)))

    def passages(self, paragraphs: Sequence[str], width: int, *, limit: int = 1) -> list[Passage]:
        """The best passages of a body, of about `width` characters each, in printed order.

        As few as show all the different words of the query that they can, `limit` at most. A
        passage is good for the number of words that no better one shows, then for that of all its
        different words, of their occurrences, and for standing early. Without any word in the
        body, it is the body's beginning.
        """
        sought = self._sought("body")
        stretches = [
            _Stretch(number, 0, len(paragraphs[number]), hits)
            for number, searched in _likely(sought.anchors, paragraphs)
            if (hits := _hits(sought.texts, searched))
        ]
        chosen = _chosen(stretches, paragraphs, width, limit)
        if not chosen:
            whole = (text for text in paragraphs if text.strip())
            return [_cut(text, 0, min(width, len(text)), []) for text in islice(whole, 1)]
        return [passage for _, _, passage in sorted(chosen, key=lambda one: one[:2])]

    def _sought(self, field: TextField | None) -> _Sought:
        if field not in self._fields:
            self._fields[field] = _Sought.of(self._node, field)
        return self._fields[field]


def mark(node: Node, text: str, field: TextField | None = None) -> Passage:
    """See `Marker.mark`, for one text."""
    return Marker(node).mark(text, field)


def passages(node: Node, paragraphs: Sequence[str], width: int, *, limit: int = 1) -> list[Passage]:
    """See `Marker.passages`, for one body."""
    return Marker(node).passages(paragraphs, width, limit=limit)


@dataclass(frozen=True, slots=True)
class _Sought:
    """What a query looks for in a field."""

    texts: tuple[Text, ...]
    """Each once."""
    anchors: frozenset[str]
    """A paragraph that has none of them has no hit."""

    @classmethod
    def of(cls, node: Node, field: TextField | None) -> _Sought:
        every = dict.fromkeys(positive_texts(node))
        texts = tuple(text for text in every if field_of(text) in (None, field))
        return cls(texts, frozenset(anchor for text in texts for anchor in anchors(text)))


def _chosen(
    stretches: list[_Stretch], paragraphs: Sequence[str], width: int, limit: int
) -> list[tuple[int, int, Passage]]:
    """The best passages, the best first, each with its paragraph and place; takes stretches."""
    there = {hit.word for each in stretches for hit in each.hits}
    chosen: list[tuple[int, int, Passage]] = []
    shown: set[int] = set()
    while stretches and len(chosen) < limit:
        rated = [
            (_densest(each.hits, width, shown), -place) for place, each in enumerate(stretches)
        ]
        (_, start, end), place = max(rated, key=lambda one: (one[0][0], one[1]))
        best = stretches.pop(-place)
        text = paragraphs[best.number]
        first, last = _around(best, start, end, width)
        chosen.append((best.number, first, _cut(text, first, last, best.hits)))
        shown.update(hit.word for hit in best.hits if first <= hit.start and hit.end <= last)
        if shown == there:
            break
        stretches[-place:-place] = best.beside(first, last)
    return chosen


class _Rating(NamedTuple):
    """How good a passage is; the greater the better."""

    fresh: int
    """Different words that are not shown yet."""
    different: int
    hits: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A piece of a paragraph of which nothing is shown yet, and the hits in it, one at least."""

    number: int
    first: int
    last: int
    hits: list[_Hit]

    def beside(self, first: int, last: int) -> list[_Stretch]:
        """What is left of it where `first` to `last` is shown."""
        pieces = ((self.first, first), (last, self.last))
        return [
            _Stretch(self.number, start, end, hits)
            for start, end in pieces
            if (hits := [hit for hit in self.hits if start <= hit.start and hit.end <= end])
        ]


def _likely(
    wanted: AbstractSet[str], paragraphs: Sequence[str]
) -> Iterator[tuple[int, Searchable]]:
    """The few paragraphs that can have a hit, numbered."""
    for number, searched in enumerate(searchables(paragraphs)):
        if any(anchor in searched.text for anchor in wanted):
            yield number, searched


def _hits(texts: Iterable[Text], searched: Searchable) -> list[_Hit]:
    """The hits in a text, in order, by their places in it as it is shown."""
    return sorted(
        _Hit(searched.origin(start), searched.origin(end - 1) + 1, word)
        for word, text in enumerate(texts)
        for start, end in spans(text, searched.text)
    )


def _densest(hits: Sequence[_Hit], width: int, shown: AbstractSet[int]) -> tuple[_Rating, int, int]:
    """The rating, start and end of the best `width` characters that begin with a hit."""
    if len(hits) == 1:  # as a rule it is so
        [hit] = hits
        return _Rating(int(hit.word not in shown), 1, 1), hit.start, hit.end
    best = (_Rating(0, 0, 0), 0, 0)
    words: Counter[int] = Counter()
    past = 0
    for place, first in enumerate(hits):
        while past < len(hits) and (past == place or hits[past].end <= first.start + width):
            words[hits[past].word] += 1
            past += 1
        rating = _Rating(len(words.keys() - shown), len(words), past - place)
        if rating > best[0]:
            best = rating, first.start, max(first.end, hits[past - 1].end)
        words[first.word] -= 1
        if not words[first.word]:
            del words[first.word]
    return best


def _around(stretch: _Stretch, start: int, end: int, width: int) -> tuple[int, int]:
    """About `width` characters of a stretch with those from `start` to `end` in their middle."""
    room = max(0, width - (end - start))
    first = max(stretch.first, min(start - room // 2, stretch.last - width))
    return first, min(stretch.last, max(first + width, end))


def _cut(text: str, first: int, last: int, hits: Iterable[_Hit]) -> Passage:
    """The characters from `first` to `last`, marked, with a sign where text is left out."""
    before, after = CUT if first else "", CUT if last < len(text) else ""
    offset = len(before) - first
    marks = tuple((one + offset, other + offset) for one, other in _apart(hits, first, last))
    return Passage(before + text[first:last] + after, marks)


def _apart(hits: Iterable[_Hit], first: int, last: int) -> tuple[Span, ...]:
    """The hits from `first` to `last` as spans, those that touch or overlap joined."""
    joined: list[Span] = []
    for hit in hits:
        if hit.start < first or hit.end > last:
            continue
        if joined and hit.start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], hit.end)
        else:
            joined.append((hit.start, hit.end))
    return tuple(joined)
