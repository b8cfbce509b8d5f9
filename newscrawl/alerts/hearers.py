"""Who has heard of which story."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from newscrawl.catalogue import hearing, matches, stories
from newscrawl.catalogue.connection import Transaction


class Hearers:
    """Whom something was sent to of a story, or is to be, read once and then only what has come
    since: of one article there may be matches by the ten thousand, written in many transactions.
    A story whose articles have changed in between is read anew. What fails in between is not: these
    are for what is matched together, and no longer.
    """

    def __init__(self) -> None:
        self._people: dict[int, set[int]] = {}
        self._until: dict[int, int] = {}
        """By story the match up to which it is read."""
        self._articles: dict[int, frozenset[str]] = {}
        """By story those that it had when it was read."""

    def read(self, tx: Transaction, wanted: Iterable[int]) -> None:
        """Be right about these stories, as the transaction sees them."""
        newest = matches.newest_id(tx)
        held = stories.articles_of(tx, wanted)
        for story, articles in held.items():
            if self._articles.get(story) != articles:
                self._people.pop(story, None)
                self._until.pop(story, None)
        self._articles |= held
        asked = sorted(held, key=self._read_until)
        for until, some in groupby(asked, self._read_until):
            for subscriber, story in hearing.heard(tx, some, until):
                self.note(subscriber, story)
        self._until |= dict.fromkeys(asked, newest)

    def knows(self, subscriber: int, story: int) -> bool:
        """Whether the subscriber has heard of the story."""
        return subscriber in self._people.get(story, ())

    def note(self, subscriber: int, story: int) -> None:
        """Something is to be sent to the subscriber of the story."""
        self._people.setdefault(story, set()).add(subscriber)

    def _read_until(self, story: int) -> int:
        return self._until.get(story, 0)
