from __future__ import annotations

import pytest

from newscrawl.addresses import AllowedPrivate, is_public, pair
from newscrawl.errors import UsageError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.100.100.200", "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "2001:0:53aa:64c::", "64:ff9b::7f00:1",
        "192.88.99.1", "not an address", "",
    ],
)  # fmt: skip
def test_a3_private_addresses_in_every_spelling(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1"])
def test_public_addresses(address):
    assert is_public(address)


def test_what_an_operator_allows_is_a_host_and_a_port():
    allowed = AllowedPrivate.parse("127.0.0.1:8000, Localhost:80,[::1]:9")
    assert allowed.allows("127.0.0.1", 8000)
    assert allowed.allows("localhost", 80)
    assert allowed.allows("::1", 9)
    assert not allowed.allows("127.0.0.1", 8001)


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "host:", ":x", ":80", "host:80:", "http://127.0.0.1:80", "a@host:80", "a b:80"],
)
def test_anything_else_is_refused(text):
    with pytest.raises(UsageError, match=r"^NEWSCRAWL_ALLOW_PRIVATE: "):
        AllowedPrivate.parse(text)
    with pytest.raises(UsageError, match=r"^NEWSCRAWL_OTHER: .* is not host:port, such as "):
        AllowedPrivate.parse(text, "NEWSCRAWL_OTHER")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "::ffff:10.0.0.1"])
def test_a_pair_allows_what_it_is_written_for(host):
    assert AllowedPrivate.parse(pair(host, 9)).allows(host, 9)
