"""HTML text to a tree, by a parser of our own, with limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from newscrawl.errors import NewscrawlError
from newscrawl.text.clean import on_one_line

LARGEST = 4_000_000
"""Characters of a page; the longest of a newspaper have a hundredth of it."""

UNSHOWN = frozenset({"script", "style", "noscript", "template", "iframe", "object"})
"""Elements whose content is not the page's text."""


class ReadError(NewscrawlError):
    """A page is not what its reader takes it for. The caller knows, and adds, its URL."""


class EmptyPage(ReadError):
    """A page without any markup or text."""


def parse(text: str, url: str) -> HtmlElement:
    """The root of the page at `url`, without comments; its links stay as they are.

    Stray `</html>` and `</body>` are ignored: the parser would drop what follows them. Raises
    EmptyPage where there is nothing, ReadError where it is too large or too deep to be a page.
    """
    if len(text) > LARGEST:
        raise ReadError(f"{len(text)} characters are too many for a page")
    markup = _STRAY.sub("", text).encode("utf-8", "replace")
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        root = document_fromstring(markup, parser=parser, base_url=url)
    except etree.ParserError as error:
        raise EmptyPage("the page is empty") from error
    for entry in parser.error_log.filter_from_fatals():
        raise ReadError(f"the page cannot be read to its end: {entry.message.strip()}")
    return root


def text_of(element: HtmlElement) -> str:
    """The text in `element`; `<br>` is a line break, the layout of the source is kept."""
    return "".join(_texts(element))


def lines_of(element: HtmlElement) -> str:
    """The lines in `element` that show something, `\\n` between them; `<br>` and a line break of
    the source part them alike.
    """
    lines = (_BLANKS.sub(" ", line.strip()) for line in text_of(element).splitlines())
    return "\n".join(filter(None, lines))


def line_of(element: HtmlElement) -> str:
    """The text in `element` on one line; a line break, of either kind, becomes one blank."""
    return on_one_line(lines_of(element))


def absolute(url: str, href: str | None) -> str | None:
    """Where `href` on the page at `url` leads, without fragment; None if not to http(s)."""
    if not href:
        return None
    try:
        target = urldefrag(urljoin(url, href.strip())).url
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if parts.scheme in ("http", "https") and parts.hostname else None


def has_class(element: HtmlElement, name: str) -> bool:
    """Whether `name` is one of the element's classes."""
    return name in (element.get("class") or "").split()


def _texts(element: HtmlElement) -> Iterator[str]:
    if element.tag == "br":
        yield "\n"
    if element.tag not in UNSHOWN:
        yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""


_STRAY = re.compile(r"</(?:html|body)\s*>|\0", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t]+")
