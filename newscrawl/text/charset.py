"""Bytes to text, by what a page says of itself and by what its bytes say."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

HEAD = 4096
"""Bytes in which a page declares its charset."""

REPLACEMENT = "\ufffd"

FAR = 2
"""Characters beyond doubt for each that cannot be read, where nothing says that it is UTF-8.
A text of sixteen characters in GB 18030 or Big5 has, by chance, a third of one.
"""

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gb_2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}
"""Declared names that are believed. The Latin ones are not: servers send them unasked."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, and how well its bytes could be read."""

    text: str
    charset: str
    """The codec: `utf-8`, `gb18030` …"""
    errors: int
    """U+FFFD in the text: bytes that could not be read, and those that say U+FFFD themselves."""
    characters: int


def decode(body: bytes, content_type: str | None) -> Decoded:
    """The text of an HTML page with the header `Content-Type: content_type`.

    A byte order mark decides. Text that is UTF-8 beyond doubt is UTF-8, whatever it is declared,
    and a few bytes of something else do not change that: GB 18030 could read them all, as other
    characters. Else of the declared charsets (`<meta>`, header), UTF-8 and GB 18030 the first
    without an error is taken, failing that the one with the fewest.
    """
    for mark, charset in BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :].decode(charset, "replace"), charset)
    declared = list(_declared(body, content_type or ""))
    unicode = _decoded(body.decode("utf-8", "replace"), "utf-8")
    if _is_utf_8(unicode, body, declared="utf-8" in declared):
        return unicode
    candidates = list(dict.fromkeys((*declared, "utf-8", "gb18030")))
    for charset in candidates:
        text = _strictly(body, charset)
        if text is not None:
            return _decoded(text, charset)
    tolerant = (_decoded(body.decode(charset, "replace"), charset) for charset in candidates)
    return min(tolerant, key=lambda decoded: decoded.errors)


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    for label in (_meta_charset(body[:HEAD]), _label(content_type)):
        if label in CODECS:
            yield CODECS[label]


def _is_utf_8(unicode: Decoded, body: bytes, *, declared: bool) -> bool:
    """Whether `body` has more characters beyond doubt than bytes that UTF-8 cannot explain."""
    unread = unicode.errors - body.count(REPLACEMENT.encode())
    if not unread:
        return bool(_BEYOND_DOUBT.search(unicode.text))
    beyond_doubt = len(_BEYOND_DOUBT.findall(unicode.text)) - unread
    return beyond_doubt > unread * (1 if declared else FAR)


def _meta_charset(head: bytes) -> str:
    """The label in the first `<meta>` that has one; meta tags in scripts and comments are none."""
    text = _NOT_MARKUP.sub("", head.decode("latin-1"))
    labels = (_label(tag) for tag in _META.findall(text) if not _DESCRIPTION.search(tag))
    return next(filter(None, labels), "")


def _label(text: str) -> str:
    match = _CHARSET.search(text)
    return match[1].lower() if match else ""


def _strictly(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def _decoded(text: str, charset: str) -> Decoded:
    return Decoded(text, charset, text.count(REPLACEMENT), len(text))


_BEYOND_DOUBT = re.compile("[\u0800-\U0010ffff]")
_NOT_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script|\Z)", re.DOTALL | re.IGNORECASE
)
_META = re.compile(r"<meta\b[^<>]*", re.IGNORECASE)
_DESCRIPTION = re.compile(r"\s(?:name|property)\s*=", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
