"""What calendars of OpenTimestamps have made of their promises: asked after every sealing.

The file with the stamp is written anew then. What it is to become stands in the catalogue before,
so that a kill between the two leaves a stamp that is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from newscrawl import settings
from newscrawl.alerts.allowed import allowed_private
from newscrawl.archive import manifests as kept
from newscrawl.catalogue import manifests
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.manifests import SealedDay
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops.stamping import AT_ONCE, kept_stamp
from newscrawl.text.dates import iso

PAUSE = timedelta(hours=1)
"""Between two questions about a promise: a block takes ten minutes, a calendar waits for some."""


@dataclass(slots=True)
class Promises:
    """What became of the promises."""

    proven: list[str] = field(default_factory=list)
    """Days whose stamp stands in a block of Bitcoin, as was told now."""
    open: list[str] = field(default_factory=list)
    """Days whose stamp is a promise still."""
    refused: list[str] = field(default_factory=list)
    """What failed, for a person."""


def follow_up(home: Home, catalogue: Catalogue, *, patient: bool) -> Promises:
    """Ask what became of every promise, if anybody is to stamp at all.

    `patient`: not of one that was asked about lately, and no further where a calendar fails, for
    somebody waits. The caller holds the seal lock.
    """
    report = Promises()
    if not settings.STAMP:
        return report
    with catalogue.read() as view:
        waiting = manifests.promises(view)
    now = datetime.now(UTC)
    for sealed in waiting:
        if patient and (report.refused or now < _next(sealed)):
            report.open.append(sealed.day)
            continue
        try:
            _ask(home, catalogue, sealed, report)
        except NewscrawlError as error:
            report.refused.append(f"{sealed.day}: {error}")
            report.open.append(sealed.day)
    return report


def _ask(home: Home, catalogue: Catalogue, sealed: SealedDay, report: Promises) -> None:
    """Raises NewscrawlError."""
    held = kept_stamp(home, sealed)
    if held is None:  # `newscrawl verify` names it
        report.open.append(sealed.day)
        return
    if held.kind == AT_ONCE:
        with catalogue.write() as tx:
            manifests.proven(tx, sealed.day, iso(datetime.now(UTC)))
        return
    if sha256(held.content).hexdigest() == sealed.stamp_next:  # after a kill
        with catalogue.write() as tx:
            manifests.became(tx, sealed.day)
    from newscrawl.ops import calendars  # takes a quarter of a second
    from newscrawl.ops.stamps import stamped_line

    with catalogue.write() as tx:
        manifests.asked(tx, sealed.day, iso(datetime.now(UTC)))
    answer = calendars.completed(held.content, stamped_line(sealed.head), allowed_private())
    if answer.content != held.content:
        with catalogue.write() as tx:
            manifests.to_become(tx, sealed.day, sha256(answer.content).hexdigest())
        kept.write_stamp(home.manifests, sealed.day, held.kind, answer.content)
        with catalogue.write() as tx:
            manifests.became(tx, sealed.day)
    if answer.blocks:  # one calendar that keeps its promise is enough
        with catalogue.write() as tx:
            manifests.proven(tx, sealed.day, iso(datetime.now(UTC)))
        report.proven.append(sealed.day)
    else:
        report.refused += [f"{sealed.day}: {each}" for each in answer.refused]
        report.open.append(sealed.day)


def _next(sealed: SealedDay) -> datetime:
    if sealed.promise_asked_at is None:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.fromisoformat(sealed.promise_asked_at) + PAUSE
