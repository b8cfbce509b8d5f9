"""What is taken down and how it is known again. Pure: no database, no file, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.text.address import address
from newscrawl.text.dates import today
from newscrawl.text.fold import fold

Scope: TypeAlias = Literal["hide", "redact", "erase"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""From the mildest to the strongest."""
Kind: TypeAlias = Literal["article", "address", "prefix"]
State: TypeAlias = Literal["told", "erasing", "done", "lifted"]
Category: TypeAlias = Literal["privacy", "court", "rights", "error", "retention", "other"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
"""Of reasons, for the public list."""
RETENTION: Category = "retention"
"""Of an edition that was kept for as long as its paper is: nobody asked for its texts to be gone,
so that reprints of them elsewhere stay.
"""
SHORTEST = 40
"""Characters of a body that is known again by itself: a shorter one could be guessed, or be
that of another article."""


class TakenDown(NewscrawlError):
    """What was asked for is held no more, or shown to nobody."""

    status = 4


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One takedown. Nothing of what was taken down is in it."""

    id: str
    kind: Kind
    target: str
    """An article's id; the mark of an address; the beginning of addresses."""
    scope: Scope
    reason: str
    category: Category
    by: str
    at: str
    """ISO 8601, UTC."""
    paper: str = ""
    day: str = ""
    state: State = "told"
    legal_hold: bool = False
    lifted: str | None = None
    lifted_why: str | None = None

    @property
    def since(self) -> str:
        """The day in Shanghai, `YYYY-MM-DD`, as the web shows it."""
        return today(datetime.fromisoformat(self.at)).isoformat()

    @property
    def notice(self) -> str:
        """What anybody may be told."""
        return f"taken down on {self.since} ({self.scope}, {self.category})"

    def refusal(self, wanted: str) -> TakenDown:
        """The error for who asks for it."""
        return TakenDown(
            f"{wanted}: {self.notice}: `newscrawl takedown --list` has it as {self.id}"
        )


def strongest(found: Iterable[Tombstone]) -> Tombstone | None:
    """The one that decides, where several cover the same."""
    return max(found, key=lambda each: (SCOPES.index(each.scope), each.at), default=None)


def address_mark(url: str) -> str:
    """Of a URL; its variants have the same."""
    return f"address:{_sha256(address(url))}"


def id_mark(article_id: str) -> str:
    """Of an article's id."""
    return f"id:{_sha256(article_id)}"


def content_marks(digest: str, body: str) -> list[str]:
    """Of a text: of all that a reader sees, and of the body alone, whatever its layout.

    `digest` is that of `contents.content_digest`.
    """
    folded = "".join(fold(body).split())
    alone = [f"body:{_sha256(folded)}"] if len(folded) >= SHORTEST else []
    return [f"content:{digest}", *alone]


def prefix_of(url: str) -> str:
    """The beginning of addresses that a person means. Raises UsageError for one without a path."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UsageError(f"{url}: no URL ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.netloc or not parts.path:
        raise UsageError(f"{url}: a prefix names a host and a path: https://host/path")
    return address(url)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
