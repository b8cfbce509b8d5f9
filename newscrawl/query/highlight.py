"""Which part of an article shows best why it was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from newscrawl.query.hits import spans
from newscrawl.query.needles import Span
from newscrawl.query.tree import Node, Text, TextField, field_of, positive_texts
from newscrawl.text.runs import searchable

CUT = "…"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text as shown, and the places in it to be marked."""

    text: str
    spans: tuple[Span, ...] = ()
    """Start and end in `text`, in order, apart from one another."""


def marked_html(passage: Passage) -> str:
    """The passage for a page: its text escaped, for an element or an attribute, then marked."""
    parts: list[str] = []
    past = 0
    for start, end in passage.spans:
        parts.append(escape(passage.text[past:start]))
        parts.append(f"<mark>{escape(passage.text[start:end])}</mark>")
        past = end
    return "".join(parts) + escape(passage.text[past:])


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    leaf: Text


def mark(node: Node, text: str, field: TextField | None = None) -> Passage:
    """The whole of `text`, the `field` of an article, marked; None is a kicker or subhead."""
    return Passage(text, _apart(_hits(node, text, field), 0, len(text)))


def passages(node: Node, paragraphs: Sequence[str], width: int, *, limit: int = 1) -> list[Passage]:
    """The best passages of a body, of about `width` characters each, in printed order.

    A passage is good for the number of different words of the query in it, then for the number
    of their occurrences, then for standing early. Without any, it is the beginning of the body.
    """
    rated = []
    for number, paragraph in enumerate(paragraphs):
        hits = _hits(node, paragraph, "body")
        if hits:
            rating, start, end = _densest(hits, width)
            rated.append((rating, -number, start, end, hits))
    best = sorted(rated, key=lambda one: one[:2], reverse=True)[:limit]
    if not best:
        return [_cut(text, 0, 0, width, []) for text in paragraphs if text.strip()][:limit]
    return [
        _cut(paragraphs[-number], start, end, width, hits)
        for _, number, start, end, hits in sorted(best, key=lambda one: -one[1])
    ]


def _hits(node: Node, text: str, field: TextField | None) -> list[_Hit]:
    """The query's hits in `text`, in order, at places of the text as it is shown."""
    shown = searchable(text)
    return sorted(
        (
            _Hit(shown.origin(start), shown.origin(end - 1) + 1, leaf)
            for leaf in dict.fromkeys(positive_texts(node))
            if field_of(leaf) in (None, field)
            for start, end in spans(leaf, shown.text)
        ),
        key=lambda hit: (hit.start, hit.end),
    )


def _densest(hits: Sequence[_Hit], width: int) -> tuple[tuple[int, int], int, int]:
    """The rating, start and end of the best `width` characters that begin with a hit."""
    best = ((0, 0), 0, 0)
    leaves: Counter[Text] = Counter()
    past = 0
    for place, first in enumerate(hits):
        while past < len(hits) and (past == place or hits[past].end <= first.start + width):
            leaves[hits[past].leaf] += 1
            past += 1
        rating = len(+leaves), past - place
        if rating > best[0]:
            best = rating, first.start, max(first.end, hits[past - 1].end)
        leaves[first.leaf] -= 1
    return best


def _cut(text: str, start: int, end: int, width: int, hits: Iterable[_Hit]) -> Passage:
    """About `width` characters of `text` with those from `start` to `end` in their middle."""
    room = max(0, width - (end - start))
    first = max(0, min(start - room // 2, len(text) - width))
    last = min(len(text), max(first + width, end))
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
