"""The addresses of our own pages, as they stand in messages and feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from newscrawl.errors import UsageError
from newscrawl.text.address import web_address

FeedFormat = Literal["atom", "json"]


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses at the origin by which people reach `newscrawl serve`."""

    origin: str
    """`https://news.example.org`, with a port where it has one."""

    @classmethod
    def parse(cls, text: str) -> Links | None:
        """From NEWSCRAWL_PUBLIC_URL; None where it is not set.

        Raises UsageError for what is no origin: the pages want a host, or a port, of their own.
        """
        if not text:
            return None
        origin = web_address(text).lower().removesuffix("/")
        try:
            parts = urlsplit(origin)
        except ValueError:
            parts = urlsplit("")
        if not parts.netloc or origin != f"{parts.scheme}://{parts.netloc}":
            raise UsageError(
                f"NEWSCRAWL_PUBLIC_URL={text!r}: must be http(s)://HOST or http(s)://HOST:PORT"
            )
        return cls(origin)

    @property
    def one_click(self) -> bool:
        """Whether a mail program unsubscribes with one click: RFC 8058 asks for https."""
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        """Without the port."""
        return urlsplit(self.origin).hostname or ""

    def snapshot(self, article_id: str, n: int | None = None) -> str:
        """Of an article; of one of its versions, where `n` says which."""
        return self.origin + snapshot_path(article_id, n)

    def story(self, article_id: str) -> str:
        """Of the page that compares an article with others of its story."""
        return self.origin + story_path(article_id)

    def feed(self, secret: str, form: FeedFormat) -> str:
        return f"{self.origin}/feed/{secret}.{form}"

    def confirm(self, secret: str) -> str:
        """Where a person says that an address is theirs."""
        return f"{self.origin}/confirm/{secret}"

    def unsubscribe(self, secret: str) -> str:
        """Where GET shows a button and POST acts, as RFC 8058 has it."""
        return f"{self.origin}/u/{secret}"


def story_path(article_id: str) -> str:
    """The path of `Links.story`."""
    return f"/story/{quote(article_id, safe='/~')}"


def snapshot_path(article_id: str, n: int | None = None) -> str:
    """The same below our own origin."""
    version = "" if n is None else f"/{n}"
    return f"/s/{quote(article_id, safe='/~')}{version}"
