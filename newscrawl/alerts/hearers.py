"""Who has heard of which story."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from newscrawl.catalogue import matches
from newscrawl.catalogue.connection import Transaction


class Hearers:
    """Whom there was something to be sent to of a story, read once and then only what has come
    since: of one article there may be matches by the ten thousand, written in many transactions.
    """

    def __init__(self) -> None:
        self._people: dict[int, set[int]] = {}
        self._until: dict[int, int] = {}
        """By story the match up to which it is read."""

    def read(self, tx: Transaction, stories: Iterable[int]) -> None:
        """Be right about these stories, as the transaction sees them."""
        newest = matches.newest_id(tx)
        asked = sorted(set(stories), key=self._read_until)
        for until, some in groupby(asked, self._read_until):
            for subscriber, story in matches.heard(tx, some, until):
                self.note(subscriber, story)
        self._until |= dict.fromkeys(asked, newest)

    def knows(self, subscriber: int, story: int) -> bool:
        """Whether the subscriber has heard of the story."""
        return subscriber in self._people.get(story, ())

    def note(self, subscriber: int, story: int) -> None:
        """There is something to be sent to the subscriber of the story."""
        self._people.setdefault(story, set()).add(subscriber)

    def _read_until(self, story: int) -> int:
        return self._until.get(story, 0)
