"""What the catalogue says of a paper to whoever plans its next poll and tells of the last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from newscrawl.catalogue import arrivals, editions, rereadings, runs, versions
from newscrawl.catalogue.arrivals import Arrival
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.runs import Run
from newscrawl.home import Home
from newscrawl.ops.rhythms import Span, Standing, usual_hours
from newscrawl.text.dates import today

HISTORY = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A paper at a time."""

    title: str
    run: Run | None
    """The newest crawl, or import where there was none."""
    newest: int
    """The last sequence number of the catalogue."""
    came: tuple[Arrival, ...]
    """What was recorded since."""
    hours: tuple[Span, ...]
    complete: bool
    """Today's edition is held whole."""
    news: datetime | None
    """When something of today's edition was last seen for the first time."""
    reread: datetime | None = None
    """When an edition of the past was last read again."""

    def standing(self, failures: int) -> Standing:
        """How it stands after so many failures in a row."""
        return Standing(self.complete, self.news, failures)


def bulletin(home: Home, paper: str, now: datetime, since: int | None = None) -> Bulletin:
    """The state of a paper at the aware time `now`, with what came beyond the sequence number
    `since`. Raises CatalogueError.

    The catalogue is opened for it: a file that was restored meanwhile is another file.
    """
    catalogue = Catalogue.existing(home.catalogue)
    try:
        with catalogue.read() as connection:
            return _bulletin(connection, paper, now, since)
    finally:
        catalogue.close()


def crawled(home: Home) -> list[str]:
    """The papers that were ever crawled. Raises CatalogueError where nothing was collected."""
    catalogue = Catalogue.existing(home.catalogue)
    try:
        with catalogue.read() as connection:
            newest = runs.newest(connection)
    finally:
        catalogue.close()
    return sorted(paper for paper, run in newest.items() if run.state != runs.IMPORTED)


def _bulletin(connection: Transaction, paper: str, now: datetime, since: int | None) -> Bulletin:
    day = today(now)
    seen = arrivals.last_seen(connection, paper, day.isoformat())
    reread = rereadings.last(connection, paper)
    return Bulletin(
        title=runs.titles(connection).get(paper, paper),
        run=runs.newest(connection).get(paper),
        newest=versions.newest_seq(connection),
        came=tuple(arrivals.after(connection, paper, since)) if since is not None else (),
        hours=_hours(connection, paper, day),
        complete=day.isoformat() in editions.complete_days(connection, paper),
        news=datetime.fromisoformat(seen) if seen else None,
        reread=datetime.fromisoformat(reread) if reread else None,
    )


def _hours(connection: Transaction, paper: str, day: date) -> tuple[Span, ...]:
    found = arrivals.minutes(connection, paper, (day - HISTORY).isoformat())
    return usual_hours(
        (date.fromisoformat(edition), datetime.fromisoformat(f"{minute}+00:00"))
        for edition, minute in found
    )
