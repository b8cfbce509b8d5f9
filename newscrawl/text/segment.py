"""Words, for ranking: the only importer of jieba and rjieba.

What a query matches never depends on these words, only the order of the hits does.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newscrawl.errors import UsageError
from newscrawl.text.kinds import APART, HANS, Codes, codes_of, kinds, text_of
from newscrawl.text.runs import HAN, Kind, runs, searchable

DICTIONARY = "jieba-0.42.1"
"""The dictionary and model behind `segment`; rjieba carries the same, with the same words."""
SHORTEST, LONGEST = 2, 40
"""Characters of a word of a user's dictionary."""

Cut = Callable[[str], list[str]]
Mask = NDArray[np.bool_]


class Segmenter:
    """Cuts folded text into words: those of a user's dictionary, and jieba's around them."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """`words`: as `user_word` gives them."""
        self.words = frozenset(words)
        self.dictionary = _name(self.words)
        """What the words of a text depend on: cut under the same name it is cut alike."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in self.words:
            lengths[word[:SHORTEST]].add(len(word))
        self._lengths = {head: sorted(lengths[head], reverse=True) for head in lengths}
        self._heads = re.compile("|".join({word[0] for word in self.words}) or "(?!)")

    def __call__(self, text: str) -> list[str]:
        """The words of folded `text`, long words followed or preceded by the words inside them.

        A run of Latin letters or digits is one word. No Han character is lost: those that the
        dictionary cannot know (outside U+4E00 to U+9FD5) are words by themselves. A user's word is
        a word wherever it stands, and so which words a text has depends on no word that is not
        in it.
        """
        return list(self._words(text)) if self.words else _words(text)

    def lines(self, texts: Sequence[str]) -> list[str]:
        """The words of each folded text in one line, blanks between, in no order: texts are cut
        together in two thirds of the time.
        """
        if self.words:
            return [" ".join(self._words(text)) for text in texts]
        return _lines(texts)

    def _words(self, text: str) -> Iterator[str]:
        """The leftmost of the user's words, of these the longest, are cut out; all are given."""
        done = 0
        for start, word in self._standing(text):
            if start >= done:
                yield from _words(text[done:start])
                yield from (inner for inner in _words(word) if inner not in self.words)
                done = start + len(word)
            yield word
        yield from _words(text[done:])

    def _standing(self, text: str) -> Iterator[tuple[int, str]]:
        """Every place of every user's word, in order, the longer first."""
        for head in self._heads.finditer(text):
            start = head.start()
            for length in self._lengths.get(text[start : start + SHORTEST], ()):
                word, end = text[start : start + length], start + length
                if word not in self.words or len(word) < length:
                    continue
                if not (_cuts(text, start) or _cuts(text, end)):
                    yield start, word


def user_word(text: str) -> str:
    """A word of a user's dictionary in its search form. Raises UsageError, saying what is wrong."""
    word = searchable(text.strip()).text
    found = list(runs(word))
    if sum(run.end - run.start for run in found) != len(word):
        raise UsageError(f"{text!r}: a word has only Han characters, letters and digits")
    if not SHORTEST <= len(word) <= LONGEST:
        raise UsageError(f"{text!r}: a word has {SHORTEST} to {LONGEST} characters")
    if all(run.kind is Kind.WORD for run in found):
        raise UsageError(f"{text!r}: letters and digits are one word without a dictionary")
    return word


def use_cache(directory: Path) -> None:
    """Say where jieba may keep its dictionary cache: in a directory of a home that is there.

    Call it before the first `segment`. It is made, private (0700), when jieba is wanted: rjieba
    needs no cache.
    """
    _kept.directory = directory


@dataclass(slots=True)
class _Kept:
    directory: Path | None = None


_kept = _Kept()


def _name(words: frozenset[str]) -> str:
    if not words:
        return DICTIONARY
    digest = hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()
    return f"{DICTIONARY}+{digest[:12]}"


def _cuts(text: str, place: int) -> bool:
    """Whether a Latin word or number goes on from before `place` to behind it."""
    return bool(_LATIN.match(text, place - 1, place + 1))


def _words(text: str) -> list[str]:
    """All runs are cut in one call, which takes half the time; a line break keeps them apart."""
    parts = _PARTS.findall(text)
    cut = _cutter()("\n".join(known for known, _whole in parts if known))
    cut.append("\n")
    words: list[str] = []
    start = 0
    for known, whole in parts:
        if known:
            end = cut.index("\n", start)
            words += cut[start:end]
            start = end + 1
        else:
            words.append(whole)
    return words


def _lines(texts: Sequence[str]) -> list[str]:
    """As `_words`, of all texts at once; a line break parts runs, `_BETWEEN` parts texts."""
    codes = codes_of(_BETWEEN.join(texts))
    kind, between = kinds()[codes], codes == ord(_BETWEEN)
    known = (codes >= ord(_FIRST_KNOWN)) & (codes <= ord(_LAST_KNOWN))
    whole = ~known & (kind != APART)
    cut = " ".join(_cutter()(_only(known, between, codes))).replace("\n ", "").split(_BETWEEN)
    if (whole & (kind == HANS)).any():
        others = " ".join(_WHOLE.findall(text_of(codes))).split(_BETWEEN)
    else:
        others = _only(whole, between, codes).replace("\n", " ").split(_BETWEEN)
    if not len(cut) == len(others) == len(texts):  # none that was cleaned has such a sign in it
        return [" ".join(_words(text)) for text in texts]
    return [
        f"{one.strip()} {other.strip()}".strip() for one, other in zip(cut, others, strict=True)
    ]


def _only(wanted: Mask, between: Mask, codes: Codes) -> str:
    """The runs of the wanted characters, each with a line break behind it, and what parts texts."""
    shown = wanted | between
    kept = shown.copy()
    kept[1:] |= wanted[:-1]
    return text_of(np.where(shown, codes, ord("\n"))[kept])


@cache
def _cutter() -> Cut:
    try:
        import rjieba
    except ImportError:
        return _jieba_cutter()
    cut: Cut = rjieba.cut_for_search
    return cut


@cache
def _jieba_cutter() -> Cut:
    import jieba

    jieba.setLogLevel(logging.CRITICAL)  # without a cache it takes a second longer, that is all
    jieba.dt.tmp_dir = _cache_directory()
    cut: Cut = jieba.lcut_for_search
    return cut


def _cache_directory() -> str:
    """Where jieba's cache lies, with nobody else's files in it: jieba reads whatever is there, so
    the shared temporary folder is no place for it. A place that cannot be had is nowhere.
    """
    directory = _kept.directory
    if directory is None:
        return _NOWHERE
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        if stat.S_IMODE(directory.stat().st_mode) != _PRIVATE:
            directory.chmod(_PRIVATE)
    except OSError:
        return _NOWHERE
    return str(directory)


_PRIVATE, _NOWHERE = 0o700, f"{os.devnull}/none"
_LATIN = re.compile(rf"[^\W_{HAN}]{{2}}")
_BETWEEN = "\0"
_FIRST_KNOWN, _LAST_KNOWN = "\u4e00", "\u9fd5"
_KNOWN = f"[{_FIRST_KNOWN}-{_LAST_KNOWN}]"
"""What the dictionary may know; every other run, or Han character, is a word by itself."""
_WHOLE = re.compile(rf"{_BETWEEN}|[^\W_{HAN}]+|(?!{_KNOWN})[{HAN}]")
_PARTS = re.compile(rf"({_KNOWN}+)|([{HAN}]|[^\W_{HAN}]+)")

segment = Segmenter()
"""Without a user's dictionary."""
