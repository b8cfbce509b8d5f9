"""The five kinds of page of an hzdaily edition, written in a skin."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from newscrawl.demo.edition import (
    Block,
    Edition,
    Heading,
    Page,
    Paragraph,
    Picture,
    Piece,
    Table,
)
from newscrawl.demo.paths import Paths
from newscrawl.demo.skins import Links, Skin

INDENT = "　　"
_TITLE_INDENT = "　" * 4
_VOID = frozenset({"meta", "img", "area"})


@dataclass(frozen=True, slots=True)
class Markup:
    """Writes the pages of one paper's edition; `base` is `http://host:port`.

    With a `turn`, articles stand in a frame that is another at each: counters, today's date,
    related articles.
    """

    skin: Skin
    paths: Paths
    edition: Edition
    base: str
    turn: int = 0

    def page_list(self) -> str:
        """The edition index: a PDF link and a page link for every page."""
        entries = (
            self._element(
                "li",
                self._element("a", "PDF", href=self.base + self.paths.pdf(page.code))
                + self._element(
                    "a",
                    f"第{page.code}版：{_text(page.name)}",
                    href=self._href(self.paths.page_detail(page.code)),
                    title=page.name,
                ),
            )
            for page in self.edition.pages
        )
        date = self._element("div", f"{self.paths.day:%Y-%m-%d}", class_="date")
        return self._document(
            self.paths.paper.title, date + self._element("ul", "\n".join(entries))
        )

    def page_detail(self, page: Page) -> str:
        """A page's frame: its image and its article list are documents of their own."""
        frames = "\n".join(
            self._element("iframe", src=self._href(path), width="644", height="1024")
            for path in (self.paths.page_view(page.code), self.paths.article_list(page.code))
        )
        home = self._element("a", "返回主页", href=self._href(self.paths.page_list))
        return self._document(f"第{page.code}版：{page.name}", frames + home)

    def page_view(self, page: Page) -> str:
        """The page's image with the map of its articles' areas."""
        areas = [] if page.code in self.skin.without_areas else page.pieces
        image = {"src": f"{self._href(self.paths.page_image(page.code))}?t={self.paths.day:%Y%m%d}"}
        if not areas:
            return self._document(page.name, self._element("img", **image))
        places = "\n".join(self._area(page, piece) for piece in areas)
        return self._document(
            page.name,
            self._element("img", **image, usemap="#PagePicMap", border="0")
            + self._element("map", places, name="PagePicMap"),
        )

    def article_list(self, page: Page) -> str:
        """The headlines of a page, in the paper's order."""
        pieces = [] if page.code in self.skin.without_list else page.pieces
        entries = (
            self._element(
                "li",
                self._element(
                    "a",
                    _text("\n".join(piece.headline)),
                    href=self._href(self.paths.article_detail(page.code, piece.number)),
                    target="_parent",
                ),
            )
            for piece in pieces
        )
        return self._document(page.name, self._element("ul", "\n".join(entries)))

    def article_detail(self, page: Page, piece: Piece, blocks: tuple[Block, ...]) -> str:
        """An article whose text is `blocks`."""
        lines = {
            "h1": self.skin.line_break.join(map(_text, piece.headline)),
            "h2": _text(piece.subhead),
            "h3": _text(piece.kicker),
        }
        headings = "\n".join(
            self._element(level, lines[level])
            for level in self.skin.headings
            if lines[level] or self.skin.empty_headings
        )
        date = self._element("div", f"{self.paths.day:%Y-%m-%d}", class_="date")
        body = "\n".join(self._block(block, page, piece) for block in blocks)
        return self._document(
            f"\n{_TITLE_INDENT}".join(piece.headline) + f"_{self.paths.paper.title}",
            "\n".join(
                (
                    self._counters(),
                    headings,
                    date,
                    self._element("div", self._wrapped(f"\n{body}\n"), class_="content"),
                    self._navigation(page, piece),
                    self._related(),
                )
            ),
            charset=piece.meta_charset,
        )

    def _area(self, page: Page, piece: Piece) -> str:
        rectangle = len(piece.area) == 4 and not self.skin.polygons_only
        corners = piece.area if rectangle else [way for point in piece.polygon for way in point]
        link = self._href(self.paths.article_detail(page.code, piece.number))
        return self._element(
            "area",
            shape="rect" if rectangle else "poly",
            coords=",".join(map(str, corners)),
            href=link + self.skin.area_query,
            target="_parent",
        )

    def _block(self, block: Block, page: Page, piece: Piece) -> str:
        match block:
            case Paragraph(text):
                return self._element("p", self._line(text))
            case Heading(text):
                return self._element("p", self._element("strong", self._line(text)))
            case Picture():
                path = self.paths.picture(page.code, piece.number, block.name)
                return self._picture(self._element("img", src=self._href(path)), block.caption)
            case Table(rows):
                return self._element("table", "\n".join(self._rows(rows)), border="1")

    def _line(self, text: str) -> str:
        line = INDENT + _text(text)
        return self._element("span", line) if self.skin.spans else line

    def _picture(self, image: str, caption: str) -> str:
        around, below = self.skin.captioned.around, self.skin.captioned.caption
        words = self._element(below[0], _text(caption), class_=below[1]) if caption else ""
        return self._element(around[0], image + words, class_=around[1])

    def _rows(self, rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
        for index, row in enumerate(rows):
            cell = "td" if index else "th"
            yield self._element("tr", "".join(self._element(cell, _text(text)) for text in row))

    def _navigation(self, page: Page, piece: Piece) -> str:
        at = page.pieces.index(piece)
        links = [("▲", "#"), ("返回主页", self._href(self.paths.page_list))]
        for label, neighbours in (
            ("上一篇", page.pieces[:at][-1:]),
            ("下一篇>>", page.pieces[at + 1 :][:1]),
        ):
            links += (
                (label, self._href(self.paths.article_detail(page.code, neighbour.number)))
                for neighbour in neighbours
            )
        return self._element(
            "div",
            " ".join(self._element("a", _text(label), href=href) for label, href in links),
            class_="nav",
        )

    def _counters(self) -> str:
        if not self.turn:
            return ""
        today = f"{self.paths.day + timedelta(days=self.turn):%Y-%m-%d}"
        text = f"今天是{today}　在线 {self.turn * 37} 人　本文阅读 {self.turn * 1_009} 次"
        return self._element("div", text, class_="top")

    def _related(self) -> str:
        if not self.turn:
            return ""
        every = [(page.code, piece) for page in self.edition.pages for piece in page.pieces]
        first = self.turn * 5 % len(every)
        links = (
            self._element(
                "a",
                _text(piece.headline[0]),
                href=self._href(self.paths.article_detail(code, piece.number)),
            )
            for code, piece in every[first : first + 5]
        )
        return self._element("div", "相关阅读 " + " ".join(links), class_="related")

    def _document(self, title: str, body: str, *, charset: str = "") -> str:
        kind = f"text/html; charset={charset or self.skin.declared}"
        head = (
            self._element("meta", **{"http-equiv": "Content-Type", "content": kind})
            + "\n"
            + self._element("title", _text(title))
        )
        content = self._element("head", head) + "\n" + self._element("body", self._wrapped(body))
        return f"{self.skin.doctype}\n{self._element('html', content)}\n"

    def _wrapped(self, content: str) -> str:
        for name in reversed(self.skin.wrappers):
            content = self._element("div", content, class_=name)
        return content

    def _href(self, path: str) -> str:
        match self.skin.links:
            case Links.RELATIVE:
                return path.rpartition("/")[2]
            case Links.ROOTED:
                return path
            case Links.ABSOLUTE:
                return self.base + path

    def _element(self, name: str, content: str = "", /, **attributes: str) -> str:
        """`content` is markup, attribute values are text; an empty `class_` is left out."""
        skin = self.skin
        pairs = [(key.rstrip("_"), value) for key, value in attributes.items() if value]
        if skin.reversed_attributes:
            pairs.reverse()
        if skin.uppercase:
            name, pairs = name.upper(), [(key.upper(), value) for key, value in pairs]
        opening = name + "".join(
            f" {key}={skin.quote}{html.escape(value)}{skin.quote}" for key, value in pairs
        )
        if name.lower() in _VOID:
            return f"<{opening}>" if skin.uppercase else f"<{opening}/>"
        return f"<{opening}>{content}</{name}>"


def _text(text: str) -> str:
    return html.escape(text, quote=False)
