"""The guard at connect: a real endpoint, a reactor that only notes where it would connect to."""

from __future__ import annotations

import pytest
from scrapy.resolver import dnscache
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IReactorPluggableNameResolver
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from zope.interface import implementer

from newscrawl.middlewares import GuardedResolver

HOST, PORT = "news.example.com", 80
PUBLIC, OTHER, PRIVATE, METADATA = "93.184.215.14", "93.184.215.15", "127.0.0.1", "100.100.100.200"


class Names:
    """A name server that gives each of `answers` in turn, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver, name, port=0, types=None, transport="TCP"):  # noqa: N802
        receiver.resolutionBegan(self)
        for host in self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]:
            kind = IPv6Address if ":" in host else IPv4Address
            receiver.addressResolved(kind("TCP", host, port))
        receiver.resolutionComplete()
        return self


@implementer(IReactorPluggableNameResolver)
class Reactor(MemoryReactorClock):
    """Resolves through our guard, with no cache unless one is asked for."""

    def __init__(self, names: Names, cache: int = 0) -> None:
        super().__init__()
        self.nameResolver = names
        self.nameResolver = GuardedResolver(self, cache)

    def installNameResolver(self, resolver):  # noqa: N802
        """Wanted by the interface; nobody calls it here."""

    def reached(self) -> list[str]:
        """Where one more connection to the host goes, all its attempts."""
        before = len(self.tcpClients)
        failures: list[object] = []
        HostnameEndpoint(self, HOST, PORT).connect(Factory()).addErrback(failures.append)
        self.pump([0.3] * 10)
        return [client[0] for client in self.tcpClients[before:]]


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch):
    monkeypatch.setattr(GuardedResolver, "refused", set())
    dnscache.clear()
    yield
    dnscache.clear()


def test_a4_a_name_that_turns_private_is_no_longer_connected_to():
    reactor = Reactor(Names([PUBLIC], [PRIVATE]))
    assert reactor.reached() == [PUBLIC]
    assert reactor.reached() == []
    assert GuardedResolver.refused == {(HOST, PORT)}


@pytest.mark.parametrize("private", [PRIVATE, METADATA, "fe80::1", "::ffff:10.0.0.1", "2002::1"])
def test_a4_of_several_addresses_only_the_public_are_connected_to(private):
    assert Reactor(Names([PUBLIC, private, OTHER])).reached() == [PUBLIC, OTHER]
    assert not GuardedResolver.refused


def test_a4_what_is_remembered_is_checked_again():
    reactor = Reactor(Names([PRIVATE, PUBLIC]), cache=10)
    assert reactor.reached() == [PUBLIC]
    assert reactor.reached() == [PUBLIC]
    assert HOST in dnscache
