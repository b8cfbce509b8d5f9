"""`scrapy crawl`, with arguments checked first, the paper's lock, and an honest exit status."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from datetime import UTC, datetime
from typing import Any

from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from newscrawl import settings
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.heartbeat import beat
from newscrawl.archive.errors import ArchiveError
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.extensions import INTERRUPTED, Session
from newscrawl.index import engines
from newscrawl.index.engines import Address
from newscrawl.ops.contact import ask_for_contact
from newscrawl.ops.place import paper_lock, prepare
from newscrawl.ops.reading import Outcome
from newscrawl.ops.sealing import after_run
from newscrawl.platforms.arguments import Arguments
from newscrawl.text.dates import today
from newscrawl.text.segment import use_cache

SHOWN_REASONS = 20
_TOLD_ANYWAY = (
    "scrapy.downloadermiddlewares.retry",
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.core.downloader.handlers",
    "scrapy.spidermiddlewares.httperror",
)
"""Loggers of failures that the edition's reasons name, with their URLs, in a line each."""
_TOLD_ONCE = ("scrapy.core.scraper", "scrapy.core.engine", "scrapy.utils.signal", "asyncio")
"""Loggers that would tell of a failing store once for every article under way."""
_COMPONENTS = ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "ITEM_PIPELINES")
_CLASSES = (
    "DOWNLOADER",
    "DUPEFILTER_CLASS",
    "LOG_FORMATTER",
    "ROBOTSTXT_PARSER",
    "SCHEDULER",
    "SCHEDULER_MEMORY_QUEUE",
    "SCHEDULER_PRIORITY_QUEUE",
    "STATS_CLASS",
)
"""Settings that name what Scrapy loads only when a crawl begins."""
STALLED_SECONDS, MOST_SECONDS = 60.0, 300.0
"""How long a crawl waits for the index: without progress, and in all."""


class Command(crawl.Command):
    """Reads a paper's editions. 0: complete, or no edition; 1: incomplete or failed; 2: usage.

    Pictures are not articles: those that cannot be had are said, in the edition's line and with
    their reasons, and an edition without them is complete.
    """

    def short_desc(self) -> str:
        return "Read a newspaper's editions: scrapy crawl hangzhou_daily -a date=YYYY-MM-DD"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--when-told",
            action="store_true",
            help="load everything, then wait for a line on stdin; end if there comes none",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            super().process_options(args, opts)
        except ScrapyUsageError as error:
            sys.exit(_say(UsageError(f"{error}")))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            paper = self._check(args, opts.spargs)
            if not opts.when_told or self._told():
                self.exitcode = self._crawl(paper, opts.spargs)
                for line in after_run(settings.home()):
                    print(line, file=sys.stderr)
                if self.exitcode == 0 and (unheard := beat(paper, settings.home())):
                    print(unheard, file=sys.stderr)
        except NewscrawlError as error:
            self.exitcode = _say(error)

    def _crawl(self, paper: str, given: dict[str, str]) -> int:
        home = settings.home()
        assert self.settings is not None
        assert self.crawler_process is not None
        _arm(self.settings)
        prepare(home, self.settings.getint("FREE_SPACE_MB"))
        use_cache(home.cache)
        _quiet()
        with paper_lock(home, paper):
            Catalogue.open(home.catalogue).close()
            ask_for_contact(
                self.settings.get("CONTACT", ""), self.settings.get("ALLOW_PRIVATE", "")
            )
            crawler = self._create_crawler(paper)
            self.crawler_process.crawl(crawler, **given)
            self.crawler_process.start()
            if self.crawler_process.bootstrap_failed:
                return _say(Session.refusal or NewscrawlError(f"{paper}: the crawl did not begin"))
            return _report(crawler)

    def _told(self) -> bool:
        """Whether the run is to begin. What takes a second to load is loaded when that is said."""
        assert self.settings is not None
        named = [each for name in _COMPONENTS for each in self.settings.getwithbase(name)]
        handlers = self.settings.getwithbase("DOWNLOAD_HANDLERS")
        for each in (*named, *map(self.settings.get, _CLASSES), handlers["https"]):
            load_object(each)
        engines.engine(Address.read(self.settings["INDEX"]).engine)
        return bool(sys.stdin.readline())

    def _check(self, args: list[str], given: dict[str, str]) -> str:
        """The paper's name, everything about the call being sound."""
        for word in args:
            if word.startswith("-"):  # Scrapy hands on what it does not know
                raise UsageError(f"{word}: no such option; `scrapy crawl --help` shows them")
        if len(args) != 1:
            raise UsageError("scrapy crawl takes one paper; `scrapy list` shows them")
        assert self.settings is not None
        assert self.crawler_process is not None
        paper: str = args[0]
        if paper not in self.crawler_process.spider_loader.list():
            raise UsageError(f"{paper}: no such paper; `scrapy list` shows them")
        Arguments.parse(given, today(datetime.now(UTC)))
        AllowedPrivate.parse(self.settings.get("ALLOW_PRIVATE", ""))
        return paper


def _arm(given: BaseSettings) -> None:
    """Have the kernel end this process once it no longer answers, whatever it waits for.

    Its locks are free then. An indexer is a process of its own, on purpose, and goes on.
    """
    if seconds := given.getint("RUN_DEADLINE"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds + given.getint("RUN_GRACE"))


def _quiet() -> None:
    """Keep out of the log what `_report` says in a line."""
    for name in _TOLD_ANYWAY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in _TOLD_ONCE:
        logging.getLogger(name).addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, (ArchiveError, CatalogueError))


def _report(crawler: Crawler) -> int:
    session: Any = crawler.get_extension(Session)
    session.abandon()
    if session.stores.failure is not None:
        return _say(session.stores.failure)
    for outcome in session.outcomes:
        print(outcome.line)
        _explain(outcome)
    reason = crawler.stats.get_value("finish_reason", INTERRUPTED)
    if reason != "finished":
        print(f"ended early: {reason}; the next run goes on from here", file=sys.stderr)
    if not session.stores.searchable(STALLED_SECONDS, lambda _mark: None, MOST_SECONDS):
        print("not all of it is found yet: the index is being worked on", file=sys.stderr)
    outcomes = session.outcomes
    good = bool(outcomes) and all(outcome.good for outcome in outcomes)
    return 0 if good and reason == "finished" else 1


def _explain(outcome: Outcome) -> None:
    for url, reason in outcome.reasons[:SHOWN_REASONS]:
        print(f"  {url}: {reason}", file=sys.stderr)
    rest = len(outcome.reasons) - SHOWN_REASONS
    if rest > 0:
        print(f"  … and {rest} more: `newscrawl status --json` has them all", file=sys.stderr)


def _say(error: BaseException) -> int:
    status = error.status if isinstance(error, NewscrawlError) else 1
    print(error, file=sys.stdout if status == 0 else sys.stderr)
    return status
