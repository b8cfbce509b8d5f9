"""Writing to addresses that are to be confirmed, and saying what became of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from newscrawl import settings
from newscrawl.alerts.allowed import allowed_private
from newscrawl.alerts.confirming import Asker
from newscrawl.alerts.directory import Confirmation
from newscrawl.alerts.links import Links
from newscrawl.alerts.outcome import Sent
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue import subscribers
from newscrawl.cli.desk import catalogue
from newscrawl.errors import UsageError


def ask(waiting: Sequence[Confirmation], out: TextIO | None = None) -> bool:
    """Ask each, and tell it in a line, on stdout if not elsewhere; whether all of them were sent.

    Raises UsageError without NEWSCRAWL_PUBLIC_URL.
    """
    if not waiting:
        return True
    links = Links.parse(settings.PUBLIC_URL)
    if links is None:
        raise UsageError("NEWSCRAWL_PUBLIC_URL is not set: the link to confirm would lead nowhere")
    with catalogue() as opened, opened.read() as view:
        people = subscribers.by_ids(view, {each.address.subscriber_id for each in waiting})
    asker = Asker(
        Secrets.of(settings.secret_key(), settings.home().secret_key),
        links,
        allowed_private(),
    )
    good = True
    for address, outcome in asker.ask(waiting, {n: each.language for n, each in people.items()}):
        if isinstance(outcome, Sent):
            print(f"{address.shown}: is used once it is confirmed: a letter asks for it", file=out)
            continue
        good = False
        print(
            f"{address.shown}: could not be asked: {outcome.reason}; `newscrawl subscriptions ask` "
            "tries again",
            file=sys.stderr,
        )
    return good
