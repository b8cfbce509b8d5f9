"""Whether what stands at a place is the article that stood there before, edited or not."""

from __future__ import annotations

from typing import NamedTuple

from newscrawl.text.clean import on_one_line
from newscrawl.text.shingles import plain

SHARE = 0.3
"""Of common character pairs, above which a changed text is an edit of the same article."""
HEADLINE_SHARE = 2 / 3
"""Of those of a headline, where the text itself is too short to tell."""
LABEL_SHARE = 1 / 2
"""Of those of a headline, from which a label is of the same article."""
SHORT = 20
"""Character pairs of a text that are too few to tell: an article may be a picture alone."""


class Text(NamedTuple):
    """What an article is known by."""

    headline: str
    body: str
    """The paragraphs, a line each."""


def same_article(one: Text, other: Text) -> bool:
    """By the headline, or else by what their bodies share; where there is hardly any text, by what
    their headlines do.
    """
    if on_one_line(one.headline) == on_one_line(other.headline):
        return True
    before, now = _pairs(one.body), _pairs(other.body)
    if _share(before, now) >= SHARE:
        return True
    if min(len(before), len(now)) >= SHORT:
        return False
    return _share(_pairs(one.headline), _pairs(other.headline)) >= HEADLINE_SHARE


def is_named(label: str, headline: str) -> bool:
    """Whether a list's label is that headline, shortened or told in nearly the same words."""
    one, other = plain(label), plain(headline)
    if not (one and other):
        return False
    return one in other or other in one or _share(_pairs(one), _pairs(other)) >= LABEL_SHARE


def _share(one: set[str], other: set[str]) -> float:
    """Of the smaller."""
    return len(one & other) / max(1, min(len(one), len(other)))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
