"""Serving the application: one process, which ends on SIGTERM and says little."""

from __future__ import annotations

import errno
import signal
import socket

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from newscrawl.errors import NewscrawlError
from newscrawl.web.front import places
from newscrawl.web.guard import HEADERS, UNSTORED, Guard

_GRACE = 10
"""Seconds for answers on their way when the process is told to end."""

_WHY = {
    errno.EADDRINUSE: "is in use: choose another with --port",
    errno.EADDRNOTAVAIL: "is no address of this machine: choose another with --host",
    errno.EACCES: "is not for this user: choose one from 1024 on with --port",
    socket.EAI_NONAME: "has no such host: choose another with --host",
}
"""By the error's number."""


class CannotListen(NewscrawlError):
    """The address is taken, or is none of this machine."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections; port 0 takes any that is free. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        known = _WHY.get(error.errno or 0)
        why = known or f"cannot be had: {error.strerror}: choose another with --host and --port"
        raise CannotListen(f"{host} port {port} {why}") from error


def address_of(listening: socket.socket) -> str:
    """Its URL."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: Guard, listening: socket.socket) -> None:
    """Answer until SIGTERM or SIGINT.

    Addresses hold secrets, so requests are not logged, and what a proxy says of them in
    X-Forwarded-… is not believed, since nothing here depends on it.
    """
    server = Server(
        Config(
            app,
            loop="asyncio",
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        )
    )
    # Whatever moment a signal comes at: uvicorn gives it back to these handlers at its end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    print(address_of(listening), places(), sep="\n", flush=True)
    server.run(sockets=[listening])


class _Protocol(H11Protocol):
    """What is no HTTP never reaches the application; its answer carries the same headers."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it says how one failed
        self.transport.write(_NO_HTTP)
        self.transport.close()


def _plain(status: str, text: str) -> bytes:
    told = {
        **HEADERS,
        "cache-control": UNSTORED,
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(text)),
        "connection": "close",
    }
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", text]).encode()


_NO_HTTP = _plain("400 Bad Request", "This is not a request that can be read.\n")
