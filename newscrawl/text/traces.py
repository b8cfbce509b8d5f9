"""Whether bytes still say what an article said: its headline, its captions, its clauses."""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from newscrawl.text.charset import decode
from newscrawl.text.finders import finder

SHORTEST_HEADING = 6
SHORTEST_TELLING = 8
SHORTEST_CLAUSE = 10
"""Characters, blanks left out: a shorter piece stands in many articles."""
MOST_INFLATED = 64 << 20
"""Bytes of a payload that is coded."""

_BREAK = re.compile(r"[。！？；，、：,.!?;:“”‘’（）()《》\n]+")
_BLANK = re.compile(r"[\s\u3000\u00a0]+")
_TAG = re.compile(r"<[^>]{0,2000}>")
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})*")
_CODINGS: Mapping[str, int] = {
    "gzip": zlib.MAX_WBITS | 16,
    "x-gzip": zlib.MAX_WBITS | 16,
    "deflate": zlib.MAX_WBITS,
}
_TEXT = ("utf-8",)
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Traces:
    """Pieces of some texts, without blanks."""

    headings: frozenset[str] = frozenset()
    """Whole ones, and captions."""
    clauses: frozenset[str] = frozenset()
    """Of bodies."""
    pieces: frozenset[str] = field(init=False, repr=False, compare=False)
    """All of them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "pieces", self.headings | self.clauses)

    @classmethod
    def of(cls, headings: Iterable[str], bodies: Iterable[str]) -> Self:
        """Headings count as wholes, bodies by their clauses; what is too short does not count."""
        whole = {_dense(each) for each in headings}
        clauses = {_dense(each) for body in bodies for each in _BREAK.split(body)}
        named = frozenset(each for each in whole if len(each) >= SHORTEST_HEADING)
        return cls(
            named, frozenset(each for each in clauses if len(each) >= SHORTEST_CLAUSE) - named
        )

    def __bool__(self) -> bool:
        return bool(self.headings or self.clauses)

    def __or__(self, other: Traces) -> Traces:
        return Traces(self.headings | other.headings, self.clauses | other.clauses)

    def __sub__(self, other: Traces) -> Traces:
        return Traces(self.headings - other.headings, self.clauses - other.clauses)

    @property
    def telling(self) -> Traces:
        """Those that say of whatever has them that it speaks of these texts: a short heading, as
        that of the weather, stands in many papers of which nobody has read an article.
        """
        headings = (each for each in self.headings if len(each) >= SHORTEST_TELLING)
        return Traces(frozenset(headings), self.clauses)

    def held_in(self, text: str) -> Traces:
        """Those that stand in a text without markup."""
        found = frozenset(self._standing_in(_dense(_unescaped(text))))
        return Traces(self.headings & found, self.clauses & found)

    def in_text(self, text: str) -> bool:
        """Whether one of them stands in a text, with or without its markup."""
        plain = html.unescape(_unescaped(text))
        return self._in(_dense(plain)) or self._in(_dense(_TAG.sub("", plain)))

    def in_bytes(self, data: bytes) -> bool:
        """Whether one of them stands in bytes of no known kind."""
        return any(True for _piece in finder(self.pieces, _ENCODINGS).standing(data))

    def in_payload(self, payload: bytes, content_type: str, coding: str) -> bool:
        """Whether one of them stands in what a site has answered."""
        data = _inflated(payload, coding)
        if content_type.startswith(("text/", "application/")) or not content_type:
            return self.in_text(decode(data, content_type).text) or self.in_bytes(data)
        return self.in_bytes(data)

    def _in(self, text: str) -> bool:
        return any(True for _piece in self._standing_in(text))

    def _standing_in(self, text: str) -> Iterator[str]:
        return finder(self.pieces, _TEXT).standing(text.encode("utf-8", "replace"))


def _dense(text: str) -> str:
    return _BLANK.sub("", text)


def _unescaped(text: str) -> str:
    """As JSON and scripts write it."""
    if "\\u" not in text:
        return text
    return _ESCAPED.sub(lambda found: str(json.loads(f'"{found[0]}"')), text)


def _inflated(payload: bytes, coding: str) -> bytes:
    """Without its content coding; as it is where that is another than these, or wrong."""
    for each in reversed([part.strip().lower() for part in coding.split(",")]):
        if each in _CODINGS:
            payload = _attempt(_CODINGS[each], payload)
    return payload


def _attempt(bits: int, payload: bytes) -> bytes:
    try:
        return zlib.decompressobj(bits).decompress(payload, MOST_INFLATED)
    except zlib.error:
        return payload
