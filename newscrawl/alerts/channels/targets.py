"""Where an address leads, as far as it says so itself: judged before anything is sent there."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from newscrawl.addresses import AllowedPrivate, is_public, pair
from newscrawl.alerts.channels import webhook
from newscrawl.alerts.channels.addresses import Address, parsed
from newscrawl.alerts.channels.fence import numbers
from newscrawl.alerts.channels.guard import Bounds, looked_up
from newscrawl.alerts.channels.mailto import mailbox

_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Place:
    """What is connected to."""

    host: str
    """ASCII, without brackets."""
    port: int
    ours: bool
    """By an adapter of ours, which asks for the host as it is written; Apprise for its numbers."""

    @property
    def pair(self) -> str:
        """What allows it."""
        return pair(self.host, self.port)

    def refused(self, allowed: AllowedPrivate) -> bool:
        """Whether it is private for sure, and not allowed: a number in any spelling, localhost.

        Nothing is asked of the network for it, but the names that are allowed.
        """
        found = _literal(self.host)
        return bool(found) and not any(map(is_public, found)) and not self._allowed(found, allowed)

    def doubtful(self, allowed: AllowedPrivate, bounds: Bounds) -> bool:
        """Whether its name leads to private addresses alone now; not where that cannot be told."""
        if _literal(self.host) or not self._is_name:
            return False
        try:
            found = [str(address[0]) for _, address in looked_up(self.host, self.port, bounds)]
        except (OSError, UnicodeError):
            return False
        return not any(map(is_public, found)) and not self._allowed(found, allowed)

    @property
    def _is_name(self) -> bool:
        """Not where it may be a token after all, which no name server is to hear of."""
        return self.ours or "." in self.host

    def _allowed(self, found: list[str], allowed: AllowedPrivate) -> bool:
        if allowed.allows(self.host, self.port):
            return True
        return not self.ours and any((each, self.port) in numbers(allowed) for each in found)


def place_of(url: str) -> Place | None:
    """None where the address says none, but a service that its channel knows.

    Raises UsageError, without the address in it, for what is no address.
    """
    address = parsed(url)
    if address.scheme in webhook.SECURE:
        target = webhook.target(address)
        return Place(target.host, target.port, ours=True)
    if address.scheme in ("mailto", "mailtos"):
        box = mailbox(address)
        return Place(box.host, box.port, ours=True)
    return Place(address.host, _port(address), ours=False) if address.at_host else None


def _port(address: Address) -> int:
    """As all services of Apprise at a host have it."""
    return address.port or (443 if address.scheme.endswith("s") else 80)


def _literal(host: str) -> list[str]:
    """The numbers that a host is, without any look-up of a name; none for a name."""
    if host == "localhost" or host.endswith(".localhost"):
        return list(_LOOPBACK)
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]
