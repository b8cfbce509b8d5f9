"""The e-paper platform of 杭报集团: page_list → page_detail → its two frames → article_detail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.catalogue.editions import FormerPage, ListedPage
from newscrawl.catalogue.entries import Entry, Wanted
from newscrawl.catalogue.snapshots import MISSING
from newscrawl.extract import hangzhou as extract
from newscrawl.extract.html import ReadError
from newscrawl.extract.withdrawal import Answer, Verdict
from newscrawl.items import Article, Point
from newscrawl.ops.reading import EditionReading
from newscrawl.platforms.edition import (
    EditionSpider,
    decoded,
    reading_of,
    reason_of,
    record_of,
    request_of,
    status_of,
)
from newscrawl.text.dates import iso


@dataclass(slots=True)
class _Page:
    """What is known of a page while its frames are read one after the other."""

    code: str
    name: str
    url: str
    former: bool = False
    """Not in the index any more."""
    list_url: str | None = None
    list_record: str = ""
    """The record id of its list."""
    image_url: str | None = None
    viewed: bool = False
    """Whether its view was read, so that a list is not needed to know of the articles."""
    labels: dict[str, str] = field(default_factory=dict)
    """Listed articles by URL, in printed order, with their headlines."""
    polygons: dict[str, tuple[Point, ...]] = field(default_factory=dict)

    def entries(self) -> list[Entry]:
        urls = list(dict.fromkeys([*self.labels, *self.polygons]))
        return [self._entry(url) for url in urls]

    def _entry(self, url: str) -> Entry:
        place = extract.article_place(url)
        return Entry(
            url=url,
            page=self.code,
            number=place.number if place else 0,
            label=self.labels.get(url, ""),
            polygon=self.polygons.get(url),
        )


class HangzhouSpider(EditionSpider):
    """A paper of the group differs from the others by its code and its number."""

    home_site = "https://hzdaily.hangzhou.com.cn"
    code: ClassVar[str]
    """The paper's folder: hzrb, dskb, mrsb."""

    def index_url(self, day: date) -> str:
        return f"{self.site}/{self.code}/{day:%Y/%m/%d}/page_list_{day:%Y%m%d}.html"

    async def parse_index(
        self, response: Response, reading: EditionReading
    ) -> AsyncIterator[Request]:
        try:
            text = decoded(response).text
            index = extract.read_edition(text, response.url)
        except ReadError as error:
            reading.fail(response.url, str(error))
            return
        self.refuse_foreign(reading, extract.foreign_links(text, response.url))
        day = reading.day.replace("-", "")
        if index.dates and day not in index.dates:
            reading.none("the index shows another date")
            return
        if not index.pages:
            reading.fail(response.url, "the index lists no pages: has the layout changed?")
            return
        former = await reading.list_pages(
            [ListedPage(page.code, page.name, page.url, page.pdf_url) for page in index.pages]
        )
        for link in index.pages:
            page = _Page(link.code, link.name, link.url)
            yield self._ask_page(reading, link.url, "page", self.parse_page, page)
        for each in former:
            async for request in self._ask_former(reading, each):
                yield request

    async def parse_page(
        self, response: Response, reading: EditionReading, page: _Page
    ) -> AsyncIterator[Request]:
        try:
            text = decoded(response).text
            frames = extract.read_page(text, response.url)
        except ReadError as error:
            reading.miss_page(page.code, response.url, str(error))
            return
        self.refuse_foreign(reading, extract.foreign_links(text, response.url))
        page.list_url = frames.list_url
        if frames.view_url:
            yield self._ask_page(reading, frames.view_url, "view", self.parse_view, page)
        elif frames.list_url:
            yield self._ask_page(reading, frames.list_url, "list", self.parse_list, page)
        else:
            async for request in self._after_lists(reading, page):
                yield request

    async def parse_view(
        self, response: Response, reading: EditionReading, page: _Page
    ) -> AsyncIterator[Request]:
        try:
            text = decoded(response).text
            view = extract.read_view(text, response.url)
        except ReadError as error:
            reading.note(response.url, str(error))
        else:
            self.refuse_foreign(reading, extract.foreign_links(text, response.url))
            page.viewed = True
            page.image_url = view.image_url
            page.polygons = {_bare(area.url): tuple(area.polygon) for area in view.areas}
        async for request in self._after_view(reading, page, response.url):
            yield request

    async def parse_list(
        self, response: Response, reading: EditionReading, page: _Page
    ) -> AsyncIterator[Request]:
        try:
            text = decoded(response).text
            links = extract.read_list(text, response.url)
        except ReadError as error:
            reading.note(response.url, str(error))
        else:
            self.refuse_foreign(reading, extract.foreign_links(text, response.url))
            page.list_record = response.meta["record_id"]
            page.labels = {_bare(link.url): link.label for link in links}
        async for request in self._after_lists(reading, page):
            yield request

    async def parse_article(
        self,
        response: Response,
        reading: EditionReading,
        entry: Entry,
        late: bool,
        page: _Page,
        last: bool = False,
    ) -> AsyncIterator[Request | Article]:
        """`last`: everything else was read; what cannot be told now cannot be told at all."""
        text, record_id = decoded(response), response.meta["record_id"]
        article, problem = None, ""
        try:
            article = extract.read_article(text.text, response.url)
        except ReadError as error:
            problem = str(error)
        answer = Answer(entry.url, response.url, text.text, article, problem, entry.label)
        held = await self.admit(reading, entry, answer, record_id)
        if article is None or isinstance(held, Verdict):
            return
        article.paper = self.name
        article.edition = reading.day
        article.url = entry.url
        article.page, article.page_name, article.number = page.code, page.name, entry.number
        article.polygon = list(entry.polygon) if entry.polygon else None
        article.late = late
        article.charset = text.charset
        article.record_id = record_id
        article.snapshot_time = iso(response.meta["captured_at"])
        if held is not None:
            _follow(article, response.url, reading)
        if held is not None or late:
            formerly = await reading.held.formerly(article, held, entry.url)
            if formerly is None:
                self._later(reading, Wanted(entry, late), page, last=last)
                return
            article.formerly = formerly
        yield article
        async for request in self.ask_images(
            reading, (image.url for image in article.images), article.page
        ):
            yield request

    def _later(self, reading: EditionReading, wanted: Wanted, page: _Page, *, last: bool) -> None:
        """Whether it is new, or another one at a new place, is not known before all was read."""
        url = wanted.entry.url
        if last:
            reading.miss(url, "new, or moved here? Its former page was not read", missing=False)
        else:
            self.wait(self._ask_article(reading, wanted, page, last=True))

    async def page_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """A frame that fails leaves the other one; without either, the page is missed."""
        reading, request = reading_of(failure), request_of(failure)
        page, kind = request.cb_kwargs["page"], request.meta["place"].kind
        missing, reason = status_of(failure) in MISSING, reason_of(failure)
        self.count_refusal(failure)
        if kind == "view":
            if not missing:
                reading.note(request.url, reason)
            async for following in self._after_view(reading, page, request.url):
                yield following
        elif kind == "list" and (page.polygons or (missing and page.viewed)):
            if not missing:
                reading.note(request.url, reason)
            reading.unlisted(request.url, reason)
            async for following in self._after_lists(reading, page):
                yield following
        elif kind == "page" and missing and page.former:
            # Captured, then counted, in this order.
            await self.session.durable(record_of(failure))
            await reading.lose_page(page.code, request.url, reason)
        else:
            reading.miss_page(page.code, request.url, reason)

    async def _after_view(
        self, reading: EditionReading, page: _Page, url: str
    ) -> AsyncIterator[Request]:
        if page.list_url:
            yield self._ask_page(reading, page.list_url, "list", self.parse_list, page)
        elif page.viewed:
            async for request in self._after_lists(reading, page):
                yield request
        else:
            reading.miss_page(page.code, url, "neither view nor list was read")

    async def _after_lists(self, reading: EditionReading, page: _Page) -> AsyncIterator[Request]:
        entries = page.entries()
        self.listed += len(entries)
        for wanted in await reading.read_page(page.code, page.image_url, entries, page.list_record):
            yield self._ask_article(reading, wanted, page)
        async for request in self.ask_missing_images(reading, page.code, page.image_url):
            yield request
        if page.image_url:
            async for request in self.ask_images(reading, [page.image_url], page.code):
                yield request

    async def _ask_former(
        self, reading: EditionReading, former: FormerPage
    ) -> AsyncIterator[Request]:
        """What is not held of a page that left the index, or the page itself if never read."""
        page = _Page(former.code, former.name, former.url, former=True)
        if not former.read:
            yield self._ask_page(reading, page.url, "page", self.parse_page, page)
            return
        for wanted in reading.left_of(page.code):
            yield self._ask_article(reading, wanted, page)
        async for request in self.ask_missing_images(reading, page.code, None):
            yield request

    def _ask_article(
        self, reading: EditionReading, wanted: Wanted, page: _Page, *, last: bool = False
    ) -> Request:
        return self.ask(
            reading,
            wanted.entry.url,
            "article",
            self.parse_article,
            errback=self.entry_failed,
            entry=wanted.entry,
            late=wanted.late,
            page=page,
            last=last,
        )

    def _ask_page(
        self, reading: EditionReading, url: str, kind: str, callback: Any, page: _Page
    ) -> Request:
        return self.ask(reading, url, kind, callback, errback=self.page_failed, page=page)


def _follow(article: Article, url: str, reading: EditionReading) -> None:
    """A held article that was found by a redirect is at the address which that leads to."""
    place = extract.article_place(url)
    if place is not None and (place.page, place.number) != (article.page, article.number):
        article.url, article.polygon = _bare(url), None
        article.page, article.number = place.page, place.number
        article.page_name = reading.page_names.get(place.page, "")


def _bare(url: str) -> str:
    """The URL without `?div=1` and `#article`, which only scroll the page."""
    return urlunsplit((*urlsplit(url)[:3], "", ""))
