"""Servers on loopback that take what is sent, or behave as badly as a test wants."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from newscrawl.addresses import AllowedPrivate

Talk = Callable[[socket.socket], None]
"""What a server does with a connection; an OSError ends it."""


@dataclass
class Sink:
    """What a server has got so far."""

    port: int
    connections: int = 0
    got: list[bytes] = field(default_factory=list)
    sent: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def allowed(self) -> AllowedPrivate:
        return AllowedPrivate.parse(f"127.0.0.1:{self.port},localhost:{self.port}")


@contextmanager
def serving(talk: Callable[[Sink, socket.socket], None], tls=None) -> Iterator[Sink]:
    """A server on loopback; `talk` is called in a thread for each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    sink = Sink(listener.getsockname()[1])

    def converse(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(30)
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            with connection:
                talk(sink, connection)

    def accept() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            sink.connections += 1
            threading.Thread(target=converse, args=(connection,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield sink
    finally:
        sink.ended.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()


def request(connection: socket.socket) -> bytes:
    """A whole request: head, and the body that its Content-Length announces."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise ConnectionResetError
    return data


def answering(status: str = "200 OK", *headers: str, body: bytes = b"ok"):
    """A server that keeps each request and gives one answer."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])

    def talk(sink: Sink, connection: socket.socket) -> None:
        sink.got.append(request(connection))
        connection.sendall(head.encode() + b"\r\n\r\n" + body)

    return talk


def pouring(start: bytes, more: bytes):
    """A server that never comes to an end."""

    def talk(sink: Sink, connection: socket.socket) -> None:
        sink.got.append(request(connection))
        connection.sendall(start)
        while not sink.ended.is_set():
            connection.sendall(more)
            sink.sent += len(more)

    return talk


def dripping(start: bytes, drop: bytes):
    """A server that always has something more to say, soon."""

    def talk(sink: Sink, connection: socket.socket) -> None:
        connection.sendall(start)
        while not sink.ended.wait(0.02):
            connection.sendall(drop)

    return talk


def silent(sink: Sink, connection: socket.socket) -> None:
    """A server that says nothing."""
    with suppress(OSError):
        while connection.recv(65_536):
            pass
    sink.ended.wait(30)
