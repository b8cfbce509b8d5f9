"""How many bytes are kept, by paper and by the day on which they were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newscrawl import settings
from newscrawl.archive.layout import begun
from newscrawl.home import Home
from newscrawl.index.store import Store
from newscrawl.ops.growth import LONGEST_DAYS, WINDOW_DAYS, Growth, forecast
from newscrawl.ops.place import free_bytes
from newscrawl.text.dates import today

SHOWN_DAYS = 7
MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class PaperUsage:
    """A paper's archive."""

    paper: str
    bytes: int
    """In all."""
    by_day: tuple[int, ...]
    """Written on each of the days of the usage that it is part of."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a home takes, in bytes."""

    archive: int
    catalogue: int
    index: int
    free: int
    days: tuple[str, ...]
    """The last ones, today included, in Shanghai."""
    papers: tuple[PaperUsage, ...]
    growth: Growth

    @property
    def shortage(self) -> str:
        """What asks for attention; empty where the disk lasts."""
        left = self.growth.days_left
        if left is None or left >= settings.FREE_SPACE_DAYS:
            return ""
        return (
            f"the disk is full in {left} {'day' if left == 1 else 'days'}, at the growth of the "
            f"last {self.growth.over_days:.0f} days"
        )


def measure(home: Home, now: datetime) -> Usage:
    """Look at every file of a home at the aware time `now`; nothing is read or created."""
    days = [today(now) - timedelta(days=back) for back in reversed(range(SHOWN_DAYS))]
    totals: dict[str, int] = defaultdict(int)
    by_day: dict[tuple[str, str], int] = defaultdict(int)
    since = now - timedelta(days=WINDOW_DAYS)
    first, written = now, 0
    for path, size in _archive(home):
        paper, moment = path.parts[-3], begun(path)
        totals[paper] += size
        if moment is not None:
            by_day[paper, today(moment).isoformat()] += size
            first = min(first, moment)
            written += size if moment >= since else 0
    shown = tuple(day.isoformat() for day in days)
    archive, free = sum(totals.values()), free_bytes(home)
    catalogue = sum(_size(path) for path in home.root.glob(f"{home.catalogue.name}*"))
    index = sum(_size(path) for path in Store.of(home).root.rglob("*"))
    growth = forecast(
        written=written,
        over_days=(now - max(first, since)) / timedelta(days=1),
        archive=archive,
        derived=catalogue + index,
        room=free - settings.FREE_SPACE_MB * MEGABYTE,
    )
    papers = (
        PaperUsage(paper, total, tuple(by_day[paper, day] for day in shown))
        for paper, total in sorted(totals.items())
    )
    return Usage(archive, catalogue, index, free, shown, tuple(papers), growth)


def lasting(growth: Growth) -> str:
    """For how long the disk lasts, for a person."""
    over = f"{growth.over_days:.0f} {'day' if round(growth.over_days) == 1 else 'days'}"
    if growth.bytes_a_day is None:
        return f"growth: too little to say after {over}"
    if growth.days_left is None:
        return f"growth: nothing in the last {over}"
    left = "more than 10 years" if growth.days_left == LONGEST_DAYS else f"{growth.days_left} days"
    return (
        f"growth: {growth.bytes_a_day / 1e6:,.1f} MB a day in the last {over}, catalogue and index "
        f"estimated; the disk is full in {left}"
    )


def _archive(home: Home) -> Iterator[tuple[Path, int]]:
    for path in home.snapshots.glob("*/*/*"):  # also what others have put there
        if size := _size(path):
            yield path, size


def _size(path: Path) -> int:
    """0 for what is no file, or is one no more."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0
