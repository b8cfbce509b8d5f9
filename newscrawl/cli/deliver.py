"""`newscrawl deliver`: send what is due."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.alerts.delivering import Report
from newscrawl.alerts.feed_keeper import FeedKeeper
from newscrawl.alerts.heartbeat import beat_of_delivery
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.service import deliver as send_due
from newscrawl.cli.desk import AsJson, catalogue


def deliver(
    ahead: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", min=0.0, help="Wait for what is due by then, as a retry may be."
        ),
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Send what subscriptions have matched and is due; every crawl does it, and cron may.

    The exit status is 1 where something can be sent no more: `newscrawl outbox` shows it.
    """
    home = settings.home()
    with catalogue() as opened:
        secrets = Secrets.of(settings.secret_key(), home.secret_key)
        feeds = FeedKeeper(home, opened)
        with feeds.at_work():
            report = send_due(home, opened, secrets, ahead)
        _say(report, as_json)
        feeds.keep()
        if report is None:
            return
        if unheard := beat_of_delivery(opened, home, worked=report.worked):
            print(unheard, file=sys.stderr)
    if report.dead:
        raise typer.Exit(1)


def _say(report: Report | None, as_json: bool) -> None:
    if report is None:
        print("somebody is sending already", file=sys.stderr)
        return
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        print(report.line)
    for reason, count in report.errors.items():
        print(f"  {count} × {reason}", file=sys.stderr)
