"""`newscrawl seal`: a manifest for every day that is over."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import typer

from newscrawl import settings
from newscrawl.cli.holding import progress_bar
from newscrawl.ops.sealing import seal
from newscrawl.terminal import many

UNSOUND = 1


def seal_days() -> None:
    """Seal the days that are over, never the present one; crawls and imports do so at their end.

    Calendars that promised to stamp are asked what became of it, and their answer is kept.

    Exit status 0: all is sealed, and stamped where NEWSCRAWL_STAMP says by whom, or somebody is at
    it; 1: something was left out or refused, and why.
    """
    with progress_bar("seal") as progress:
        report = seal(settings.home(), datetime.now(UTC), progress=progress)
    days, records = many(len(report.days), "day"), many(report.records, "record")
    print(f"sealed {days}, {records}: {_span(report.days)}")
    promises = report.promises
    if promises.proven or promises.open:
        still = f"{len(promises.open)} still a calendar's promise"
        print(f"stamps: {len(promises.proven)} stand in a block of Bitcoin now, {still}")
    if report.ahead:
        print(
            f"{report.ahead} is sealed though it is yet to come, for the clock was ahead: its "
            "manifest stays as it is, and those of other days follow it"
        )
    for line in report.troubles:
        print(line, file=sys.stderr)
    if report.troubles:
        raise typer.Exit(UNSOUND)


def _span(days: list[str]) -> str:
    if not days:
        return "no day that is over was left"
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
