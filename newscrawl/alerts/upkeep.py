"""Looking after what waits: what has become old expires, what keeps failing is told elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from newscrawl.alerts.falling import fall_back
from newscrawl.alerts.plan import Keyed
from newscrawl.catalogue import arrears, expiry, letters, subscriptions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.text.dates import iso

EVERY_SECONDS = 60.0
"""Between two looks."""


@dataclass(slots=True)
class Upkeep:
    """Looks, once in a while."""

    catalogue: Catalogue
    keyed: Keyed
    kept: float
    """Seconds after which what could not be sent is old news."""
    patience: float
    """Seconds of failing after which it is told elsewhere."""
    expired: int = 0
    """Deliveries that have expired so far."""
    _looked: float = float("-inf")

    def look(self) -> None:
        if time.monotonic() - self._looked < EVERY_SECONDS:
            return
        self._looked = time.monotonic()
        clock = datetime.now(UTC)
        old, since = (iso(clock - timedelta(seconds=each)) for each in (self.kept, self.patience))
        now = iso(clock)
        with self.catalogue.read() as view:
            if not expiry.any_old(view, old) and not letters.failing(view, since, now):
                return
        with self.catalogue.write() as tx:
            arrears.forget(tx, old)
            gone = expiry.expire(tx, old, self.keyed)
            self.expired += len(gone)
            failed = [*_active(tx, gone), *letters.failing(tx, since, now)]
            fall_back(tx, failed, self.keyed, now)


def _active(tx: Transaction, ids: Iterable[int]) -> list[int]:
    """What has only waited because its subscription is paused is not told elsewhere either."""
    deliveries = letters.by_ids(tx, ids)
    held = subscriptions.by_ids(tx, {each.subscription_id for each in deliveries})
    return [each.id for each in deliveries if held[each.subscription_id].state == "active"]
