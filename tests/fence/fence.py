"""Keeps the tests, and the commands they start, from the network: only loopback is reached."""

from __future__ import annotations

import errno
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

MESSAGE = "the tests reach loopback only"
_INTERNET = (socket.AF_INET, socket.AF_INET6)


def install() -> None:
    """Fence in this process. Connecting elsewhere fails, and so does every look-up of a name."""
    if getattr(socket.socket.connect, "fenced", False):
        return
    connect, connect_ex, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def fenced_connect(self: socket.socket, address: Any) -> None:
        if self.family in _INTERNET and not is_near(address[0]):
            raise OSError(errno.ENETUNREACH, f"{MESSAGE}, not {address}")
        connect(self, address)

    def fenced_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in _INTERNET and not is_near(address[0]):
            return errno.ENETUNREACH
        return connect_ex(self, address)

    def fenced_getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        if not (host is None or is_near(host) or _address(host)):
            raise socket.gaierror(socket.EAI_NONAME, f"{MESSAGE}, and look up no {host}")
        return getaddrinfo(host, *rest, **more)

    fenced_connect.fenced = True  # type: ignore[attr-defined]
    socket.socket.connect = fenced_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = fenced_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = fenced_getaddrinfo


def is_near(host: str | bytes) -> bool:
    """Whether a host, as it is given to connect, is this machine's loopback."""
    if host in {"", b"", "localhost", b"localhost"}:
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def _address(host: str | bytes) -> IPv4Address | IPv6Address | None:
    """The address that a host is without any look-up: `::1`, `127.0.0.1`, also `0x7f.1`."""
    try:
        name = host.decode() if isinstance(host, bytes) else host.encode("idna").decode()
        return ip_address(name) if ":" in name else IPv4Address(socket.inet_aton(name))
    except (OSError, ValueError):
        return None
