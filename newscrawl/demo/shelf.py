"""Everything that one edition puts on its site, by path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newscrawl.demo import pictures
from newscrawl.demo.edition import Block, Edition, Page, Picture, Piece
from newscrawl.demo.markup import Markup
from newscrawl.demo.paths import Paths
from newscrawl.demo.pdf import empty_pdf
from newscrawl.demo.skins import Skin

Entry = tuple[str, "Resource"]


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that a site has at a path."""

    media: str
    """Content-Type."""
    render: Callable[[str], bytes]
    """From the site's base, `http://host:port`, to the bytes."""
    fails_once: bool = False

    @property
    def is_page(self) -> bool:
        """HTML: what content and transfer codings are for."""
        return self.media.startswith("text/html")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One edition, dated, in a skin; `edited` shows the changed text of what has one, and `turn`
    is the number of the reading by which the frames differ, 0 for none.
    """

    skin: Skin
    paths: Paths
    edition: Edition
    edited: bool = False
    turn: int = 0

    def resources(self) -> Iterator[Entry]:
        """Paths and what is there; an article marked missing is not."""
        yield self.paths.page_list, self._html(Markup.page_list)
        for page in self.edition.pages:
            yield from self._page(page)
            for piece in page.pieces:
                yield from self._piece(page, piece)

    def _page(self, page: Page) -> Iterator[Entry]:
        paths, code = self.paths, page.code
        yield paths.page_detail(code), self._html(lambda markup: markup.page_detail(page))
        yield paths.page_view(code), self._html(lambda markup: markup.page_view(page))
        if code not in self.skin.lost_list:
            yield paths.article_list(code), self._html(lambda markup: markup.article_list(page))
        yield self._page_image(page)
        yield paths.pdf(code), Resource("application/pdf", lambda _: empty_pdf())

    def _piece(self, page: Page, piece: Piece) -> Iterator[Entry]:
        if not piece.missing:
            yield self.paths.article_detail(page.code, piece.number), self._article(page, piece)
        for block in self._blocks(piece):
            if isinstance(block, Picture):
                yield self._picture(self.paths.picture(page.code, piece.number, block.name))

    def _blocks(self, piece: Piece) -> tuple[Block, ...]:
        return piece.edited if self.edited and piece.edited else piece.blocks

    def _article(self, page: Page, piece: Piece) -> Resource:
        return self._html(
            lambda markup: markup.article_detail(page, piece, self._blocks(piece)),
            misdeclared=bool(piece.meta_charset),
            fails_once=piece.fails_once,
        )

    def _html(
        self,
        write: Callable[[Markup], str],
        *,
        misdeclared: bool = False,
        fails_once: bool = False,
    ) -> Resource:
        skin = self.skin
        encoding = "utf-8" if misdeclared else skin.encoding
        named = skin.charset_in_header and not misdeclared

        def render(base: str) -> bytes:
            return write(Markup(skin, self.paths, self.edition, base, self.turn)).encode(encoding)

        media = f"text/html; charset={skin.declared}" if named else "text/html"
        return Resource(media, render, fails_once)

    def _page_image(self, page: Page) -> Entry:
        path = self.paths.page_image(page.code)
        areas = [piece.polygon for piece in page.pieces]
        return path, Resource("image/png", lambda _: pictures.page_image(path, areas))

    @staticmethod
    def _picture(path: str) -> Entry:
        return path, Resource("image/png", lambda _: pictures.picture(path))
