"""A crawl with all pipelines, until it can be searched, against a bare Scrapy spider."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, Round, compared
from benchmarks.programs import BenchmarkFailed, python, run
from benchmarks.searchable import settled
from benchmarks.site import BulkSite, Visit, bulk_site
from benchmarks.sizes import Size
from newscrawl.home import Home

CONCURRENCY = 16
LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Crawled:
    """One crawl of the whole site."""

    seconds: float
    """From the start of the process until everything can be searched, if it ever can."""
    items: int
    visit: Visit

    @property
    def rate(self) -> float:
        """Pages per second."""
        return self.visit.pages / self.seconds


def measure(size: Size, work: Path) -> Figure:
    """Crawl the same site by turns. Raises BenchmarkFailed where the two did not do the same."""
    pairs: list[tuple[Crawled, Crawled]] = []
    with bulk_site(size.crawl_articles, work / "served.jsonl") as site:
        for number in range(size.crawl_rounds):
            bare = crawl_bare(site)
            ours = crawl_ours(site, work / f"crawl-{number}")
            _require_equal(ours, bare, size.crawl_articles)
            pairs.append((ours, bare))
    served = ", ".join(f"{ours.visit.rate / bare.visit.rate:.2f}" for ours, bare in pairs)
    ours, _bare = pairs[-1]
    return compared(
        f"crawl of {size.crawl_articles:,} articles, {ours.visit.pages:,} pages and pictures",
        "pages/s",
        [Round(ours.rate, bare.rate) for ours, bare in pairs],
        LEAST,
        (
            f"ratio without start and end, from the first request to the last: {served}",
            f"items: {ours.items:,} in both; paths asked for: the same in both",
        ),
    )


def crawl_bare(site: BulkSite) -> Crawled:
    """Crawl with the plain spider."""
    days = (site.since.isoformat(), site.until.isoformat())
    done = run(python("benchmarks.bare_spider", site.url, *days, str(CONCURRENCY)))
    return Crawled(done.seconds, int(done.output), site.visit())


def crawl_ours(site: BulkSite, root: Path) -> Crawled:
    """Crawl with newscrawl into a new home, until everything can be searched."""
    done = run(words(site), settings(site, root))
    indexed = settled(Home(root))
    return Crawled(time.monotonic() - done.began, indexed.documents, site.visit())


def words(site: BulkSite) -> list[str]:
    """The command of a crawl of the whole site."""
    given = (f"since={site.since}", f"until={site.until}", f"site={site.url}")
    arguments = (word for each in given for word in ("-a", each))
    return python("scrapy", "crawl", "hangzhou_daily", *arguments)


def settings(site: BulkSite, root: Path) -> Mapping[str, str]:
    """What is set otherwise than for a real paper: no delays, loopback allowed."""
    return {
        "HOME": str(root),
        "ALLOW_PRIVATE": site.netloc,
        "DOWNLOAD_DELAY": "0",
        "AUTOTHROTTLE_ENABLED": "0",
        "CONCURRENT_REQUESTS_PER_DOMAIN": str(CONCURRENCY),
        "CLOSESPIDER_PAGECOUNT": "0",
    }


def _require_equal(ours: Crawled, bare: Crawled, articles: int) -> None:
    if not ours.items == bare.items == articles:
        raise BenchmarkFailed(f"{articles} articles served, {bare.items} and {ours.items} items")
    more, fewer = ours.visit.answers - bare.visit.answers, bare.visit.answers - ours.visit.answers
    if more or fewer:
        raise BenchmarkFailed(f"only ours: {sorted(more)[:5]}, only bare: {sorted(fewer)[:5]}")
