"""`python -m newscrawl.alerts match|deliver HOME`: who matches and who sends, each a process."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

from newscrawl import logs, settings
from newscrawl.alerts import matcher
from newscrawl.alerts.client import deliverer
from newscrawl.alerts.feed_keeper import FeedKeeper
from newscrawl.alerts.heartbeat import beat_of_delivery
from newscrawl.alerts.journal import Journal
from newscrawl.alerts.matcher import Matcher
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.service import deliver
from newscrawl.catalogue import upcoming
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.text.dates import iso

_log = logging.getLogger("newscrawl.alerts")


def main() -> int:
    """Work until idle; 0 also when somebody else is at work."""
    parser = argparse.ArgumentParser(prog="newscrawl.alerts")
    parser.add_argument("work", choices=("match", "deliver"))
    parser.add_argument("home", type=Path)
    parser.add_argument("--idle", type=float, default=5.0, metavar="SECONDS")
    options = parser.parse_args()
    logs.begin()
    home = Home(options.home)
    try:
        catalogue = Catalogue.existing(home.catalogue)
        secrets = Secrets.of(settings.secret_key(), home.secret_key)
        gc.freeze()  # what is loaded by now stays, and is not looked through again and again
        if options.work == "match":
            _match(home, catalogue, secrets, options.idle)
        else:
            _deliver(home, catalogue, secrets, options.idle)
    except NewscrawlError as error:
        _log.error("%s", error)
        return error.status
    return 0


def _match(home: Home, catalogue: Catalogue, secrets: Secrets, idle: float) -> None:
    sender = deliverer(home)

    def send_due() -> None:
        """Also what an earlier run left: a retry, a digest, what waited for the morning."""
        with catalogue.read() as view:
            due = upcoming.next_due(view)
        if due is not None and due <= iso(datetime.now(UTC)):
            sender.signal()

    send_due()
    journal = Journal(home.told, secrets.fingerprint)
    follower = Matcher(catalogue, secrets.fingerprint, sender.signal, journal.note)
    matcher.run(home, follower, idle)
    send_due()
    sender.close()


def _deliver(home: Home, catalogue: Catalogue, secrets: Secrets, idle: float) -> None:
    feeds = FeedKeeper(home, catalogue)
    with feeds.at_work():
        report = deliver(home, catalogue, secrets, idle)
    if report is None:
        return
    if report.sent or report.later or report.dead or report.expired or report.told:
        _log.info("%s", report.line)
    for reason, count in report.errors.items():
        _log.warning("%d times: %s", count, reason)
    feeds.keep()
    if unheard := beat_of_delivery(catalogue, home, worked=report.worked):
        _log.warning("%s", unheard)


if __name__ == "__main__":
    sys.exit(main())
