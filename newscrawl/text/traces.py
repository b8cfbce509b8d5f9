"""Whether bytes still say what an article said: its headline, its captions, its clauses."""

from __future__ import annotations

import html
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from newscrawl.text.charset import decode

SHORTEST_HEADING = 6
SHORTEST_CLAUSE = 10
"""Characters, blanks left out: a shorter piece stands in many articles."""
FEW = 200
"""Pieces that are looked for one by one."""
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
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Traces:
    """Pieces of some texts, without blanks."""

    headings: frozenset[str] = frozenset()
    """Whole ones, and captions."""
    clauses: frozenset[str] = frozenset()
    """Of bodies."""

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
    def _parts(self) -> tuple[frozenset[str], frozenset[str]]:
        return self.headings, self.clauses

    @property
    def pieces(self) -> frozenset[str]:
        """All of them."""
        return self.headings | self.clauses

    def held_in(self, text: str) -> Traces:
        """Those that stand in a text without markup."""
        dense = _dense(_unescaped(text))
        return Traces(
            frozenset(_standing_in(dense, self.headings)),
            frozenset(_standing_in(dense, self.clauses)),
        )

    def in_text(self, text: str) -> bool:
        """Whether one of them stands in a text, with or without its markup."""
        plain = html.unescape(_unescaped(text))
        return self._in(_dense(plain)) or self._in(_dense(_TAG.sub("", plain)))

    def in_bytes(self, data: bytes) -> bool:
        """Whether one of them stands in bytes of no known kind."""
        return any(
            piece.encode(encoding, "ignore") in data
            for part in self._parts
            for piece in part
            for encoding in _ENCODINGS
        )

    def in_payload(self, payload: bytes, content_type: str, coding: str) -> bool:
        """Whether one of them stands in what a site has answered."""
        data = _inflated(payload, coding)
        if content_type.startswith(("text/", "application/")) or not content_type:
            return self.in_text(decode(data, content_type).text) or self.in_bytes(data)
        return self.in_bytes(data)

    def _in(self, text: str) -> bool:
        return any(True for part in self._parts for _piece in _standing_in(text, part))


def _dense(text: str) -> str:
    return _BLANK.sub("", text)


def _standing_in(text: str, pieces: frozenset[str]) -> Iterator[str]:
    """Of many pieces those alone are looked for of which the text has the beginning."""
    if len(pieces) <= FEW:
        return (each for each in pieces if each in text)
    by_start = _by_start(pieces)
    runs = {text[at : at + SHORTEST_HEADING] for at in range(len(text) - SHORTEST_HEADING + 1)}
    return (each for start in by_start.keys() & runs for each in by_start[start] if each in text)


@lru_cache(maxsize=4)
def _by_start(pieces: frozenset[str]) -> Mapping[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for each in pieces:
        found[each[:SHORTEST_HEADING]].append(each)
    return found


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
