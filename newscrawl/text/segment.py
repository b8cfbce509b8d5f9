"""Words, for ranking: the only importer of jieba and rjieba.

What a query matches never depends on these words, only the order of the hits does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from newscrawl.text.runs import Kind, runs

DICTIONARY = "jieba-0.42.1"
"""The dictionary and model behind `segment`; rjieba carries the same, with the same words."""

Cut = Callable[[str], list[str]]


def segment(text: str) -> list[str]:
    """The words of folded `text`, long words followed or preceded by the words inside them.

    A run of Latin letters or digits is one word. No Han character is lost: those that the
    dictionary cannot know (outside U+4E00 to U+9FD5) are words by themselves.
    """
    return list(_words(text))


def use_cache(directory: Path) -> None:
    """Keep jieba's dictionary cache in `directory`, made private (0700) first.

    Call it before the first `segment`. jieba reads whatever lies in its cache, so the shared
    temporary folder is no place for it. rjieba needs no cache.
    """
    import jieba

    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    jieba.dt.tmp_dir = str(directory)


def _words(text: str) -> Iterator[str]:
    cut = _cutter()
    for kind, start, end in runs(text):
        run = text[start:end]
        if kind is Kind.WORD:
            yield run
        elif _UNKNOWN.search(run):
            for known, unknown in _PARTS.findall(run):
                yield from (unknown,) if unknown else cut(known)
        else:
            yield from cut(run)


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


_UNKNOWN = re.compile("[^\u4e00-\u9fd5]")
_PARTS = re.compile("([\u4e00-\u9fd5]+)|([^\u4e00-\u9fd5])")
