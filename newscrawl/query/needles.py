"""What is looked for in a folded text when a person writes a word or a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from newscrawl.text.clean import clean_paragraph
from newscrawl.text.grams import Phrase, query_phrase
from newscrawl.text.runs import HAN, runs, searchable

Span: TypeAlias = tuple[int, int]
"""Start and end of a place in a text."""

_HAN = "一"
_IN_A_WORD = re.compile(rf"[^\W_{HAN}]")
_WITHIN_A_WORD = re.compile(rf"[^\W_{HAN}]{{2}}")


@dataclass(frozen=True, slots=True)
class Needle:
    """Folded text that is found where it stands, but never in the middle of a Latin word."""

    texts: tuple[str, ...]
    """Nearly always one; one of several suffices."""
    prefix: bool = False
    """The last word may go on."""

    def spans(self, text: str) -> Iterator[Span]:
        """Every place in `text`, one searchable paragraph or field; they may overlap."""
        for wanted in self.texts:
            first, last = _wordy(wanted)
            last = last and not self.prefix
            start = text.find(wanted)
            while start >= 0:
                end = start + len(wanted)
                cut_before = first and joined(text, start)
                cut_behind = last and joined(text, end)
                if not cut_before and not cut_behind:
                    yield start, end
                start = text.find(wanted, start + 1)


@lru_cache(maxsize=4096)
def needle(text: str, prefix: bool = False) -> Needle:
    """The needle of a word or of what stands between quotation marks."""
    return Needle(tuple(dict.fromkeys(_forms(text))), prefix)


def phrases(wanted: Needle) -> tuple[Phrase, ...]:
    """For each text of a needle, what follows one another in the documents that contain it.

    The documents with any one of them are the candidates; those of an exact one are hits.
    """
    return tuple(query_phrase(text, prefix=wanted.prefix) for text in wanted.texts)


def searchable_length(text: str) -> int:
    """How many characters of `text` can be looked for: punctuation and blanks cannot."""
    return sum(run.end - run.start for run in runs(needle(text).texts[0]))


def joined(text: str, place: int) -> bool:
    """Whether a Latin word or number goes on from before `place` to behind it."""
    return place > 0 and _WITHIN_A_WORD.match(text, place - 1) is not None


@lru_cache(maxsize=4096)
def _wordy(text: str) -> tuple[bool, bool]:
    """Whether a Latin word or number can go on before it, and behind it."""
    return _IN_A_WORD.match(text) is not None, _IN_A_WORD.match(text[-1:]) is not None


def _forms(text: str) -> Iterator[str]:
    """What `text` looks like in an article, also where it is cut out of longer runs.

    Whether the blank in “三 李” is layout depends on what stands around it, and a phrase does not
    say: 三 李 by themselves are a spaced name, 张三 李四 are two. So it is tried in both.
    """
    written = clean_paragraph(text, len(text) + 1)
    for before in ("", _HAN):
        for after in ("", _HAN):
            form = searchable(before + written + after).text
            yield form[len(before) : len(form) - len(after)]
