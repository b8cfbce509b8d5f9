"""A plain Scrapy spider for the same pages: it fetches and parses them, and keeps nothing.

`python -m benchmarks.bare_spider SITE SINCE UNTIL CONCURRENCY` prints the number of its items.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

SETTINGS: dict[str, Any] = {
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_DELAY": 0,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "LOGSTATS_INTERVAL": 0,
}


class BareSpider(Spider):
    """Editions, their pages, both frames of a page, articles, pictures."""

    name = "bare"

    def __init__(self, site: str, since: str, until: str) -> None:
        super().__init__()
        first, last = date.fromisoformat(since), date.fromisoformat(until)
        self.site = site
        self.days = [first + timedelta(days=after) for after in range((last - first).days + 1)]

    async def start(self) -> AsyncIterator[Request]:
        for day in self.days:
            yield Request(f"{self.site}/hzrb/{day:%Y/%m/%d}/page_list_{day:%Y%m%d}.html")

    def parse(self, response: Response) -> Iterator[Request]:
        for link in response.css("a::attr(href), area::attr(href), iframe::attr(src)").getall():
            if "article_detail" in link:
                yield response.follow(link, self.parse_article)
            elif "page_detail" in link or "page_view" in link or "article_list" in link:
                yield response.follow(link, self.parse)
        yield from self._pictures(response)

    def parse_article(self, response: Response) -> Iterator[Request | dict[str, object]]:
        yield {
            "url": response.url,
            "headline": " ".join(response.css("h1 ::text").getall()),
            "kicker": " ".join(response.css("h3 ::text").getall()),
            "subhead": " ".join(response.css("h2 ::text").getall()),
            "paragraphs": [
                "".join(paragraph.css("::text").getall()).strip()
                for paragraph in response.css(".content p")
            ],
        }
        yield from self._pictures(response)

    def keep(self, _response: Response) -> None:
        """A picture has nothing to be parsed."""

    def _pictures(self, response: Response) -> Iterator[Request]:
        for source in response.css("img::attr(src)").getall():
            yield response.follow(source, self.keep)


def main() -> None:
    """Crawl, and print how many items there were."""
    site, since, until, concurrency = sys.argv[1:]
    process = CrawlerProcess({**SETTINGS, "CONCURRENT_REQUESTS_PER_DOMAIN": int(concurrency)})
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, site=site, since=since, until=until)
    process.start()
    assert crawler.stats is not None
    print(crawler.stats.get_value("item_scraped_count", 0))


if __name__ == "__main__":
    main()
