"""The blocks of an article's body: paragraphs, table rows, pictures with their captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from lxml.html import HtmlElement

from newscrawl.extract.html import UNSHOWN, ReadError, absolute
from newscrawl.items import Image
from newscrawl.text.clean import flowing

BLOCKS = frozenset(
    {
        *("p", "div", "pre", "blockquote", "address", "center", "form", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
        *("ul", "ol", "li", "dl", "dt", "dd"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
        *("main", "section", "article", "header", "footer", "aside", "figure", "figcaption"),
    }
)
"""Elements that begin and end a paragraph; all others, known or not, are part of one."""

SOURCES = ("data-original", "data-src", "src")
"""Attributes of a picture's address: before the page's scripts run, `src` may be a stand-in."""

DEEPEST = 100
"""Elements inside one another, far more than any layout needs."""

LONGEST_CAPTION = 300

BREAK = "\0"
"""A `<br>` among pieces of text; no parsed text contains it."""


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between an article's headline and its end."""

    paragraphs: list[str]
    images: list[Image]


def read_body(container: HtmlElement, url: str) -> Body:
    """All that stands in `container` of the page at `url`, in document order.

    Lines of a block that `<br>` separates are one paragraph, unless an indent (U+3000) or an
    empty line begins a new one. A table gives a paragraph a row. A caption is no paragraph.
    Raises ReadError where elements are nested beyond all measure.
    """
    reader = _Reader(url)
    paragraphs = reader.paragraphs_in(container)
    for image in reader.images:
        image.caption = image.caption or reader.names[image.url]
    return Body(paragraphs, reader.images)


class _Reader:
    """Walks a container; the text of the block that it is in waits in `_pieces`."""

    def __init__(self, url: str) -> None:
        self.images: list[Image] = []
        self.names: dict[str, str] = {}
        """What a picture's `alt` or `title` says, by its URL."""
        self._url = url
        self._paragraphs: list[str] = []
        self._pieces: list[str] = []
        self._awaiting: Image | None = None
        """The last picture, while no paragraph has followed it."""
        self._depth = 0

    def paragraphs_in(self, element: HtmlElement) -> list[str]:
        """The paragraphs of one element, apart from those around it."""
        around, self._paragraphs = self._paragraphs, []
        self._read(element)
        self._end_block()
        inside, self._paragraphs = self._paragraphs, around
        return inside

    def _read(self, element: HtmlElement) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ReadError(f"more than {DEEPEST} elements inside one another")
        self._pieces.append(element.text or "")
        for child in element:
            self._child(child)
            self._pieces.append(child.tail or "")
        self._depth -= 1

    def _child(self, child: HtmlElement) -> None:
        if child.tag in BLOCKS:
            self._end_block()
            self._block(child)
        elif child.tag == "br":
            self._pieces.append(BREAK)
        elif child.tag == "img":
            self._picture(child)
        elif child.tag not in UNSHOWN:
            self._read(child)

    def _block(self, block: HtmlElement) -> None:
        if _is_about_pictures(block):
            self._picture_block(block)
        elif block.tag == "tr":
            self._row(block)
        else:
            self._read(block)
            self._end_block()

    def _row(self, row: HtmlElement) -> None:
        """One paragraph, unless a cell has several: then the table is only layout."""
        cells = [self.paragraphs_in(cell) for cell in row]
        texts = list(chain.from_iterable(cells))
        self._add(texts if any(len(cell) > 1 for cell in cells) else [" ".join(texts)])

    def _picture_block(self, block: HtmlElement) -> None:
        """A caption, or pictures with theirs: a lone paragraph here is a caption."""
        before, image = len(self.images), self._awaiting
        inside = self.paragraphs_in(block)
        captioned = False
        if len(self.images) > before:
            image = self.images[-1]
            captioned = bool(image.caption)
        if image and not captioned and len(inside) == 1 and len(inside[0]) <= LONGEST_CAPTION:
            image.caption = f"{image.caption} {inside[0]}".strip()
            self._awaiting = image
        else:
            self._add(inside)

    def _picture(self, element: HtmlElement) -> None:
        targets = (absolute(self._url, element.get(name)) for name in SOURCES)
        target = next(filter(None, targets), None)
        if target and target not in self.names:
            self.names[target] = (element.get("alt") or element.get("title") or "").strip()
            self._awaiting = Image(target)
            self.images.append(self._awaiting)

    def _end_block(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if text:
            self._add(_paragraphs(text))

    def _add(self, paragraphs: Iterable[str]) -> None:
        for paragraph in filter(None, paragraphs):
            self._paragraphs.append(paragraph)
            self._awaiting = None


def _is_about_pictures(block: HtmlElement) -> bool:
    if block.tag in ("figure", "figcaption"):
        return True
    return bool(_ABOUT_PICTURES.search(block.get("class") or ""))


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a block, blanks around their lines removed."""
    block: list[str] = []
    for line in chain.from_iterable(map(_unwrapped, text.split(BREAK))):
        shown = _BLANKS.sub(" ", line).strip()
        if block and (not shown or _INDENT.match(line)):
            yield "\n".join(block)
            block.clear()
        if shown:
            block.append(shown)
    if block:
        yield "\n".join(block)


def _unwrapped(text: str) -> Iterator[str]:
    """The line that a browser shows for several lines of source; an indent begins another."""
    first, *others = text.split("\n")
    lines = [first]
    for other in others:
        line = other.strip(_SOURCE_BLANKS)
        if _INDENT.match(line):
            yield flowing(lines)
            lines.clear()
        lines.append(line)
    yield flowing(lines)


_SOURCE_BLANKS = " \t\r\f"
_ABOUT_PICTURES = re.compile(r"caption|(?<![a-z])pic", re.IGNORECASE)
_INDENT = re.compile(f"[{_SOURCE_BLANKS}]*+(?:\u3000|\u00a0{{2}})")
_BLANKS = re.compile(f"[{_SOURCE_BLANKS}]+")
