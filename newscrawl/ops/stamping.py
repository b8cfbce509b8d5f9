"""After a sealing: the newest head is stamped, once, where the settings say by whom.

A head covers all days before it, so that only the newest needs a stamp: that of a day on which it
failed is covered by the next. First the stamp is durable, then the catalogue knows it; after a kill
between the two it is asked for anew.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from newscrawl import settings
from newscrawl.alerts.allowed import allowed_private
from newscrawl.archive import manifests as kept
from newscrawl.archive.proof import Stamp
from newscrawl.catalogue import manifests
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.manifests import SealedDay
from newscrawl.errors import NewscrawlError
from newscrawl.home import Home
from newscrawl.ops import chained
from newscrawl.text.dates import iso

AT_ONCE = "tsr"
"""What an authority says needs nobody afterwards."""
PAUSE = timedelta(minutes=2)
"""After a failed try; each time as much longer, so that polls do not all wait for it."""
LONGEST_PAUSE = timedelta(hours=1)


def stamp(home: Home, catalogue: Catalogue, *, patient: bool = True) -> str | None:
    """Have the newest head stamped, if it is not; what failed, for a person.

    `patient`: not soon after a try that failed. The caller holds the seal lock.
    """
    if not settings.STAMP:
        return None
    with catalogue.read() as view:
        newest = chained.newest(view)
    now = datetime.now(UTC)
    if newest is None or newest.stamped_at or (patient and now < _next(newest)):
        return None
    from newscrawl.ops.stamps import Stamper  # takes a quarter of a second, once a day

    try:
        stamper = Stamper.parse(settings.STAMP, settings.STAMP_CA)
        assert stamper is not None
        made = stamper.stamp(newest.head, allowed_private())
        kept.write_stamp(home.manifests, newest.day, made.kind, made.content)
    except NewscrawlError as error:
        with catalogue.write() as tx:
            manifests.not_stamped(tx, newest.day, iso(now), str(error))
        return f"the head of {newest.day} is not stamped: {error}"
    with catalogue.write() as tx:
        digest = sha256(made.content).hexdigest()
        manifests.stamped(tx, newest.day, iso(datetime.now(UTC)), digest)
        if made.kind == AT_ONCE:
            manifests.proven(tx, newest.day, iso(datetime.now(UTC)))
    return None


def fault(home: Home, sealed: SealedDay) -> str | None:
    """What is wrong with the stamp of a day that was stamped; None where nothing is."""
    if not kept.stamps(home.manifests, sealed.day):
        return "the stamp of its head is missing"
    held = kept_stamp(home, sealed)
    if held is None:
        return "the stamp of its head is not the one that was kept"
    from newscrawl.ops.stamps import fault as judged

    return judged(held, sealed.head)


def kept_stamp(home: Home, sealed: SealedDay) -> Stamp | None:
    """The stamp of a day's head, as it was kept; None where it is missing, was changed, or cannot
    be read.
    """
    for path in kept.stamps(home.manifests, sealed.day):
        try:
            content = path.read_bytes()
        except OSError:
            continue  # as if it were another
        if sha256(content).hexdigest() in {sealed.stamp_digest, sealed.stamp_next}:
            return Stamp(path.suffix.removeprefix("."), content)
    return None


def _next(sealed: SealedDay) -> datetime:
    if sealed.stamp_tried_at is None:
        return datetime.min.replace(tzinfo=UTC)
    pause = min(sealed.stamp_tries * PAUSE, LONGEST_PAUSE)
    return datetime.fromisoformat(sealed.stamp_tried_at) + pause
