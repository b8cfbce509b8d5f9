"""The base of every newspaper spider: editions of a day, read page by page."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newscrawl.catalogue.entries import Entry
from newscrawl.catalogue.snapshots import MISSING, Place
from newscrawl.catalogue.twins import Standing
from newscrawl.extensions import Refused, session_of
from newscrawl.extract import withdrawal
from newscrawl.extract.withdrawal import Answer, Verdict
from newscrawl.ops.reading import EditionReading, held_to_recheck, unread_first
from newscrawl.ops.session import Session
from newscrawl.platforms.arguments import Arguments
from newscrawl.text.charset import Decoded, decode
from newscrawl.text.dates import today

AHEAD = 60
"""Requests that may wait when the next edition is begun: a back-fill of years stays small."""
EDITION_AFTER = 100
"""By so much an edition's requests come after those of the one begun before it; more than depth
may add (DEPTH_LIMIT).
"""


class EditionSpider(Spider, ABC):
    """Reads the editions named by its arguments. A platform says how to find an edition's
    index (`index_url`) and how to read it (`parse_index`).
    """

    title: ClassVar[str]
    """The paper's Chinese name."""
    home_site: ClassVar[str]
    """`https://host`, where the paper lives."""

    def __init__(self, **given: str) -> None:
        super().__init__()
        self.arguments = Arguments.parse(given, today(datetime.now(UTC)))
        self.site = self.arguments.site or self.home_site
        self.readings: dict[str, EditionReading] = {}
        self._turns: dict[str, int] = {}
        self._waiting: list[Request] = []
        self.listed = 0

    @property
    def session(self) -> Session:
        """The stores of this crawl."""
        return session_of(self.crawler)

    @property
    def pictures(self) -> bool:
        """Whether pictures are fetched."""
        return self.settings.getbool("FETCH_IMAGES")

    def _queued(self) -> int:
        engine = self.crawler.engine
        scheduler: Any = engine.scheduler if engine else None
        return len(scheduler) if scheduler is not None else 0

    @abstractmethod
    def index_url(self, day: date) -> str:
        """Where the index of a day's edition is."""

    async def start(self) -> AsyncIterator[Request]:
        self.session.alert = self.arguments.alert
        self.crawler.signals.connect(self._ask_waiting, signals.spider_idle)
        for each in await self._days():
            while self._queued() > AHEAD:
                await asyncio.sleep(0.05)
            day, url = each.isoformat(), self.index_url(each)
            reading = await EditionReading.begin(
                self.session,
                day,
                url,
                again=self.arguments.refresh,
                pictures=self.pictures,
                pictures_again=self.arguments.refresh and not self.arguments.recheck,
            )
            self._turns[day] = len(self.readings)
            self.readings[day] = reading
            yield self.ask(reading, url, "index", self.parse_index, errback=self.index_failed)

    async def _days(self) -> list[date]:
        if self.arguments.recheck:
            return await held_to_recheck(self.session, self.arguments.days)
        return await unread_first(self.session, self.arguments.days)

    @abstractmethod
    def parse_index(self, response: Response, reading: EditionReading) -> Any:
        """Read an edition's index."""

    def ask(
        self,
        reading: EditionReading,
        url: str,
        kind: str,
        callback: Callable[..., Any],
        *,
        errback: Callable[[Failure], Any],
        **values: Any,
    ) -> Request:
        """A request whose answer belongs to an edition."""
        return Request(
            url,
            callback,
            errback=errback,
            cb_kwargs={"reading": reading, **values},
            meta={"place": Place(self.name, reading.day, kind)},
            priority=-EDITION_AFTER * self._turns[reading.day],
            dont_filter=True,
        )

    def index_failed(self, failure: Failure) -> None:
        """No index: no edition that day where the site says so, else a failure."""
        self.count_refusal(failure)
        reading = reading_of(failure)
        if status_of(failure) in MISSING:
            reading.none("the index is gone")
        else:
            reading.fail(reading.url, reason_of(failure))

    async def entry_failed(self, failure: Failure) -> None:
        """A listed article or picture was not had."""
        self.count_refusal(failure)
        reading, entry = reading_of(failure), request_of(failure).cb_kwargs["entry"]
        status = status_of(failure)
        verdict = Verdict("unreadable", reason_of(failure))
        if status is not None:
            verdict = withdrawal.judge_status(status)
        held = await reading.held.held_at(entry.url) if entry.kind == "article" else None
        self.not_had(reading, entry, held, verdict, record_of(failure) if status else "")

    async def admit(
        self, reading: EditionReading, entry: Entry, answer: Answer, record_id: str
    ) -> Standing | Verdict | None:
        """What an answer says of its article: a verdict where it is not to be had by it, else what
        is held of the address, if anything.
        """
        held = await reading.held.held_at(entry.url)
        verdict = withdrawal.judge(answer, held.text if held else None, (reading.url,))
        if verdict.state == "there":
            return held
        self.not_had(reading, entry, held, verdict, record_id)
        return verdict

    def not_had(
        self,
        reading: EditionReading,
        entry: Entry,
        held: Standing | None,
        verdict: Verdict,
        record_id: str,
    ) -> None:
        """Note why an article or a picture is not had, and what that says of what is held."""
        gone = verdict.state == "gone"
        if held is not None and gone:
            reading.held.miss(held, entry.url, verdict.reason, record_id)
            return
        if held is not None:
            reading.held.unreadable()
            self.crawler.stats.inc_value("article/unreadable")
        reading.miss(entry.url, verdict.reason, missing=gone)

    def wait(self, request: Request) -> None:
        """Ask once more when all lists, and what they name, were read."""
        self._waiting.append(request)

    def _ask_waiting(self) -> None:
        """Nothing else is to be done."""
        waiting, self._waiting = self._waiting, []
        engine = self.crawler.engine
        if waiting and engine is not None:
            for request in waiting:
                engine.crawl(request)
            raise DontCloseSpider

    def count_refusal(self, failure: Failure) -> None:
        """Count what Scrapy itself refused: robots.txt, a body that unpacks beyond the bounds."""
        error = failure.value
        if isinstance(error, IgnoreRequest) and not isinstance(error, (Refused, HttpError)):
            kind = "robots" if "robots.txt" in str(error) else "oversize"
            self.crawler.stats.inc_value(f"refused/{kind}")

    def refuse_foreign(self, reading: EditionReading, urls: Iterable[str]) -> None:
        """Say what an edition lists on other hosts: nobody vouches that it is the paper's."""
        for url in urls:
            self.crawler.stats.inc_value("refused/host")
            reading.note(url, "a link to another host")

    async def ask_images(
        self, reading: EditionReading, urls: Iterable[str], page: str
    ) -> AsyncIterator[Request]:
        """Requests for the pictures that are not held yet."""
        entries = [Entry(url=url, page=page, kind="image") for url in dict.fromkeys(urls)]
        if self.pictures and entries:
            for wanted in await reading.list_more(entries):
                yield self._ask_image(reading, wanted.entry)

    async def ask_missing_images(
        self, reading: EditionReading, page: str, but: str | None
    ) -> AsyncIterator[Request]:
        """Requests for what an earlier run did not get of the pictures of held articles.

        Not for `but`, the page image, and not in a refresh, where every article asks for its own.
        """
        if self.pictures and not self.arguments.refresh:
            for entry in await reading.images_wanted(page):
                if entry.url != but:
                    yield self._ask_image(reading, entry)

    def _ask_image(self, reading: EditionReading, entry: Entry) -> Request:
        return self.ask(
            reading,
            entry.url,
            "image",
            self.parse_image,
            errback=self.entry_failed,
            entry=entry,
        )

    async def parse_image(self, response: Response, reading: EditionReading, entry: Entry) -> None:
        """A picture only has to be archived and counted, in this order."""
        await self.session.durable(response.meta["record_id"])
        if not response.body:
            reading.miss(entry.url, "empty", missing=False)
        elif _HTML.match(response.body):
            reading.miss(entry.url, "a page, and no picture: is it blocked?", missing=False)
        else:
            reading.hold(entry.url)


def decoded(response: Response) -> Decoded:
    """The text of a response, by our own rules about charsets."""
    header = response.headers.get("Content-Type")
    return decode(response.body, header.decode("latin-1") if header else None)


def reading_of(failure: Failure) -> EditionReading:
    """The edition that a failed request belongs to."""
    reading: EditionReading = request_of(failure).cb_kwargs["reading"]
    return reading


def request_of(failure: Failure) -> Request:
    """The request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined] # set by Scrapy
    return request


def status_of(failure: Failure) -> int | None:
    """The HTTP status of an answer that was an error; None where there was no answer."""
    error = failure.value
    return error.response.status if isinstance(error, HttpError) else None


def record_of(failure: Failure) -> str:
    """The record id of an answer that was an error."""
    assert isinstance(failure.value, HttpError)
    record_id: str = failure.value.response.meta["record_id"]
    return record_id


def reason_of(failure: Failure) -> str:
    """Why a request failed, in a few words."""
    status = status_of(failure)
    if status is not None:
        return f"HTTP {status}"
    kind, text = type(failure.value).__name__, " ".join(str(failure.value).split())
    return f"{kind}: {text}"[:300] + _REMEDIES.get(kind, "")


_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|script|meta|title)", re.IGNORECASE
)
_REMEDIES = {
    "CannotResolveHostError": " Is the network up, and does the site still have this name?",
    "DownloadConnectionRefusedError": " Is the site up? The next run tries again.",
    "DownloadTimeoutError": " The next run tries again; NEWSCRAWL_DOWNLOAD_TIMEOUT waits longer.",
}
"""What to do, by the name of the error."""
