"""A paper while it is watched: how it stands, and what of it is to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from newscrawl.catalogue import runs
from newscrawl.catalogue.arrivals import Arrival
from newscrawl.catalogue.runs import Run
from newscrawl.ops.bulletin import Bulletin
from newscrawl.ops.health import first_reason
from newscrawl.ops.poll import Ended
from newscrawl.ops.rhythms import WITHOUT_HISTORY, Span, Standing
from newscrawl.text.dates import today

INCOMPLETE, REFUSED = "incomplete", "refused"
MANY = 10
"""A reading in which so much is not to be had is a site that wants to be left alone; with less it
is read as often as before, for what is missing says nothing of what may come.
"""


@dataclass(frozen=True, slots=True)
class News:
    """What somebody who watches is told: what came; or that something is wrong, or right again."""

    time: datetime
    """Aware."""
    paper: str
    title: str
    came: tuple[Arrival, ...] = ()
    failure: str = ""
    """Why polls fail from now on."""
    recovered: bool = False


class Watched:
    """One paper. `begin` and `end` of every poll, or `fail` where it could not be made."""

    def __init__(self, paper: str) -> None:
        self.paper = paper
        self.failures = 0
        self.hours: tuple[Span, ...] = WITHOUT_HISTORY
        self._title = paper
        self._complete = False
        self._news: datetime | None = None
        self._seq: int | None = None
        self._run: Run | None = None
        self._read: date | None = None
        self._told = ""
        self._reread: datetime | None = None
        self._rechecked: date | None = None

    @property
    def since(self) -> int | None:
        """The sequence number up to which everything was told; None before the first poll."""
        return self._seq

    @property
    def standing(self) -> Standing:
        """How it stands after the last poll."""
        return Standing(self._complete, self._news, self.failures)

    def given(self, day: date) -> dict[str, str]:
        """What a crawl on this day is told: the first of a day reads the one before once more."""
        return {"since": f"{self._read}"} if self._read and self._read < day else {}

    def begin(self, before: Bulletin) -> None:
        """A poll begins, the paper standing as `before` says."""
        self._title, self._run = before.title, before.run
        if self._seq is None:
            self._seq = before.newest

    def end(self, ended: Ended, after: Bulletin, day: date) -> News | None:
        """A poll that read the edition of `day` has ended; what is to be told of it."""
        self._title, self._seq, self.hours = after.title, after.newest, after.hours
        self._complete, self._news, self._reread = after.complete, after.news, after.reread
        if ended.status:
            kind, reason = self._failure(ended, after.run)
            if kind == INCOMPLETE:
                self.failures, self._read = 0, day
                return self._troubled(kind, reason, after.came)
            return self.fail(kind, reason, after.came)
        recovered, self.failures, self._told = bool(self._told), 0, ""
        self._read = day
        if not (after.came or recovered):
            return None
        return self._tell(after.came, recovered=recovered)

    def recheck_due(self, day: date) -> bool:
        """Whether past editions are to be read again on this day: they are once, by whomever."""
        done = self._reread is not None and today(self._reread) >= day
        return not done and self._rechecked != day

    def rechecked(self, ended: Ended, after: Bulletin, day: date) -> News | None:
        """Past editions were read again on this day; what is to be told of it."""
        self._seq, self._rechecked = after.newest, day
        failure = ""
        if ended.status:
            failure = f"past editions, read again: {self._failure(ended, after.run)[1]}"
        return self._tell(after.came, failure=failure) if after.came or failure else None

    def fail(self, kind: str, reason: str, came: tuple[Arrival, ...] = ()) -> News | None:
        """A poll has failed, or could not be made: the next ones come later and later."""
        self.failures += 1
        return self._troubled(kind, reason, came)

    def _troubled(self, kind: str, reason: str, came: tuple[Arrival, ...]) -> News | None:
        """Told once for each kind of trouble in a row."""
        if kind == self._told and not came:
            return None
        again, self._told = kind == self._told, kind
        return self._tell(came, failure="" if again else reason)

    def _failure(self, ended: Ended, run: Run | None) -> tuple[str, str]:
        """Its kind and why, from what the run has written down, else from what was last said."""
        if run and run != self._run and run.state in runs.TROUBLED:
            kind = REFUSED if len(run.reasons) >= MANY else run.state
            return kind, f"{run.state}{first_reason(run)}"
        how = f"signal {-ended.status}" if ended.status < 0 else f"status {ended.status}"
        return how, f"ended with {how}" + (f": {ended.said}" if ended.said else "")

    def _tell(
        self, came: tuple[Arrival, ...], *, failure: str = "", recovered: bool = False
    ) -> News:
        return News(datetime.now(UTC), self.paper, self._title, came, failure, recovered)
