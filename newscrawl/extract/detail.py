"""One article's page: heading levels by h1, h2, h3 and the text in `div.content`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from newscrawl.extract.body import Body, read_body
from newscrawl.extract.credits import with_credits
from newscrawl.extract.html import UNSHOWN, ReadError, has_class, lines_of
from newscrawl.items import Article


def read_detail(root: HtmlElement, url: str) -> Article:
    """What the page at `url` says of its article: h1 主题, h2 副题, h3 引题, `div.content`.

    Raises ReadError where there is no `div.content`, or neither text nor picture in it.
    """
    container = next((div for div in root.iter("div") if has_class(div, "content")), None)
    if container is None:
        raise ReadError("no div of class content: is this an article, has the layout changed?")
    body = read_body(container, url)
    title = _title(root)
    heads = _Heads.of(root, container, title)
    if not (body.paragraphs or body.images):
        raise ReadError("neither text nor picture in div.content: has the layout changed?")
    return with_credits(_article(url, heads, title, body, _printed_day(root, container)))


def _article(url: str, heads: _Heads, title: str, body: Body, day: str) -> Article:
    return Article(
        paper="",
        edition="",
        url=url,
        headline=heads.headline or title,
        kicker=heads.kicker,
        subhead=heads.subhead,
        paragraphs=body.paragraphs,
        images=body.images,
        edition_raw=day,
    )


@dataclass(frozen=True, slots=True)
class _Heads:
    """The heading levels around a headline, broken as printed; empty where there is none."""

    headline: str = ""
    kicker: str = ""
    subhead: str = ""

    @classmethod
    def of(cls, root: HtmlElement, container: HtmlElement, title: str) -> _Heads:
        """The headings on the headline's side of the body: before it, or all after it.

        Of several h1 that one is the headline which the page's title repeats.
        """
        before, after = _headings(root, container)
        for side in (before, after):
            if headlines := side["h1"]:
                repeated = (line for line in headlines if _bare(title).startswith(_bare(line)))
                headline = next(repeated, headlines[0])
                return cls(headline, " ".join(side["h3"]), " ".join(side["h2"]))
        return cls("", " ".join(before["h3"]), " ".join(before["h2"]))


def _headings(
    root: HtmlElement, container: HtmlElement
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The texts of h1, h2 and h3 before the body and after it, by level."""
    before: dict[str, list[str]] = {"h1": [], "h2": [], "h3": []}
    after: dict[str, list[str]] = {"h1": [], "h2": [], "h3": []}
    inside = set(container.iter("h1", "h2", "h3"))
    side = before
    for element in root.iter("h1", "h2", "h3", "div"):
        if element is container:
            side = after
        elif element.tag != "div" and element not in inside and (lines := lines_of(element)):
            side[element.tag].append(lines)
    return before, after


def _title(root: HtmlElement) -> str:
    """The page's title without the newspaper's name: 标题 of 标题_都市快报."""
    title = next(root.iter("title"), None)
    return _NEWSPAPER.sub("", lines_of(title)).strip() if title is not None else ""


def _printed_day(root: HtmlElement, container: HtmlElement) -> str:
    """The first date that stands outside the body, as written; empty where there is none."""
    days = (match for text in _texts_outside(root, container) for match in _DAY.finditer(text))
    return next((day[0] for day in days), "")


def _texts_outside(root: HtmlElement, container: HtmlElement) -> Iterator[str]:
    inside = set(container.iter())
    for element in root.iter():
        if element not in inside and element.tag not in UNSHOWN:
            yield element.text or ""
        if element not in inside or element is container:
            yield element.tail or ""


def _bare(line: str) -> str:
    return "".join(line.split())


_NEWSPAPER = re.compile(r"_[^_]{1,20}$")
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
