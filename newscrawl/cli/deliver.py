"""`newscrawl deliver`: send what is due."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.alerts.catching import CatchingUp
from newscrawl.alerts.delivering import Report
from newscrawl.alerts.directory import secrets_in_use
from newscrawl.alerts.feed_keeper import FeedKeeper
from newscrawl.alerts.heartbeat import beat_of_delivery
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.service import deliver as send_due
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli.desk import NOBODY, AsJson, catalogue
from newscrawl.home import Home


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

    What is recorded and nobody has matched, as after a kill, is matched first.

    The exit status is 1 where something can be sent no more: `newscrawl outbox` shows it.
    """
    home = settings.home()
    with catalogue() as opened:
        with opened.read() as view:
            secrets = secrets_in_use(view, home, settings.secret_key())
        report = _sent(home, opened, secrets, ahead, as_json)
        if report is None:
            return
        if unheard := beat_of_delivery(opened, home, worked=report.worked):
            print(unheard, file=sys.stderr)
    if report.dead:
        raise typer.Exit(1)


def _sent(
    home: Home, opened: Catalogue, secrets: Secrets | None, ahead: float, as_json: bool
) -> Report | None:
    """What sending came to, which is said; None where somebody is sending already."""
    if secrets is None:
        if as_json:
            _say(Report(), as_json)
        print(NOBODY, file=sys.stderr)
        return Report()
    feeds = FeedKeeper(home, opened)
    with feeds.at_work(), closing(CatchingUp(home, opened)) as catching:
        catching.coming()  # also where somebody is sending already
        sent = send_due(home, opened, secrets, ahead, catching.coming)
        left = catching.problem
    _say(sent, as_json)
    if left:
        print(left, file=sys.stderr)
    feeds.keep()
    return sent


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
