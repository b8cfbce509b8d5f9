"""A message on its way: whether it is still to be sent, and how far it has come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from newscrawl.alerts.channels.limits import limits
from newscrawl.alerts.channels.sending import Course
from newscrawl.alerts.message import Division
from newscrawl.catalogue import leases
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.outbox import Delivery
from newscrawl.catalogue.subscribers import Address
from newscrawl.pace import Pace


@dataclass(frozen=True, slots=True)
class Target:
    """Where it goes."""

    address: Address
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Errand:
    """A delivery and where it goes. Its methods are for the thread that sends it."""

    delivery: Delivery
    to: Target
    composed: frozenset[int]
    """The matches that the message tells of."""
    catalogue: Catalogue
    pace: Pace

    @property
    def course(self) -> Course:
        """How far it has come, and who is asked on its way."""
        begin = self.delivery.parts if self.delivery.division else 0
        return Course(begin=begin, ready=self._ready, keep=self._keep, arrived=self._arrived)

    def _ready(self) -> bool:
        """Keep the channel's rate, also beside other deliverers, and only then ask whether it is
        still wanted, and all that it tells of: who has unsubscribed meanwhile, and of what was
        withdrawn whoever waits for it, gets no more than what is on its way.
        """
        if a_minute := limits(self.to.url).a_minute:
            time.sleep(self.pace.reserve(self.to.address.fingerprint, 60 / a_minute))
        with self.catalogue.read() as view:
            held = leases.holds(view, self.delivery)
            return held and self.composed <= leases.told(view, self.delivery)

    def _keep(self, division: Division) -> bool:
        with self.catalogue.write() as tx:
            return leases.divide(tx, self.delivery, division)

    def _arrived(self, parts: int) -> None:
        with self.catalogue.write() as tx:
            leases.arrived(tx, self.delivery, parts)
