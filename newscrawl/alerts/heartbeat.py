"""The alarm of the alarm: a service elsewhere is asked after every run that worked.

Whoever reads alerts cannot tell silence from failure; that service can, and alarms when nobody has
asked it for as long as it was told to wait. Nothing of this fails a run, and no reason that is
given says the address.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from newscrawl import settings, unheard
from newscrawl.alerts.allowed import allowed_private
from newscrawl.alerts.outcome import Sent
from newscrawl.alerts.unmatched import PATIENCE, Unmatched
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.text.dates import iso

PLACE = "{work}"
"""What in the address is replaced by the name of the work, so that each has an alarm of its own."""
DELIVERING = "deliver"


def beat(work: str, home: Home) -> str | None:
    """Say that this work has been done, where a heartbeat is set.

    What kept it from being heard, in a few words; None where it was heard, or nobody is to hear.
    It is noted in the home as well.
    """
    said = _asked(work)
    with suppress(OSError):  # a disk that is full fails no run here, and is told of elsewhere
        unheard.note(home, work, said, iso(datetime.now(UTC)))
    return said


def _asked(work: str) -> str | None:
    if not settings.HEARTBEAT_URL:
        return None
    from newscrawl.alerts.channels.beating import ask  # a crawl without a heartbeat does not wait

    try:
        allowed = allowed_private()
    except UsageError as error:
        return f"heartbeat not heard: {error}"
    outcome = ask(settings.HEARTBEAT_URL.replace(PLACE, work), allowed)
    return None if isinstance(outcome, Sent) else f"heartbeat not heard: {outcome.reason}"


def beat_of_delivery(catalogue: Catalogue, home: Home, *, worked: bool) -> str | None:
    """As `beat`, for who sends: silent where it did not work, or nobody matches any more."""
    return beat(DELIVERING, home) if worked and not _unmatched(catalogue) else None


def _unmatched(catalogue: Catalogue) -> bool:
    """Whether a version that subscriptions may concern has waited for too long."""
    with catalogue.read() as view:
        waiting = Unmatched.of(view)
    return waiting is not None and waiting.waited(datetime.now(UTC), PATIENCE)
