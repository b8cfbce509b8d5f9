"""Words, for ranking: the only importer of jieba and rjieba.

What a query matches never depends on these words, only the order of the hits does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from newscrawl.text.runs import HAN

DICTIONARY = "jieba-0.42.1"
"""The dictionary and model behind `segment`; rjieba carries the same, with the same words."""

Cut = Callable[[str], list[str]]


def segment(text: str) -> list[str]:
    """The words of folded `text`, long words followed or preceded by the words inside them.

    A run of Latin letters or digits is one word. No Han character is lost: those that the
    dictionary cannot know (outside U+4E00 to U+9FD5) are words by themselves.
    """
    return _words(text)


def use_cache(directory: Path) -> None:
    """Keep jieba's dictionary cache in `directory`, made private (0700) first.

    Call it before the first `segment`. jieba reads whatever lies in its cache, so the shared
    temporary folder is no place for it. rjieba needs no cache.
    """
    import jieba

    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    jieba.dt.tmp_dir = str(directory)


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

    jieba.setLogLevel(logging.WARNING)
    cut: Cut = jieba.lcut_for_search
    return cut


_PARTS = re.compile(rf"([\u4e00-\u9fd5]+)|([{HAN}]|[^\W_{HAN}]+)")
"""What the dictionary may know, and what is a word by itself."""
