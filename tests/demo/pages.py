"""The demo site's answers, decoded and parsed as a careful browser would."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urljoin, urlsplit

from lxml import html

from newscrawl.demo.edition import (
    Block,
    Edition,
    Heading,
    Page,
    Paragraph,
    Picture,
    Piece,
    Table,
    demo_editions,
)
from newscrawl.demo.paths import HANGZHOU_DAILY, Paths
from newscrawl.demo.site import Site
from newscrawl.demo.skins import Skin

FIRST, SECOND = date(2023, 12, 15), date(2023, 12, 16)
EDITIONS = demo_editions(FIRST, SECOND)
BASE = "http://127.0.0.1:8000"
HEADERS = {"Host": "127.0.0.1:8000", "Accept-Encoding": "gzip"}


def paths(day: date) -> Paths:
    return Paths(HANGZHOU_DAILY, day)


def complete_site(skin: Skin) -> Site:
    """With the late article and without the missing one's failure mattering."""
    site = Site(EDITIONS, skin)
    site.publish_late()
    return site


def text_of(site: Site, path: str, encoding: str = "") -> str:
    answer = site.answer("GET", path, HEADERS)
    if answer.status == 500:
        answer = site.answer("GET", path, HEADERS)
    assert answer.status == 200, path
    packed = ("Content-Encoding", "gzip") in answer.headers
    return (gzip.decompress(answer.body) if packed else answer.body).decode(
        encoding or site.skin.encoding
    )


def tree_of(site: Site, path: str, encoding: str = "") -> html.HtmlElement:
    return html.document_fromstring(text_of(site, path, encoding))


def article_tree(site: Site, day: date, page: Page, piece: Piece) -> html.HtmlElement:
    path = paths(day).article_detail(page.code, piece.number)
    return tree_of(site, path, "utf-8" if piece.meta_charset else "")


def linked(tree: html.HtmlElement, path: str, query: str) -> list[str]:
    """The paths, without queries, of the attributes that an XPath selects."""
    return [urlsplit(urljoin(BASE + path, target)).path for target in tree.xpath(query)]


def printed(edition: Edition) -> Iterator[tuple[Page, Piece]]:
    return ((page, piece) for page in edition.pages for piece in page.pieces)


def words(block: Block) -> list[str]:
    """Every text of a block."""
    match block:
        case Paragraph(text) | Heading(text):
            return [text]
        case Picture(_, caption):
            return [caption] if caption else []
        case Table(rows):
            return [cell for row in rows for cell in row]


def squeezed(text: str) -> str:
    """Without the blanks of layout."""
    return re.sub(r"\s+", "", text)
