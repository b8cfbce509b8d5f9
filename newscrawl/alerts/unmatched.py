"""Articles that nobody has matched yet, though subscriptions may concern them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from newscrawl.catalogue import active, log, matches, versions
from newscrawl.catalogue.connection import Transaction

PATIENCE = timedelta(minutes=15)
"""A version that nobody has matched for longer means that nobody is told."""
STARTING = timedelta(seconds=5)
"""Who matches is started by then."""


def passed(view: Transaction, mark: int) -> int:
    """The mark, or beyond it what no subscription reaches back to."""
    since = active.earliest(view)
    return max(mark, versions.newest_seq(view) if since is None else since)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """How many, and since when the first has waited."""

    articles: int
    since: datetime | None
    """None where it cannot be read."""

    @classmethod
    def of(cls, view: Transaction) -> Unmatched | None:
        """None where nothing waits."""
        reached = passed(view, matches.matched(view))
        count = versions.count_after(view, reached)
        if not count:
            return None
        [first] = log.after(view, reached, 1)
        recorded = first.recorded if log.readable(first) else None
        return cls(count, datetime.fromisoformat(recorded) if recorded else None)

    def left(self, now: datetime, *, at_work: bool) -> bool:
        """Whether nobody seems to see to it; `at_work`: somebody matches."""
        return self.waited(now, PATIENCE if at_work else STARTING)

    def waited(self, now: datetime, time: timedelta) -> bool:
        """Whether the first has waited for longer."""
        return self.since is not None and self.since < now - time

    @property
    def what(self) -> str:
        if self.articles == 1:
            return "1 article waits to be matched"
        return f"{self.articles:,} articles wait to be matched"

    @property
    def remedy(self) -> str:
        return "`newscrawl deliver` sees to it, and so does the next crawl"
