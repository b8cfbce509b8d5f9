"""Extensions: the session of a crawl, its memory, and its progress."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from functools import partial
from pathlib import Path
from typing import ClassVar, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.extensions.memusage import MemoryUsage

from newscrawl import settings
from newscrawl.errors import NewscrawlError
from newscrawl.ops.reading import EditionReading, Outcome
from newscrawl.ops.session import Session as Stores

STATUS = Path("/proc/self/status")


class Refused(IgnoreRequest):
    """A request or an answer that is not to be had, whatever the site says; counted at once."""


class OwnMemory(MemoryUsage):
    """Ends a run that needs too much, by its own peak: that of `getrusage`, Scrapy's measure, is on
    Linux also that of the process which started it.
    """

    def get_virtual_size(self) -> int:
        try:
            lines = STATUS.read_text().splitlines()
        except OSError:  # no Linux
            return super().get_virtual_size()
        peak = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), None)
        return super().get_virtual_size() if peak is None else int(peak) * 1024


class Session:
    """Opens the stores before the first request and closes them after the last item."""

    refusal: ClassVar[NewscrawlError | None] = None
    """Why the stores could not be opened: Scrapy itself only says that a crawl did not begin."""

    def __init__(self, crawler: Crawler) -> None:
        spider = crawler.spidercls
        title = getattr(spider, "title", spider.name)
        try:
            self.stores = Stores(settings.home(), spider.name, title)
        except NewscrawlError as error:
            Session.refusal = error
            raise
        self.outcomes: list[Outcome] = []
        """What each edition came to, once the spider is closed."""
        self._crawler = crawler
        self._open = True
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def opened(self) -> None:
        """From here on, a full disk or a broken catalogue ends the crawl."""
        loop = asyncio.get_running_loop()
        self.stores.on_failure = partial(loop.call_soon_threadsafe, self._stop)
        if self.stores.failure is not None:
            self._stop()
        # What is loaded by now stays. Python looks for garbage among the old only when a quarter
        # more has come, and of all of Scrapy that is tens of megabytes; of nothing it is little.
        gc.collect()
        gc.freeze()

    async def closed(self, spider: Spider, reason: str) -> None:
        """Count what was read, and write it down."""
        try:
            if self.stores.failure is None:
                readings: dict[str, EditionReading] = getattr(spider, "readings", {})
                whole = reason == "finished"
                self.outcomes = [await readings[day].end(whole=whole) for day in sorted(readings)]
                self._write_down(reason)
        finally:
            self._close(hurried=reason != "finished")

    def abandon(self) -> None:
        """A run that was told to end twice has counted nothing: keep what it has, and say so."""
        if self._open and self.stores.failure is None:
            self._write_down(INTERRUPTED)
        self._close(hurried=True)

    def _close(self, *, hurried: bool = False) -> None:
        if self._open:
            self._open = False
            self.stores.close(hurried=hurried)

    def _write_down(self, reason: str) -> None:
        states = {outcome.state for outcome in self.outcomes}
        reasons = [each for outcome in self.outcomes for each in outcome.reasons]
        if reason != "finished" or not states:
            states.add("incomplete")
            reasons.append(("", f"ended early: {reason}"))
        worst = next(state for state in _WORST_FIRST if state in states)
        lines = " · ".join(outcome.line for outcome in self.outcomes)
        self.stores.end(worst, lines, reasons, {"closed": reason} | self._counts())

    def _counts(self) -> dict[str, object]:
        """What was refused and recorded, for `status`."""
        stats = self._crawler.stats.get_stats() if self._crawler.stats else {}
        return {name: value for name, value in stats.items() if name.startswith(_KEPT)}

    def _stop(self) -> None:
        engine = self._crawler.engine
        if engine is not None:
            task = asyncio.ensure_future(engine.close_spider_async(reason="storage_failed"))
            task.add_done_callback(tell_failure)


def tell_failure(done: asyncio.Task[None]) -> None:
    """Log why the crawl could not be closed, should it be so: nobody waits for this task."""
    if not done.cancelled() and (error := done.exception()) is not None:
        _log.error("the crawl could not be closed: %r", error)


_log = logging.getLogger(__name__)
INTERRUPTED = "interrupted"
"""Why a run ended that did not come to give a reason."""
_KEPT = ("refused/", "article/")
_WORST_FIRST = ("failed", "incomplete", "complete", "none")


def session_of(crawler: Crawler) -> Stores:
    """The stores of a crawl."""
    extension = crawler.get_extension(Session)
    assert extension is not None, "newscrawl.extensions.Session must stay in EXTENSIONS"
    return extension.stores


class Progress:
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self, crawler: Crawler) -> None:
        if not sys.stderr.isatty():
            raise NotConfigured
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("篇"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(crawler.spidercls.name, total=None)
        crawler.signals.connect(self._bar_start, signals.spider_opened)
        crawler.signals.connect(self.item_scraped, signals.item_scraped)
        crawler.signals.connect(self._bar_stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def item_scraped(self, spider: Spider) -> None:
        self._bar.update(self._task, advance=1, total=getattr(spider, "listed", None))

    def _bar_start(self) -> None:
        self._bar.start()

    def _bar_stop(self) -> None:
        self._bar.stop()
