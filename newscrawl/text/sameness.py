"""Whether what stands at a place is the article that stood there before, edited or not."""

from __future__ import annotations

from typing import NamedTuple

from newscrawl.text.clean import on_one_line

SHARE = 0.3
"""Of common character pairs, above which a changed text is an edit of the same article."""


class Text(NamedTuple):
    """What an article is known by."""

    headline: str
    body: str
    """The paragraphs, a line each."""


def same_article(one: Text, other: Text) -> bool:
    """By the headline, or else by what their bodies share."""
    if on_one_line(one.headline) == on_one_line(other.headline):
        return True
    before, now = _pairs(one.body), _pairs(other.body)
    return len(before & now) >= SHARE * max(1, min(len(before), len(now)))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
