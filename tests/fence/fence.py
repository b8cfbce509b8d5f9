"""Keeps the tests, and the commands they start, from the network: only loopback is reached."""

from __future__ import annotations

import errno
import ipaddress
import socket
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
        if not (host is None or is_near(host) or _is_literal(host)):
            raise socket.gaierror(socket.EAI_NONAME, f"{MESSAGE}, and look up no {host}")
        return getaddrinfo(host, *rest, **more)

    fenced_connect.fenced = True  # type: ignore[attr-defined]
    socket.socket.connect = fenced_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = fenced_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = fenced_getaddrinfo


def is_near(host: str | bytes) -> bool:
    """Whether a host, as it is given to connect, is this machine's loopback."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"", "localhost"}:
        return True
    return _is_literal(name) and ipaddress.ip_address(name).is_loopback


def _is_literal(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
