"""One request over a guarded connection: no redirects, no proxies, nothing of the environment."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.guard import Bounds, connected, trusted

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask."""

    secure: bool
    host: str
    """ASCII, without brackets."""
    port: int
    path: str
    """With the query."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after: str = ""
    body: bytes = b""
    """Where it was to be read."""


class NotSent(Exception):
    """Failed, for its cause, before anything of the request was written."""


FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.RemoteProtocolError,
    OSError,
)
"""Where it may have arrived."""


def request(
    method: str,
    target: Target,
    headers: Headers,
    body: bytes,
    allowed: AllowedPrivate,
    bounds: Bounds,
    *,
    read: bool = False,
) -> Answer:
    """The answer, with what it says where that is to be `read`. Raises NotSent, or one of
    FAILURES.
    """
    logging.getLogger("httpcore").setLevel(logging.WARNING)  # it would log what is answered
    backend = _Backend(allowed, bounds)
    host = f"[{target.host}]" if ":" in target.host else target.host
    url = httpcore.URL(
        scheme=b"https" if target.secure else b"http",
        host=target.host.encode("ascii"),
        port=target.port,
        target=target.path.encode("ascii"),
    )
    named = [("Host", f"{host}:{target.port}"), *headers]
    with httpcore.ConnectionPool(ssl_context=trusted(), network_backend=backend) as pool:
        try:
            with pool.stream(method, url, headers=named, content=body) as response:
                return _answer(response, read=read)
        except (*FAILURES, UnicodeError) as error:
            if backend.written:
                raise
            raise NotSent from error


def _answer(response: httpcore.Response, *, read: bool) -> Answer:
    """The status is the answer as a rule; what follows it is not read then."""
    found = {name.lower(): value.decode("latin-1") for name, value in response.headers}
    body = response.read() if read else b""
    return Answer(response.status, found.get(b"retry-after", ""), body)


class _Backend(httpcore.NetworkBackend):
    """What the pool knows of a network; their time stands above its own."""

    def __init__(self, allowed: AllowedPrivate, bounds: Bounds) -> None:
        self._allowed = allowed
        self.bounds = bounds
        self.written = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        return _Stream(connected(host, port, self._allowed, self.bounds), self)


class _Stream(httpcore.NetworkStream):
    """Its time is that of the bounds, whatever `timeout` says."""

    def __init__(self, connection: socket.socket, backend: _Backend) -> None:
        self._connection = connection
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        try:
            self._connection.settimeout(self._backend.bounds.left())
            data = self._connection.recv(max_bytes)
            self._backend.bounds.read(len(data))
        except OSError as error:
            raise httpcore.ReadError from error
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        if not buffer:
            return
        self._backend.written = True
        try:
            self._connection.settimeout(self._backend.bounds.left())
            self._connection.sendall(buffer)
        except OSError as error:
            raise httpcore.WriteError from error

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        self._connection.settimeout(self._backend.bounds.left())
        try:
            secured = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except OSError:
            self.close()
            raise
        return _Stream(secured, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._connection if info == "ssl_object" and self._secured else None

    @property
    def _secured(self) -> bool:
        return isinstance(self._connection, ssl.SSLSocket)
