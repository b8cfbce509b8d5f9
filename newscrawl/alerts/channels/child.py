"""`python -m newscrawl.alerts.channels.child`: one job for Apprise, read from the standard input.

Apprise has some 180 services, most of them unread by us, and gets text of pages and addresses of
strangers. So it runs here: no private address is connected to, no redirect followed, no file read
but Python's own, none written, no program started, and an alarm ends it all.
"""

from __future__ import annotations

import logging
import os
import signal
import sys

from newscrawl.alerts.channels.fence import Fence
from newscrawl.alerts.channels.jobs import Job, Report


def main() -> None:
    answers = os.dup(1)
    _silence()
    job = Job.loaded(sys.stdin.buffer.read())
    from newscrawl.alerts.channels import service

    service.ready()  # takes its time, which is not the other side's
    signal.setitimer(signal.ITIMER_REAL, job.seconds)
    fence = Fence(job.pairs())
    fence.install()
    report = service.send(job) if job.body else service.describe(job)
    if fence.private and report.verdict == "failed":
        report = Report("private", allow=",".join(fence.pairs))
    os.write(answers, report.dumped())


def _silence() -> None:
    """Nothing that is logged or printed here, addresses among it, reaches anybody."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    logging.disable(logging.CRITICAL)


if __name__ == "__main__":
    main()
