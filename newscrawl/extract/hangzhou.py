"""Reading the pages of the hzdaily platform, by the shape of the names that they link to.

Wrappers, attributes and the order of headings are not known for certain, so nothing here
depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from lxml.html import HtmlElement

from newscrawl.extract.areas import Size, polygon
from newscrawl.extract.detail import read_detail
from newscrawl.extract.html import absolute, line_of, parse
from newscrawl.items import Article, Point
from newscrawl.text.address import same_host

PAGE = Size(644, 1024)
"""Pixels of a page image that does not say its size."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the name of an article's page says."""

    paper: int
    """The platform's number of the newspaper: 1 杭州日报, 2 都市快报, 3 每日商报."""
    day: date
    page: str
    """A letter and two digits."""
    number: int
    """The article's number on its page, with gaps."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page as the edition's index lists it."""

    code: str
    name: str
    url: str
    pdf_url: str | None


@dataclass(frozen=True, slots=True)
class EditionIndex:
    """What page_list shows."""

    pages: tuple[PageLink, ...]
    """Those of the day that the index's own name says."""
    dates: frozenset[str]
    """Days, `YYYYMMDD`, of all pages linked to: another day means another edition is shown."""


@dataclass(frozen=True, slots=True)
class PageFrames:
    """The two frames of page_detail."""

    view_url: str | None
    list_url: str | None


@dataclass(frozen=True, slots=True)
class Area:
    """An article's place on the page image."""

    url: str
    polygon: tuple[Point, ...]
    """Percent of width and height, two decimals; empty where it cannot be read."""


@dataclass(frozen=True, slots=True)
class PageView:
    """The page image and its map."""

    image_url: str | None
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article as its page's list names it."""

    url: str
    label: str


def article_place(url: str) -> Place | None:
    """What an article's URL says; None for any other URL."""
    name = _name(url)
    if not (name and name.is_article):
        return None
    try:
        day = date.fromisoformat(name.day)
    except ValueError:
        return None
    return Place(int(name.paper), day, name.page, int(name.number))


def read_edition(text: str, url: str) -> EditionIndex:
    """Read page_list. All readers here raise ReadError for a page without content."""
    root = parse(text, url)
    own = _name(url)
    linked = [link for link in _links(root, url) if link.name.kind == "page_detail"]
    pdfs = _pdfs(root, url)
    pages: dict[str, PageLink] = {}
    for link in linked:
        code = link.name.page
        if own and own.day != link.name.day:
            continue
        if code not in pages or not pages[code].name:
            pages[code] = PageLink(code, _page_name(link.element), link.url, pdfs.get(code))
    return EditionIndex(tuple(pages.values()), frozenset(link.name.day for link in linked))


def read_page(text: str, url: str) -> PageFrames:
    """Read page_detail: the frames of its own page."""
    found = {link.name.kind: link.url for link in _links(parse(text, url), url, same_page=True)}
    return PageFrames(found.get("page_view"), found.get("article_list"))


def read_view(text: str, url: str) -> PageView:
    """Read page_view: the image and the areas of its own page's articles, each once."""
    root = parse(text, url)
    image = _page_image(root)
    size = PAGE if image is None else Size.of(image.get("width"), image.get("height"), PAGE)
    areas: dict[str, Area] = {}
    for link in _articles(root, url, ("area",)):
        if link.url not in areas or not areas[link.url].polygon:
            areas[link.url] = Area(link.url, polygon(link.element.get("coords"), size))
    image_url = absolute(url, image.get("src")) if image is not None else None
    return PageView(image_url, tuple(areas.values()))


def read_list(text: str, url: str) -> tuple[ArticleLink, ...]:
    """Read article_list: its own page's articles in printed order, each once."""
    labels: dict[str, str] = {}
    for link in _articles(parse(text, url), url, ("a",)):
        labels[link.url] = labels.get(link.url) or line_of(link.element)
    return tuple(ArticleLink(*pair) for pair in labels.items())


def foreign_links(text: str, url: str) -> tuple[str, ...]:
    """What a page lists of its edition on another host, each once; the readers leave it out."""
    own = _name(url)
    if own is None:
        return ()
    followed, same_page = _FOLLOWED.get(own.kind, ()), own.kind != "page_list"
    links = _links(parse(text, url), url, same_page=same_page, foreign=True)
    found = [link.url for link in links if link.name.kind in followed and link.name.day == own.day]
    return tuple(dict.fromkeys(found))


def read_article(text: str, url: str) -> Article:
    """Read article_detail: all that the page and its name say, `paper` left empty.

    Raises ReadError where there is neither text nor picture: this is no article, or the layout
    has changed.
    """
    article = read_detail(parse(text, url), url)
    if place := article_place(url):
        article.edition = place.day.isoformat()
        article.page, article.number = place.page, place.number
    return article


@dataclass(frozen=True, slots=True)
class _Name:
    """The parts of a file name; those that it lacks are empty."""

    kind: str
    paper: str
    day: str
    page: str
    number: str

    @property
    def is_article(self) -> bool:
        return bool(self.kind == "article_detail" and self.paper and self.number)


@dataclass(frozen=True, slots=True)
class _Link:
    element: HtmlElement
    url: str
    """Absolute, without query and fragment."""
    name: _Name


def _name(url: str) -> _Name | None:
    found = _SHAPE.fullmatch(urlsplit(url).path.rpartition("/")[2])
    return _Name(*found.groups("")) if found else None


def _links(
    root: HtmlElement,
    url: str,
    tags: Iterable[str] = (),
    *,
    same_page: bool = False,
    foreign: bool = False,
) -> Iterator[_Link]:
    """The platform's own pages that `root` links to, only those of its page if asked for.

    An edition stays on its host: what has such a name elsewhere is `foreign`.
    """
    own = _name(url)
    for element in root.iter(*(tags or _LINKING)):
        target = absolute(url, element.get("href") or element.get("src"))
        name = _name(target) if target else None
        if not target or not name or same_host(url, target) == foreign:
            continue
        if not (same_page and own and _page(own) != _page(name)):
            yield _Link(element, urlunsplit((*urlsplit(target)[:3], "", "")), name)


def _articles(root: HtmlElement, url: str, tags: Iterable[str]) -> Iterator[_Link]:
    """Links to articles of the page that `url` names."""
    links = _links(root, url, tags, same_page=True)
    return (link for link in links if link.name.is_article)


def _page(name: _Name) -> tuple[str, str, str]:
    return name.paper, name.day, name.page


def _pdfs(root: HtmlElement, url: str) -> dict[str, str]:
    """PDF files by the page code in their address."""
    found: dict[str, str] = {}
    for element in root.iter("a"):
        target = absolute(url, element.get("href"))
        path = urlsplit(target or "").path
        if target and path.lower().endswith(".pdf") and (codes := _CODE.findall(path)):
            found.setdefault(codes[-1], target)
    return found


def _page_name(link: HtmlElement) -> str:
    """版名 without the label before it: 要闻 of 第A01版：要闻, without typesetting blanks."""
    name = (link.get("title") or "").strip() or line_of(link)
    return "".join(_LABEL.sub("", name).split())


def _page_image(root: HtmlElement) -> HtmlElement | None:
    """The image that has a map; where there is none, the first."""
    images = [image for image in root.iter("img") if image.get("src")]
    return next((image for image in images if image.get("usemap")), next(iter(images), None))


_SHAPE = re.compile(
    r"(page_list|page_detail|page_view|article_list|article_detail)"
    r"(?:_(\d{1,4}))?_(\d{8})(?:([A-Z]\d{2})(\d{1,6})?)?\.html?"
)
_FOLLOWED = {
    "page_list": ("page_detail",),
    "page_detail": ("page_view", "article_list"),
    "page_view": ("article_detail",),
    "article_list": ("article_detail",),
}
"""By the kind of a page, the kinds that it lists."""
_LINKING = ("a", "area", "iframe", "frame")
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]\d{2})(?!\d)")
_LABEL = re.compile(r"^\s*[（(]?第?\s*[A-Z]{0,2}\d{2,4}\s*[)）]?\s*版?\s*[:：]?\s*")
