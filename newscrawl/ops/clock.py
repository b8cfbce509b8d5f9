"""Whether this machine's clock can be believed: what the doctor says of it.

A snapshot says when it was made. Nothing is asked of the network: the captures tell, by their own
times and by what the sites have said that the time was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.reader import read_snapshot
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.items import Snapshot
from newscrawl.ops.findings import Finding
from newscrawl.text.dates import shown

TOLERATED = timedelta(minutes=5)
RECENT = timedelta(days=7)
"""What sites said before that is of a clock that may have been set since."""
ASKED, FEWEST = 40, 5
"""Of the newest captures; answers that say the time, at least, before it means something."""
EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""Before this newscrawl there was none."""
SET = "set the clock, and have it kept: `timedatectl set-ntp true`"


def examine(home: Home, catalogue: Catalogue | None, now: datetime) -> Iterator[Finding]:
    """At the aware time `now`, which is what the clock says."""
    if now < EARLIEST:
        yield _finding(f"says {shown(now)}, which is past long since")
    if catalogue is None:
        return
    with catalogue.read() as view:
        newest = snapshots.latest_time(view)
        places = snapshots.newest_places(view, ASKED)
    if newest and (ahead := datetime.fromisoformat(newest) - now) > TOLERATED:
        yield _finding(f"{_length(ahead)} behind the newest capture, of {shown(now + ahead)}")
    elif off := offset(list(_answers(home, places, now - RECENT))):
        how = "ahead of" if off > timedelta() else "behind"
        yield _finding(f"{_length(abs(off))} {how} what the sites say that were captured last")


def ahead(home: Home, catalogue: Catalogue, now: datetime) -> str | None:
    """How far the clock is ahead of what the sites say that were captured last, where that is more
    than a day: what is dated by it would be of a day that is yet to come.
    """
    with catalogue.read() as view:
        places = snapshots.newest_places(view, ASKED)
    answers = [each for each in _answers(home, places, now - RECENT) if each.captured_at <= now]
    off = offset(answers)
    return _length(off) if off and off > timedelta(days=1) else None


def offset(answers: Sequence[Snapshot]) -> timedelta | None:
    """How far the times of captures are from what every one of these answers says; positive where
    they are later. None within what is tolerated, and where too few say anything.

    An answer may have lain in a cache (`Age`), and a single server may be wrong; so the one that
    agrees best counts.
    """
    gaps = sorted((gap for each in answers if (gap := _gap(each)) is not None), key=abs)
    return gaps[0] if len(gaps) >= FEWEST and abs(gaps[0]) > TOLERATED else None


def _gap(answer: Snapshot) -> timedelta | None:
    fields = {name.lower(): value for name, value in answer.headers}
    try:
        said = parsedate_to_datetime(fields[b"date"].decode("ascii"))
        age = timedelta(seconds=int(fields.get(b"age", b"0")))
        return answer.captured_at - said.astimezone(UTC) - age
    except (KeyError, ValueError, OverflowError):
        return None


def _answers(home: Home, places: Sequence[tuple[str, int]], since: datetime) -> Iterator[Snapshot]:
    for path, offset in places:
        try:
            found = read_snapshot(home.snapshots, path, offset)
        except (DamagedArchive, OSError):
            continue  # named with the archive
        if found.captured_at >= since:
            yield found


def _finding(what: str) -> Finding:
    return Finding("clock", what, "this machine", SET)


def _length(time: timedelta) -> str:
    """`3 days`, `7 h`, `12 min`."""
    minutes = round(time / timedelta(minutes=1))
    if minutes >= 2 * 24 * 60:
        return f"{minutes // (24 * 60)} days"
    return f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"
