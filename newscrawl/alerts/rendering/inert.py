"""Text of a page made inert: what stands there is read, and does nothing.

Channels differ in what they take for markup, in how it is escaped, and change both. So what could
be markup becomes its full-width form, which is read as easily and means nothing to any of them.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

from newscrawl.query.highlight import CUT, Passage

LONGEST_LINK = 2_000
_JOINER = "\u200d"
_BLANKS = frozenset({"Zl", "Zp", "Zs"})
_BLANK_CONTROLS = frozenset("\t\n\v\f\r\x85")
_DROPPED = frozenset({"Cc", "Cf"})
_EMOJI = frozenset({"So", "Sk", "Mn"})
_WIDER = 0xFEE0
"""From a sign of ASCII to its full-width form."""


def cleaned(passage: Passage) -> Passage:
    """Without control characters and signs of direction, on one line; the marks stay in place."""
    kept: list[str] = []
    places = [0]
    for sign in passage.text:
        kept.extend(_kept(sign, kept[-1] if kept else ""))
        places.append(len(kept))
    spans = ((places[start], places[end]) for start, end in passage.spans)
    return Passage("".join(kept), tuple(span for span in spans if span[0] < span[1]))


def line(text: str, longest: int = 200) -> str:
    """A text as `cleaned` leaves it, of so many characters at most."""
    return shortened(cleaned(Passage(text.strip())), longest).text


def _kept(sign: str, before: str) -> str:
    kind = unicodedata.category(sign)
    if (kind in _BLANKS and sign != "\u3000") or sign in _BLANK_CONTROLS:
        return " "
    if sign == _JOINER and before and unicodedata.category(before) in _EMOJI:
        return sign
    if kind == "Cs":
        return "\ufffd"
    return "" if kind in _DROPPED else sign


def shortened(passage: Passage, longest: int) -> Passage:
    """At most so many of its characters, the first mark among them, and … for what is left out."""
    text = passage.text
    if len(text) <= longest:
        return passage
    if longest <= 0:
        return Passage("")
    first = passage.spans[0] if passage.spans else (0, 0)
    start = 0 if first[1] <= longest else min(first[0] - longest // 4, len(text) - longest)
    start = max(0, start)
    end = start + longest
    while start < end and _continues(text, start):
        start += 1
    while start < end and _continues(text, end):
        end -= 1
    before, after = CUT if start else "", CUT if end < len(text) else ""
    offset = len(before) - start
    spans = (
        (max(one, start) + offset, min(other, end) + offset)
        for one, other in passage.spans
        if one < end and other > start
    )
    return Passage(before + text[start:end] + after, tuple(spans))


def _continues(text: str, place: int) -> bool:
    """Whether the character at a place belongs to the one before it."""
    if not 0 < place < len(text):
        return False
    return (
        unicodedata.category(text[place]) in {"Mn", "Me", "Mc"}
        or text[place] == _JOINER
        or text[place - 1] == _JOINER
    )


_LINKS = re.compile(
    r"@"
    r"|:(?=//)|(?<=[A-Za-z]):(?=\S)"  # http://, mailto:, but not 08:12
    r"|\.(?=\S)(?!(?<=\d\.)\d)"  # evil.com, but not 3.5
    r"|(?<=\d)\.(?=\d+\.\d+\.\d)"  # 203.0.113.5
)


def unlinked(text: str) -> str:
    """A text of as many characters that no reader makes a link or a mention of."""
    return _LINKS.sub(_wide, text)


_MARKUP = re.compile(r"[<>&\[\](){}*_~`#|\\$^]|(?<![A-Za-z0-9])/(?=[A-Za-z])")


def inert(text: str) -> str:
    """The same, and without anything that a channel takes for markup or a command."""
    return _MARKUP.sub(_wide, unlinked(text))


def headed(text: str) -> str:
    """A line for a header of an e-mail. Python reads `=?utf-8?q?=0D=0A?=` in what a header is set
    to, and writes the line break.
    """
    return unlinked(text).replace("=?", "=？")


def _wide(found: re.Match[str]) -> str:
    return chr(ord(found[0]) + _WIDER)


_SAFE = "/:?&=%+,;-._~"


def link(url: str) -> str:
    """An address that is nothing but a link in any markup; nothing, where it cannot be one."""
    if len(url) > LONGEST_LINK:
        return ""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # also what idna cannot encode
        return ""
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[a-z0-9.:-]+", host):
        return ""
    if "@" in parts.netloc:
        return ""
    named = f"[{host}]" if ":" in host else host
    return urlunsplit(
        (
            parts.scheme,
            named if port is None else f"{named}:{port}",
            *(quote(part, safe=_SAFE, errors="replace") for part in parts[2:]),
        )
    )
