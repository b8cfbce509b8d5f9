"""Crontab lines: meant in Shanghai, written in the host's zone, at work in cron's empty world."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path

from newscrawl.errors import NewscrawlError
from newscrawl.text.dates import SHANGHAI

SAME_DAY = (time(5, 10), time(6, 10), time(7, 40), time(9, 10), time(11, 40))
"""When today's edition is read, Asia/Shanghai: it comes out early, and grows until noon."""
DAY_AFTER = (time(3, 40),)
"""When yesterday's edition is read once more, for what was added late."""
RECHECK = (time(1, 30),)
"""When editions of past days are read again, for what was edited, moved or withdrawn."""
RETENTION = (time(2, 40),)
"""When what is older than its paper is kept is taken down."""
SPREAD_MINUTES = 20
"""Papers start up to this much later than the times above, each at a minute of its own."""
LONGEST_COMMAND = 998
"""Bytes; Debian's cron refuses a line with a longer command."""
KILL_SECONDS = 60
OVERTIME_SECONDS = 120
"""What a run has beyond its own deadline before `timeout` ends it from outside."""
DAY_MINUTES = 24 * 60

_YESTERDAY = '-a date="$(TZ=CST-8 date -d yesterday +%F)"'
"""Computed when the line runs. `CST-8` is Shanghai's time also where no zone tables are."""


class CrontabError(NewscrawlError):
    """The crontab cannot be written."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where a line finds everything; absolute paths."""

    project: Path
    """The folder with scrapy.cfg."""
    scrapy: Path
    """The environment's `scrapy` program."""
    home: Path
    """NEWSCRAWL_HOME."""
    deadline: int
    """Seconds after which a run ends itself; 0 for never."""
    given: tuple[tuple[str, str], ...] = ()
    """Settings of the environment, `(NEWSCRAWL_X, value)`, that the lines hand on."""
    recheck: int = 0
    """Days whose editions are read again at night; 0 for none."""
    retention: bool = False
    """Whether a paper is kept for some days only."""

    @property
    def newscrawl(self) -> Path:
        """The program beside `scrapy`."""
        return self.scrapy.with_name("newscrawl")

    @property
    def begin(self) -> str:
        """The line before ours in a crontab; every home has lines of its own."""
        return f"# newscrawl: begin {self.home}"

    @property
    def end(self) -> str:
        """The line after ours."""
        return f"# newscrawl: end {self.home}"


def block(
    installation: Installation, papers: Iterable[str], zone: tzinfo | None, now: datetime
) -> str:
    """The lines of these papers between their markers, ending with a line break.

    `zone` is that of the host's cron, None for what this process has; `now` is an aware time.
    Raises CrontabError for paths that no crontab can hold.
    """
    lines = [installation.begin, *_comments(installation, zone, now)]
    for paper in papers:
        lines.extend(_lines(installation, paper, zone, now))
    if installation.retention:
        command = _command(installation, f"{_quoted(installation.newscrawl)} retention apply")
        lines.extend(_timed("", RETENTION, zone, now, command))
    return "\n".join([*lines, installation.end, ""])


def with_block(crontab: str, installation: Installation, written: str) -> str:
    """The crontab with `written` in place of this home's lines; no other line is touched.

    Raises CrontabError where it cannot be told which lines are ours.
    """
    before, after = _around(crontab, installation)
    if before and not before.endswith("\n"):
        before += "\n"
    return before + written + after


def without_block(crontab: str, installation: Installation) -> str:
    """The crontab without this home's lines. Raises CrontabError like `with_block`."""
    return "".join(_around(crontab, installation))


def shown(times: Iterable[time]) -> str:
    """`05:10 06:10`."""
    return " ".join(f"{each:%H:%M}" for each in times)


def _around(crontab: str, installation: Installation) -> tuple[str, str]:
    """What stands before and after our lines; everything is before where there are none."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", crontab)
    bare = [line.removesuffix("\n") for line in lines]
    begins = [at for at, line in enumerate(bare) if line == installation.begin]
    ends = [at for at, line in enumerate(bare) if line == installation.end]
    if not begins and not ends:
        return crontab, ""
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        raise CrontabError(
            f"the crontab's lines {installation.begin!r} and {installation.end!r} are no pair: "
            "remove what is newscrawl's with `crontab -e`, then install again"
        )
    return "".join(lines[: begins[0]]), "".join(lines[ends[0] + 1 :])


def _comments(installation: Installation, zone: tzinfo | None, now: datetime) -> Iterator[str]:
    here = now.astimezone(zone)
    yield "# Kept by `newscrawl schedule --install`; changes between these lines are lost."
    yield (
        f"# Meant: {shown(SAME_DAY)}, and {shown(DAY_AFTER)} for the day before, in Shanghai, "
        f"each paper up to {SPREAD_MINUTES} minutes later."
    )
    if installation.recheck:
        yield (
            f"# {shown(RECHECK)}: editions of the last {installation.recheck} days once more, for "
            "what was edited, moved or withdrawn, the older the more rarely."
        )
    if installation.retention:
        yield f"# {shown(RETENTION)}: what is older than its paper is kept is taken down."
    yield f"# Written: in this host's time, {here:%Z}, UTC{here:%z}."
    yield "# Settings, NEWSCRAWL_X, are those of the environment in which this was written."
    change = _next_change(zone, now)
    if change:
        yield (
            f"# This host has summer time; the lines are for the offset UTC{here:%z}. Install "
            f"again after {change:%Y-%m-%d}, when the clock changes."
        )


def _next_change(zone: tzinfo | None, now: datetime) -> datetime | None:
    """When the host's clock is set next, within a year; to the hour, in its own zone."""
    held = _offset(zone, now)
    hours = (now + timedelta(hours=number) for number in range(366 * 24))
    change = next((hour for hour in hours if _offset(zone, hour) != held), None)
    return change and change.astimezone(zone)


def _offset(zone: tzinfo | None, now: datetime) -> timedelta | None:
    return now.astimezone(zone).utcoffset()


def _lines(
    installation: Installation, paper: str, zone: tzinfo | None, now: datetime
) -> Iterator[str]:
    work = [(SAME_DAY, ""), (DAY_AFTER, _YESTERDAY)]
    if installation.recheck:
        work.append((RECHECK, f"-a recheck={installation.recheck}"))
    for times, arguments in work:
        command = _command(installation, _crawl(installation, paper, arguments))
        yield from _timed(paper, times, zone, now, command)


def _timed(
    paper: str, times: Iterable[time], zone: tzinfo | None, now: datetime, command: str
) -> Iterator[str]:
    for minute, hours in _when(paper, times, zone, now).items():
        yield f"{minute} {','.join(map(str, sorted(hours)))} * * * {command}"


def _when(
    paper: str, times: Iterable[time], zone: tzinfo | None, now: datetime
) -> dict[int, list[int]]:
    """The minutes, and the hours of each, in the host's zone."""
    host, shanghai = _offset(zone, now), _offset(SHANGHAI, now)
    assert host is not None
    assert shanghai is not None
    shift = round((host - shanghai) / timedelta(minutes=1)) + _spread(paper)
    hours: dict[int, list[int]] = {}
    for each in times:
        hour, minute = divmod((each.hour * 60 + each.minute + shift) % DAY_MINUTES, 60)
        hours.setdefault(minute, []).append(hour)
    return hours


def _spread(paper: str) -> int:
    return int.from_bytes(hashlib.sha256(paper.encode()).digest()[:4]) % SPREAD_MINUTES


def _crawl(installation: Installation, paper: str, arguments: str) -> str:
    limit = installation.deadline and installation.deadline + OVERTIME_SECONDS
    return (
        f"timeout --kill-after={KILL_SECONDS} {limit} {_quoted(installation.scrapy)} "
        f"crawl {_quoted(paper)} {arguments}"
    )


def _command(installation: Installation, run: str) -> str:
    """What cron hands to /bin/sh, as it has to stand in a crontab."""
    path = f"{installation.scrapy.parent}:/usr/local/bin:/usr/bin:/bin"
    given = "".join(f" {name}={_quoted(value)}" for name, value in installation.given)
    command = (
        f"cd {_quoted(installation.project)} && "
        f"export NEWSCRAWL_HOME={_quoted(installation.home)} PATH={_quoted(path)} LANG=C.UTF-8"
        f"{given} && "
        'mkdir -p -m 700 "$NEWSCRAWL_HOME/logs" && '
        f'{run.rstrip()} >>"$NEWSCRAWL_HOME/logs/cron.log" 2>&1'
    )
    escaped = _escaped(command)
    length = len(escaped.encode(errors="surrogateescape"))
    if "\n" in escaped or length > LONGEST_COMMAND:
        raise CrontabError(
            f"{installation.home}: a crontab cannot hold a line ({length} bytes, "
            f"at most {LONGEST_COMMAND}, and no line break): use shorter, plainer paths, or fewer "
            "NEWSCRAWL_ settings"
        )
    return escaped


def _quoted(text: object) -> str:
    return shlex.quote(str(text))


def _escaped(command: str) -> str:
    r"""`%` is a line break to cron, `\%` is `%`, and `\\%` is not what it looks like.

    A backslash stands in single quotes only, so two more quotes part it from the `\%`.
    """
    return re.sub(r"(\\?)%", lambda found: (found[1] and r"\''") + r"\%", command)
