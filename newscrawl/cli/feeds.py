"""`newscrawl feeds DIRECTORY`: every subscription as an Atom and a JSON feed, in files."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.alerts.directory import secrets_in_use
from newscrawl.alerts.feed_files import Written, kept_in, write
from newscrawl.cli.desk import NOBODY, AsJson, catalogue
from newscrawl.errors import UsageError


def feeds(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="DIRECTORY", help="Without it, that of NEWSCRAWL_FEEDS."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write every subscription's feeds as files, whole or not at all; cron may.

    Their names cannot be guessed: `newscrawl subscriptions feed NAME` tells them. What has not
    changed is not touched; feeds of removed subscriptions are taken away.
    """
    home = settings.home()
    folder = directory or kept_in(home)
    if folder is None:
        raise UsageError("give the DIRECTORY for the feeds, or set NEWSCRAWL_FEEDS")
    with catalogue() as opened:
        with opened.read() as view:
            secrets = secrets_in_use(view, home, settings.secret_key())
        done = write(folder, home, opened, secrets) if secrets else Written()
    if secrets is None:
        print(NOBODY, file=sys.stderr)
    if as_json:
        print(json.dumps(asdict(done)))
    elif secrets:
        print(f"{done.feeds} feeds: {done.written} files written, {done.removed} removed")
