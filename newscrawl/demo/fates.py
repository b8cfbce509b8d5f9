"""What may become of articles after their edition came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from newscrawl.demo.edition import Edition, Page, Piece

Where = tuple[str, int]
"""Page and number of an article: `("A05", 3)`."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What is at an article's address instead of it."""

    status: int = 404
    words: str = ""
    """Of the page; empty for an answer without one."""
    location: str = ""
    """Where it redirects to."""
    listed: bool = False
    """Whether the lists name it all the same."""
    to: Where | None = None
    """Where the article is now; None where it is nowhere."""
    dressed: bool = False
    """Whether the page has the layout of an article."""

    @property
    def page(self) -> bytes:
        """With a link home."""
        if not self.words:
            return b""
        said = f"<p>{self.words}</p>"
        if self.dressed:
            said = f'<h1>提示</h1><div class="content">{said}</div>'
        return f"<html><body>{said}<a href=/>返回首页</a></body></html>".encode()

    def with_location(self, location: str) -> Fate:
        """Redirecting there, unless it does so already."""
        return replace(self, location=self.location or location)


TAKEN_AWAY = Fate(404)
TAKEN_AWAY_FOR_GOOD = Fate(410, "已删除")
SENT_HOME = Fate(302, location="/", listed=True)
NOTICE = Fate(200, "很抱歉，该内容已删除。", listed=True, dressed=True)
CAPTCHA = Fate(200, "您的访问过于频繁，请输入验证码后继续访问。", listed=True, dressed=True)
NOT_FOUND_SOFTLY = Fate(200, "您访问的页面不存在或已删除。", listed=True)
BUSY = Fate(503, "服务器繁忙，请稍后再试。", listed=True)

AFTERMATH: Mapping[Where, Fate] = {
    ("A02", 1): TAKEN_AWAY,
    ("A05", 1): TAKEN_AWAY_FOR_GOOD,
    ("A06", 1): SENT_HOME,
    ("A07", 1): NOTICE,
    ("A08", 1): CAPTCHA,
    ("A09", 1): NOT_FOUND_SOFTLY,
    ("A10", 1): BUSY,
    ("A08", 6): Fate(404, to=("A12", 90)),
    ("A08", 8): Fate(301, to=("A01", 90)),
}
"""What the first edition has met with a day later: withdrawn in four ways, moved in two, and
three pages that only seem to be gone.
"""


def after(edition: Edition, fates: Mapping[Where, Fate]) -> Edition:
    """The edition as its lists name it then."""
    moved: list[tuple[Where, Piece]] = []
    for page in edition.pages:
        for piece in page.pieces:
            fate = fates.get((page.code, piece.number))
            if fate is not None and fate.to is not None:
                moved.append((fate.to, piece))
    return Edition(tuple(_after(page, fates, moved) for page in edition.pages))


def _after(page: Page, fates: Mapping[Where, Fate], moved: list[tuple[Where, Piece]]) -> Page:
    stay = [
        piece
        for piece in page.pieces
        if (fate := fates.get((page.code, piece.number))) is None or fate.listed
    ]
    come = [replace(piece, number=number) for (code, number), piece in moved if code == page.code]
    return replace(page, pieces=(*stay, *come))
