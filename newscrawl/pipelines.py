"""The way of an article, in the order of `ITEM_PIPELINES`. Each class is an adapter."""

from __future__ import annotations

from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from newscrawl.extensions import session_of
from newscrawl.extract.decoding import with_decode_errors
from newscrawl.extract.normalise import normalise
from newscrawl.index.documents import words_of
from newscrawl.items import Article, article_of
from newscrawl.text.dates import parse_day


class _Stage:
    """A pipeline of one crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.session = session_of(crawler)
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


class Normalise(_Stage):
    """Any item with an article's fields becomes a clean `Article`."""

    def process_item(self, item: Any) -> Article:
        read = item if isinstance(item, Article) else article_of(ItemAdapter(item).asdict())
        article = with_decode_errors(normalise(read))
        article.paper = article.paper or self.session.paper
        try:
            parse_day(article.edition)
        except ValueError as error:
            raise DropItem(f"{article.url}: edition {error}") from error
        return article


class Snapshot(_Stage):
    """Waits until the bytes that the article was read from are durable."""

    async def process_item(self, item: Article) -> Article:
        if not item.record_id:
            item.record_id = await self.session.newest_record(item.url) or ""
        if not item.record_id:
            raise DropItem(f"{item.url}: no snapshot of it in the archive")
        await self.session.durable(item.record_id)
        return item


class Record(_Stage):
    """One transaction: version, story, place in the edition."""

    async def process_item(self, item: Article) -> Article:
        recorded = await self.session.record(item)
        item.seq = recorded.seq or 0
        self.stats.inc_value(f"article/{recorded.state}")
        return item


class Segment(_Stage):
    """Cuts a new version's text into words."""

    def process_item(self, item: Article) -> Article:
        if item.seq:
            item.words = words_of(item, self.session.cut)
        return item


class Index(_Stage):
    """Hands the words to the indexer."""

    def process_item(self, item: Article) -> Article:
        if item.words is not None:
            self.session.index(item.seq, item.words)
        return item
