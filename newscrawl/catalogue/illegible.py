"""A version whose row cannot be read: a disk or a hand has changed it since it was written."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from newscrawl.catalogue import sqlite
from newscrawl.errors import NewscrawlError

UNREAD = (ValueError, TypeError, LookupError, AttributeError, DBAPIError)
"""What reading such a row raises; see `require_illegible`."""


class Damaged(NewscrawlError):
    """What is held of an article cannot be read, or is not all there."""

    @classmethod
    def row(cls, article_id: str, error: Exception) -> Damaged:
        """Of a version that cannot be read."""
        return cls(f"{article_id}: cannot be read from the catalogue ({error}): {_ADVICE}")

    @classmethod
    def capture(cls, article_id: str, n: int) -> Damaged:
        """Of a version whose capture is not known."""
        return cls(f"{article_id}: what version {n} was read from is not known: {_ADVICE}")


_ADVICE = "`newscrawl doctor` says what helps"


def require_illegible(error: Exception) -> None:
    """Raises what is not the fault of a row."""
    if isinstance(error, DBAPIError) and not sqlite.is_of_a_row(error.orig):
        raise error


@dataclass(frozen=True, slots=True)
class Illegible:
    """What is known of it all the same."""

    seq: int
    article_id: str
    n: int
    live: bool
    """As `Version.live`."""
    day: str
    """Of its edition, YYYY-MM-DD; where that cannot be read, of its article's first one."""
    identity: str
    """As `Version.identity`."""
    error: Exception
    """Why it cannot be read."""
