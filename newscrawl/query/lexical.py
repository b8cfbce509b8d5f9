"""The characters that mean something to the parser, and how quoted text is written."""

from __future__ import annotations

import re

from newscrawl.text.clean import INVISIBLE
from newscrawl.text.runs import BLANK, HAN

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH[0xFF3C] = 0xFF3C  # a full-width backslash quotes nothing
_APART = {code: code for code in map(ord, "，：；？")}

MARKS = '"“”'
"""What a quoted text begins with, its full-width form folded."""

QUOTED = re.compile(r'"(?:\\[\s\S]|[^"\\])*"|[“”](?:\\[\s\S]|[^“”\\])*[“”]')
"""As QUOTED in the grammar: closed by the kind of mark that opened it."""
_HAN = rf"{HAN}\u2e80-\u2fd5"  # with the radicals that are folded to Han characters
_LETTER = rf"[^\W_{_HAN}]"
_CHARACTER = rf"(?:[^\W_]|[{_HAN}{INVISIBLE}])"
_WITHIN = (
    rf"(?:(?<={_LETTER})[-._/:·&'’@*#+=~^]+(?={_LETTER})"  # COVID-19, 7*24, http://a.cn/b
    r"|(?<=\d),(?=\d{3}(?!\d))|(?<=\d)[%‰℃])"  # 1,000 and 50%
)
UNIT = re.compile(rf"(?:{QUOTED.pattern})\*?|{_CHARACTER}+(?:{_WITHIN}{_CHARACTER}*)*\**")
"""A quoted text, or a run in a word: what is neither letter nor digit ends it, but for the signs
within a Latin word or number.
"""
PAUSES = frozenset("，。、；：？！…—·,.;:?《》〈〉「」『』【】")
"""By themselves they are nothing to look for, and no slip in writing an operator either."""
_JOINER = "\N{WORD JOINER}"
_TYPED = " \t"
_LAYOUT = re.compile(
    rf"(?<=[{_HAN}])(?<![{_HAN}][{_HAN}])[{BLANK.lstrip(_TYPED)}]+(?=[{_HAN}](?![{_HAN}]))"
)
"""Wide blanks between two Han characters that stand alone, 王　伟. Those of a keyboard mean AND."""
_ESCAPED = re.compile(r'\\([\\"“”＂])')
_ESCAPING = re.compile(r'[\\"＂]')


def fold_operators(text: str) -> str:
    """`text` with full-width signs, letters and digits made ASCII, each in its place.

    Where blanks are layout, they are no blanks any more.
    """
    return _without_blanks(text.translate(_FULL_WIDTH))


def fold_words(text: str) -> str:
    """As `fold_operators`, but that no full-width ，：；？ is taken for a sign within a word."""
    return _without_blanks(text.translate(_FULL_WIDTH | _APART))


def without_layout(text: str) -> str:
    """`text` without the blanks that are layout."""
    return _LAYOUT.sub("", text)


def unquote(text: str) -> str:
    """What stands between the marks of a quoted text."""
    return _ESCAPED.sub(r"\1", text[1:-1])


def quote(text: str) -> str:
    """`text` between quotation marks that `unquote` takes off again."""
    return '"' + _ESCAPING.sub(r"\\\g<0>", text) + '"'


def _without_blanks(text: str) -> str:
    return _LAYOUT.sub(lambda gap: _JOINER * len(gap[0]), text)
