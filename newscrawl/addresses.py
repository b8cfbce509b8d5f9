"""Which network addresses a crawler may connect to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from newscrawl.errors import UsageError

_ALSO_PRIVATE = tuple(
    ip_network(block)
    for block in (
        "100.64.0.0/10",  # shared by carriers; 100.100.100.200 is a cloud's metadata service
        "192.88.99.0/24",  # 6to4 relays
        "2002::/16",  # 6to4: an IPv4 address of anybody's choice inside
        "2001::/32",  # Teredo, likewise
        "64:ff9b::/96",  # NAT64, likewise
        "64:ff9b:1::/48",
    )
)
_NO_HOST = re.compile(r"[/@\s]")
"""Whoever lists a URL would allow nothing by it."""


@dataclass(frozen=True, slots=True)
class AllowedPrivate:
    """Private `host:port` pairs that an operator has allowed."""

    pairs: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def parse(cls, text: str, setting: str = "NEWSCRAWL_ALLOW_PRIVATE") -> AllowedPrivate:
        """From `host:port,host:port`, as `setting` has it. Raises UsageError for anything else."""
        pairs = set()
        for part in filter(None, (part.strip() for part in text.split(","))):
            host, _colon, port = part.rpartition(":")
            if not host or not port.isdecimal() or _NO_HOST.search(host):
                raise UsageError(
                    f"{setting}: {part!r} is not host:port, such as 127.0.0.1:8080 or [::1]:8080"
                )
            pairs.add((host.strip("[]").lower(), int(port)))
        return cls(frozenset(pairs))

    def allows(self, host: str, port: int) -> bool:
        return (host.strip("[]").lower(), port) in self.pairs


def pair(host: str, port: int) -> str:
    """A host without brackets and its port, as `AllowedPrivate.parse` reads them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_public(text: str) -> bool:
    """Whether an IP address, as a resolver gives it, belongs to the public Internet."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not address.is_global or address.is_multicast:
        return False
    return not any(address in block for block in _ALSO_PRIVATE if block.version == address.version)
