"""A server on loopback that misbehaves as a test asks: a table of handlers by path."""

from __future__ import annotations

import gzip
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from threading import Event, Lock

from newscrawl.demo.server import LoopbackServer


class Visit(BaseHTTPRequestHandler):
    """A request and the raw means to answer it; the connection ends with the answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HostileServer

    def do_GET(self) -> None:
        self.server.note(self.path)
        self.close_connection = True
        self.server.behaviour(self.path)(self)

    def head(self, status: int, **headers: str) -> None:
        """Send status and headers; underscores in names stand for hyphens."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()

    def pause(self, seconds: float) -> bool:
        """Wait; True if the server is being closed meanwhile."""
        return self.server.closing.wait(seconds)

    def log_message(self, *_: object) -> None:
        """What was asked is in the server's list."""


Behaviour = Callable[[Visit], None]


class HostileServer(LoopbackServer):
    """Counts what it was asked; `closing` is set when the test is over."""

    def __init__(self, table: Mapping[str, Behaviour]) -> None:
        super().__init__(0, Visit)
        self.closing = Event()
        self._table = table
        self._asked: list[str] = []
        self._asked_lock = Lock()

    @property
    def asked(self) -> list[str]:
        """The paths so far, with their queries, in order."""
        with self._asked_lock:
            return list(self._asked)

    def note(self, path: str) -> None:
        with self._asked_lock:
            self._asked.append(path)

    def behaviour(self, path: str) -> Behaviour:
        return self._table.get(path) or self._table.get(path.partition("?")[0]) or reply("no", 404)


@contextmanager
def hostile(table: Mapping[str, Behaviour]) -> Iterator[HostileServer]:
    """Serve a table of behaviours by path, with or without query; anything else is 404.

    The table may be changed, and may be filled once the address is known.
    """
    server = HostileServer(table)
    with server.running():
        try:
            yield server
        finally:
            server.closing.set()


def reply(body: bytes | str, status: int = 200, **headers: str) -> Behaviour:
    """An ordinary answer; HTML unless said otherwise, `Content_Type="…"`."""
    content = body.encode() if isinstance(body, str) else body
    fields = {
        "Content_Type": "text/html; charset=utf-8",
        "Content_Length": str(len(content)),
        **headers,
    }

    def behave(visit: Visit) -> None:
        visit.head(status, **fields)
        visit.wfile.write(content)

    return behave


def redirect(location: str, status: int = 302) -> Behaviour:
    """To anywhere: `file:///etc/passwd`, `data:,x`, `http://10.0.0.1/`."""
    return reply(b"", status, Location=location)


def bomb(size: int) -> Behaviour:
    """A gzip body that becomes `size` zeros."""
    return reply(gzip.compress(bytes(size), mtime=0), Content_Encoding="gzip")


def flood(size: int, *, announced: bool = True) -> Behaviour:
    """A plain body of `size` bytes, with or without its length in the headers."""

    def behave(visit: Visit) -> None:
        length = {"Content_Length": str(size)} if announced else {}
        visit.head(200, Content_Type="text/html", **length)
        block = b"<p>" + b"x" * 65533
        for start in range(0, size, len(block)):
            visit.wfile.write(block[: size - start])

    return behave


def trickle(body: bytes, pause: float) -> Behaviour:
    """A byte at a time, `pause` seconds between two."""

    def behave(visit: Visit) -> None:
        visit.head(200, Content_Type="text/html", Content_Length=str(len(body)))
        for byte in body:
            visit.wfile.write(bytes([byte]))
            if visit.pause(pause):
                return

    return behave


def cut(body: bytes, announced: int) -> Behaviour:
    """Fewer bytes than the headers announce."""
    return reply(body, Content_Length=str(announced))


def silent(visit: Visit) -> None:
    """Takes the request and never answers."""
    visit.pause(600)


def reset(visit: Visit) -> None:
    """Ends the connection with a reset instead of an answer."""
    visit.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    visit.connection.close()
