"""A person whose subscriptions are told at a sink on loopback."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.composing import Composer
from newscrawl.alerts.delivering import Deliverer, Policy
from newscrawl.alerts.journal import Journal
from newscrawl.alerts.links import Links
from newscrawl.alerts.matcher import Matcher
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue import letters, subscribers
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.outbox import Delivery
from newscrawl.catalogue.routes import Route, lay_routes
from newscrawl.catalogue.subscriptions import Secret
from newscrawl.pace import Pace
from tests.people import address, person, subscription

KEY = "0123456789abcdef0123456789abcdef"
EVERY = ("waiting", "leased", "sent", "dead", "cancelled", "expired")


@dataclass
class Told:
    """The catalogue, and what it takes to send from it."""

    catalogue: Catalogue
    secrets: Secrets = field(default_factory=lambda: Secrets(KEY, "the test's key"))
    links: Links | None = None

    def subscribe(self, query: str, *urls: str, fallback: str = "", **changes: Any) -> int:
        """A subscription of a person of its own, told at these addresses."""
        with self.catalogue.write() as tx:
            one = person(tx, changes.pop("who", f"p{len(subscribers.everybody(tx))}"))
            held = [self._address(tx, one, url) for url in urls]
            spare = self._address(tx, one, fallback) if fallback else None
            changes |= {"feed": self.secret(), "unsubscribe": self.secret()}
            number = subscription(tx, one, "渡口", tuple(held), query=query, **changes)
            if spare is not None:
                routes = [Route(number, each, fallback=each == spare) for each in (*held, spare)]
                lay_routes(tx, number, routes)
        return number

    def _address(self, tx: Any, one: int, url: str) -> int:
        sealed, mark = self.secrets.seal(url), self.secrets.fingerprint(url)
        return address(tx, one, mark[:6], sealed=sealed, fingerprint=mark)

    def secret(self) -> Secret:
        sealed = self.secrets.seal("token")
        return Secret(sealed, sealed)

    def match(self) -> None:
        matcher = Matcher(self.catalogue, self.secrets.fingerprint, note=self.journal().note)
        while matcher.step():
            pass

    def deliverer(self, allowed: AllowedPrivate, pace: Pace, **policy: Any) -> Deliverer:
        composer = Composer(self.secrets, self.links)
        return Deliverer(self.catalogue, composer, self.journal(), pace, allowed, Policy(**policy))

    def journal(self) -> Journal:
        return Journal(self.catalogue.path.parent / "told", self.secrets.fingerprint)

    def outbox(self) -> list[Delivery]:
        """Everything, in the order in which it was written."""
        with self.catalogue.read() as view:
            return sorted(letters.listed(view, EVERY, 99_999), key=lambda each: each.id)


def key_of(request: bytes) -> str:
    """The idempotency key of a request to a webhook."""
    head = request.partition(b"\r\n\r\n")[0].decode()
    lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    return lines["Idempotency-Key"]


def body_of(request: bytes) -> dict[str, Any]:
    return json.loads(request.partition(b"\r\n\r\n")[2])
