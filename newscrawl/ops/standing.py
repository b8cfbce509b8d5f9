"""How the sealing stands, for `status` and `doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from newscrawl import settings
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.ops import chained
from newscrawl.ops.sealing import waiting

SEAL = "run `newscrawl seal`, which says why"
ASK = "run `newscrawl seal`, which asks the calendar and says what it answers"
LONG_DAYS = 7
"""A promise is kept within hours as a rule."""
AGAIN = "the next run tries again, and `newscrawl seal`"


@dataclass(frozen=True, slots=True)
class SealHealth:
    """How far the days are sealed."""

    newest: str | None
    """The last sealed day, `YYYY-MM-DD`."""
    stamped: str | None
    """The last day whose head is stamped."""
    waiting: int
    """Files that no manifest covers, though their day was over a day ago."""
    first: str | None
    """The first of them, in the archive."""
    stamp_tries: int
    """That failed since the newest head was made."""
    stamp_error: str | None
    """Of the last of them."""
    promised: str | None = None
    """The first day whose stamp has been a calendar's promise for longer than LONG_DAYS."""

    def troubles(self) -> Iterator[tuple[str, str, str]]:
        """`(what, of what, what to do)` for whatever asks for attention."""
        if self.waiting:
            files = "file is" if self.waiting == 1 else "files are"
            yield (
                f"{self.waiting} {files} not sealed, though the day is over",
                f"{self.first}",
                SEAL,
            )
        if self.stamp_error and settings.STAMP:
            what = f"its head is not stamped, tried {self.stamp_tries} times: {self.stamp_error}"
            yield what, f"{self.newest}", AGAIN
        if self.promised and settings.STAMP:
            what = f"its stamp is a calendar's promise still, after more than {LONG_DAYS} days"
            yield what, self.promised, ASK


NO_SEALS = SealHealth(None, None, 0, None, 0, None)
"""Of a home in which nothing was collected yet."""


def seal_health(home: Home, catalogue: Catalogue, day: date) -> SealHealth:
    """How it stands on `day`, the present one in Shanghai."""
    with catalogue.read() as view:
        days = chained.every(view)
    newest = days[-1] if days else None
    long_ago = (day - timedelta(days=LONG_DAYS)).isoformat()
    left = waiting(home, catalogue, day - timedelta(days=1))
    return SealHealth(
        newest=newest.day if newest else None,
        stamped=next((each.day for each in reversed(days) if each.stamped_at), None),
        waiting=len(left),
        first=left[0] if left else None,
        stamp_tries=newest.stamp_tries if newest else 0,
        stamp_error=newest.stamp_error if newest else None,
        promised=next((each.day for each in days if each.promised and each.day < long_ago), None),
    )
