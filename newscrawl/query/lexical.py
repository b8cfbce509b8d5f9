"""The characters that mean something to the parser, and how quoted text is written."""

from __future__ import annotations

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH[0xFF3C] = 0xFF3C  # a full-width backslash quotes nothing

QUOTED = re.compile(r'"(?:\\[\s\S]|[^"\\])*"|[“”](?:\\[\s\S]|[^“”\\])*[“”]')
"""As QUOTED in the grammar: closed by the kind of mark that opened it."""
UNIT = re.compile(rf'(?:{QUOTED.pattern})\*?|[^\s()"“”!]+')
_ESCAPED = re.compile(r'\\([\\"“”＂])')
_ESCAPING = re.compile(r'[\\"＂]')


def fold_operators(text: str) -> str:
    """`text` with full-width signs, letters and digits made ASCII, each in its place."""
    return text.translate(_FULL_WIDTH)


def unquote(text: str) -> str:
    """What stands between the marks of a quoted text."""
    return _ESCAPED.sub(r"\1", text[1:-1])


def quote(text: str) -> str:
    """`text` between quotation marks that `unquote` takes off again."""
    return '"' + _ESCAPING.sub(r"\\\g<0>", text) + '"'
