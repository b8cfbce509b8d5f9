"""Whether papers are still crawled as they are meant to be: what the doctor says of the schedule.

The crontab tells what was installed. Where something else starts crawls, a timer of systemd or
`newscrawl watch`, only the runs tell: a paper that came every day, and then no more.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newscrawl.catalogue import retention, runs
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.ops.findings import Finding
from newscrawl.text.dates import today

LATE = timedelta(hours=24)
DAYS, OF_DAYS = 3, 7
"""A paper that was crawled on so many of the days before its last run has a rhythm."""
INSTALL = "`newscrawl schedule --install` again"
GO_ON = "see `newscrawl status`; `newscrawl schedule --install`, or `newscrawl watch`, crawls it"
_WRITTEN = re.compile(r"^# Written: .*UTC([+-]\d{4})\.$", re.MULTILINE)
_RUN = re.compile(r"timeout --kill-after=\d+ \d+ (.+?) crawl (\S+) ")


@dataclass(frozen=True, slots=True)
class _Lines:
    """What a crontab says of a home."""

    offset: str | None
    """Of the host's zone, `+0800`, when they were written."""
    programs: Mapping[str, Path]
    """By paper, what is started."""
    retires: bool = False
    """Whether what is older than it is kept is taken down."""


def examine(home: Home, catalogue: Catalogue, crontab: str, now: datetime) -> Iterator[Finding]:
    """By what `crontab -l` prints, and what was run; `now` is aware."""
    lines = _lines(home, crontab)
    if lines:
        yield from _installed(lines, now)
    with catalogue.read() as view:
        if lines and not lines.retires and (kept := retention.stored(view)):
            what = "kept for some days only, and nothing takes down what is older"
            yield Finding("schedule", what, ", ".join(each.paper for each in kept), INSTALL)
        crawled = {
            paper: run for paper, run in runs.newest(view).items() if run.state != runs.IMPORTED
        }
        for paper, run in crawled.items():
            scheduled = lines is not None and paper in lines.programs
            if scheduled or _is_regular(runs.days_before(view, paper, OF_DAYS)):
                late = now - datetime.fromisoformat(run.started)
                if late > LATE:
                    hours = late / timedelta(hours=1)
                    how = "scheduled" if scheduled else "crawled daily before"
                    what = f"{how}, and no run has begun for {hours:.0f} h"
                    yield Finding("schedule", what, paper, GO_ON)


def _installed(lines: _Lines, now: datetime) -> Iterator[Finding]:
    here = f"{now.astimezone():%z}"
    if lines.offset not in {None, here}:
        what = f"written for UTC{lines.offset}, and this host has UTC{here}: runs come at odd hours"
        yield Finding("schedule", what, "crontab", INSTALL)
    for program in sorted({each for each in lines.programs.values() if not each.is_file()}):
        yield Finding("schedule", f"starts {program}, which is not there", "crontab", INSTALL)


def _lines(home: Home, crontab: str) -> _Lines | None:
    begin, end = f"# newscrawl: begin {home.root}\n", f"# newscrawl: end {home.root}"
    if begin not in crontab:
        return None
    ours = crontab.partition(begin)[2].partition(end)[0]
    written = _WRITTEN.search(ours)
    programs = {paper: Path(shlex.split(program)[0]) for program, paper in _RUN.findall(f"{ours} ")}
    return _Lines(written and written[1], programs, " retention apply " in ours)


def _is_regular(days: list[str]) -> bool:
    """Of the times of runs."""
    return len({today(datetime.fromisoformat(each)) for each in days}) >= DAYS
