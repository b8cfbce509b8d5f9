from __future__ import annotations

import threading

import pytest

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.guard import Bounds, PrivateTarget, TooMuch, connected
from tests.alerts.channels.sinks import serving, silent

NOTHING = AllowedPrivate()
LITERALS = [
    "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "127。0。0。1", "１２７.0.0.1",
    "localhost", "0.0.0.0", "0", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254",
    "100.100.100.200", "100.64.0.1", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fd00:ec2::254",
]  # fmt: skip


@pytest.mark.parametrize("host", LITERALS)
def test_d1_no_spelling_of_a_private_address_is_connected_to(host):
    with serving(silent) as sink, Bounds() as bounds:
        with pytest.raises((PrivateTarget, UnicodeError)) as refusal:
            connected(host, sink.port, NOTHING, bounds)
        assert not sink.connections
    if isinstance(refusal.value, PrivateTarget):
        assert AllowedPrivate.parse(refusal.value.pair).allows(host, sink.port)


@pytest.mark.parametrize(
    "answer",
    [["127.0.0.1"], ["10.0.0.5", "::1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], ["100.64.0.1"]],
)
def test_d1_no_name_of_a_private_address_is_connected_to(answer, resolver):
    resolver.knows("127.0.0.1.nip.example", answer)
    with serving(silent) as sink, Bounds() as bounds:
        with pytest.raises(PrivateTarget):
            connected("127.0.0.1.nip.example", sink.port, NOTHING, bounds)
        assert not sink.connections


def test_d1_a_name_is_looked_up_once_and_exactly_that_is_connected_to(resolver):
    resolver.knows("rebinding.example", ["8.8.8.8"], ["127.0.0.1"])
    with serving(silent) as sink, Bounds() as bounds:
        with pytest.raises(OSError, match="loopback only"):
            connected("rebinding.example", sink.port, NOTHING, bounds)
        assert resolver.asked == ["rebinding.example"]
        assert not sink.connections


def test_of_several_addresses_the_public_ones_are_tried(resolver):
    resolver.knows("both.example", ["127.0.0.1", "8.8.8.8", "2400:3200::1"])
    with serving(silent) as sink, Bounds() as bounds:
        with pytest.raises(OSError, match="2400:3200::1"):
            connected("both.example", sink.port, NOTHING, bounds)
        assert not sink.connections


def test_what_an_operator_allows_is_that_host_and_port():
    with serving(silent) as sink, serving(silent) as other, Bounds() as bounds:
        connected("127.0.0.1", sink.port, sink.allowed, bounds).close()
        with pytest.raises(PrivateTarget):
            connected("127.0.0.1", other.port, sink.allowed, bounds)


def test_a_resolver_that_hangs_is_waited_for_so_long(monkeypatch):
    ended = threading.Event()

    def hang(*_rest, **_more):
        ended.wait(30)
        return []

    monkeypatch.setattr("socket.getaddrinfo", hang)
    with Bounds(0.2) as bounds, pytest.raises(TimeoutError):
        connected("slow.example", 80, NOTHING, bounds)
    ended.set()


def test_a_connection_ends_with_its_time_whoever_waits():
    with serving(silent) as sink, Bounds(0.2) as bounds:
        connection = connected("127.0.0.1", sink.port, sink.allowed, bounds)
        connection.settimeout(None)
        assert connection.recv(1) == b""
        assert bounds.over
        connection.close()


def test_what_is_read_is_bounded_in_all():
    with Bounds(10, 10) as bounds:
        bounds.read(6)
        bounds.read(4)
        with pytest.raises(TooMuch):
            bounds.read(1)
