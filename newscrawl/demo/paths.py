"""Where the e-paper system of hzdaily keeps things: the templates of the facts' catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Paper:
    """A newspaper of the platform: what distinguishes it from its sisters on the same host."""

    code: str
    """The folder: `hzrb`."""
    number: int
    """The platform's number of the paper, part of every name: 1."""
    title: str


HANGZHOU_DAILY = Paper("hzrb", 1, "杭州日报")
METRO_EXPRESS = Paper("dskb", 2, "都市快报")


@dataclass(frozen=True, slots=True)
class Paths:
    """The absolute paths of one paper's edition of one day."""

    paper: Paper
    day: date

    @property
    def _folder(self) -> str:
        return f"/{self.paper.code}/{self.day:%Y/%m/%d}"

    def _name(self, kind: str, rest: str) -> str:
        return f"{self._folder}/{kind}_{self.paper.number}_{self.day:%Y%m%d}{rest}"

    @property
    def page_list(self) -> str:
        """The edition index."""
        return f"{self._folder}/page_list_{self.day:%Y%m%d}.html"

    def page_detail(self, page: str) -> str:
        return self._name("page_detail", f"{page}.html")

    def page_view(self, page: str) -> str:
        return self._name("page_view", f"{page}.html")

    def article_list(self, page: str) -> str:
        return self._name("article_list", f"{page}.html")

    def article_detail(self, page: str, number: int) -> str:
        """The number is not padded: `A0125` is article 25 of page A01."""
        return self._name("article_detail", f"{page}{number}.html")

    def page_image(self, page: str) -> str:
        return self._name("page_image", f"{page}.png")

    def picture(self, page: str, number: int, name: str) -> str:
        return self._name("picture", f"{page}{number}_{name}.png")

    def pdf(self, page: str) -> str:
        paper, day = self.paper, self.day
        return f"/{paper.code}/page/{paper.number}/{day:%Y-%m/%d}/{page}/{day:%Y%m%d}{page}_pdf.pdf"
