"""Every channel that has no adapter of its own: Apprise, in a process that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels import reasons, robots
from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.alerts.channels.guard import MOST_READ, SECONDS
from newscrawl.alerts.channels.jobs import Job, Report
from newscrawl.alerts.channels.retry import wait
from newscrawl.alerts.outcome import Later, Outcome, Refused, Sent
from newscrawl.alerts.rendering.formats import Format
from newscrawl.alerts.rendering.splitting import Part
from newscrawl.errors import NewscrawlError, UsageError

START = 20.0
"""Seconds that the process may take before its own clock runs."""
_PASSED_ON = frozenset({"PATH", "PYTHONPATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR"})


def send(
    url: str, part: Part, written: Format, allowed: AllowedPrivate, seconds: float = SECONDS
) -> Outcome:
    """One part. A failure is one of which nothing is known, unless the answer refuses it."""
    job = Job(
        url=url,
        seconds=seconds,
        most=MOST_READ,
        allowed=tuple(allowed.pairs),
        title=part.title,
        body=part.body,
        format=written,
    )
    report = _done(job)
    if report is None:
        return Later(reasons.SLOW)
    if report.verdict == "sent":
        return Sent(receipt=str(report.status or ""))
    if report.verdict == "private":
        return Refused(reasons.private(report.allow))
    if report.verdict == "unknown":
        return Refused(reasons.UNREADABLE)
    reason = f"answered {report.status}" if report.status else "the channel has not taken it"
    if report.refused and report.code:
        reason = f"answered {report.code}: {robots.why(parsed(url).scheme, report.code)}"
    if report.refused:
        return Refused(reason)
    return Later(reason, after=wait(report.retry_after, time.time()))


def described(url: str) -> Report:
    """What Apprise knows of the channel. Raises UsageError, without the address in it, for one
    that nothing can be sent to; another NewscrawlError where it cannot be asked now.
    """
    report = _done(Job(url=url, seconds=SECONDS, most=MOST_READ))
    if report is None:
        raise NewscrawlError(f"{shown(url)}: the channel cannot be asked now")
    if report.verdict != "known":
        raise UsageError(f"{shown(url)}: {_REASONS[report.verdict]}")
    return report


_REASONS = {
    "unknown": "no channel that is known, or not written as the channel asks for",
    "local": "a channel of this machine alone, which leads to no subscriber",
}


def _done(job: Job) -> Report | None:
    """None where the process has not answered. The address goes by a pipe: arguments and the
    environment are there for others to see.
    """
    with subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: text for name, text in os.environ.items() if name in _PASSED_ON},
        start_new_session=True,
    ) as process:
        try:
            answered, _nothing = process.communicate(job.dumped(), timeout=job.seconds + START)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
    try:
        return Report.loaded(answered)
    except (ValueError, TypeError):
        return None
