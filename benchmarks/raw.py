"""Raw substrings: cut anywhere out of a text, of whatever characters, and asked for as a phrase.

Where a phrase stands is said by `str.find` over the folded texts of all articles, and by the
meaning of the language alone: exactly this, punctuation included, but a Latin word or a number
only as a whole. So what splits one at its ends is not cut, nor what has nothing to be looked for.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from benchmarks.held import Held, texts
from newscrawl.query.subject import folded
from newscrawl.text.fold import fold
from newscrawl.text.runs import HAN

SEED = 20231215
TRIES = 20
"""Places looked at for every substring."""
_HAN = re.compile(f"[{HAN}]")


def cuttings(articles: Sequence[Held], length: int, count: int) -> list[str]:
    """Different substrings of headlines and paragraphs as shown, each place as likely as any other.

    Fewer than `count` where the texts have no more.
    """
    long_enough = [text for each in articles for text in texts(each.article) if len(text) >= length]
    if not long_enough:
        return []
    places = [len(text) - length + 1 for text in long_enough]
    dice = random.Random(SEED + length)  # noqa: S311 - to be drawn again, not to be secret
    drawn: dict[str, None] = {}
    for text in dice.choices(long_enough, places, k=TRIES * count):
        start = dice.randrange(len(text) - length + 1)
        cut = text[start : start + length]
        if any(map(str.isalnum, cut)) and _whole(text, start, start + length):
            drawn[cut] = None
        if len(drawn) == count:
            break
    return list(drawn)


class Standing:
    """Where texts stand in the articles."""

    def __init__(self, articles: Sequence[Held]) -> None:
        self._seqs = [each.seq for each in articles]
        self._text = "\n".join(each.text for each in articles)
        self._starts = [0, *accumulate(len(each.text) + 1 for each in articles)]

    def having(self, written: str) -> frozenset[int]:
        """The articles in which this stands.

        A blank between two single Han characters is layout; whether they are single depends on
        what stands around them, which a phrase does not say. So it is looked for with and without.
        """
        forms = {folded(written).strip(), fold(written).strip()}
        return frozenset(self._seqs[place] for form in forms for place in self._places(form))

    def _places(self, form: str) -> Iterator[int]:
        """The articles by their place in the list, each once."""
        at = self._text.find(form)
        while at >= 0:
            if _whole(self._text, at, at + len(form)):
                place = bisect_right(self._starts, at) - 1
                yield place
                at = self._starts[place + 1] - 1
            at = self._text.find(form, at + 1)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no Latin word or number goes on beyond either end."""
    return not any(
        0 < edge < len(text) and _latin(text[edge - 1]) and _latin(text[edge])
        for edge in (start, end)
    )


def _latin(character: str) -> bool:
    """A letter or figure of any script but Han."""
    return character.isalnum() and not _HAN.match(character)
