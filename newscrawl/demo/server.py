"""Serves a site on loopback and keeps account of every body that it sends."""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from newscrawl.demo.bulk import bulk_editions
from newscrawl.demo.edition import Edition, demo_editions
from newscrawl.demo.fates import AFTERMATH
from newscrawl.demo.site import Answer, Answering, Site
from newscrawl.demo.skins import PLAIN, SKINS

LOOPBACK = "127.0.0.1"
_CHUNK = 1500


@dataclass(frozen=True, slots=True)
class Served:
    """One request and the body that answered it."""

    path: str
    """With its query."""
    status: int
    length: int
    """Bytes of the body: content coding on, transfer coding off."""
    sha256: str
    """Of the same bytes, 64 hexadecimal digits."""
    user_agent: str
    arrived: float
    """Seconds of the monotonic clock, as the request had been read."""


class LoopbackServer(ThreadingHTTPServer):
    """A server that also ends the connections that its clients keep open."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, port: int, handler: type[BaseRequestHandler]) -> None:
        super().__init__((LOOPBACK, port), handler)
        self._connections: set[socket.socket] = set()
        self._lock = Lock()

    @property
    def port(self) -> int:
        return self.server_port

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is shown as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve in a thread; at the end every connection is closed and every thread joined."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()
            self._hang_up()
            self.server_close()

    def _hang_up(self) -> None:
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # the client may have been faster
                    connection.shutdown(socket.SHUT_RDWR)


class DemoServer(LoopbackServer):
    """A site at an address, with the list of what it was asked."""

    def __init__(self, site: Answering, port: int, log: TextIO | None) -> None:
        super().__init__(port, _Handler)
        self.site = site
        self._log = log
        self._served: list[Served] = []
        self._served_lock = Lock()

    @property
    def requests(self) -> list[Served]:
        """What was served so far, in the order in which the answers were ready; a copy."""
        with self._served_lock:
            return list(self._served)

    def note(self, served: Served) -> None:
        with self._served_lock:
            self._served.append(served)
            if self._log is not None:
                self._log.write(json.dumps(asdict(served), ensure_ascii=False) + "\n")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: DemoServer

    def do_GET(self) -> None:
        arrived = monotonic()
        answer = self.server.site.answer(self.command, self.path, self.headers)
        body = b"" if self.command == "HEAD" else answer.body
        self.server.note(
            Served(
                path=self.path,
                status=answer.status,
                length=len(body),
                sha256=hashlib.sha256(body).hexdigest(),
                user_agent=self.headers.get("User-Agent", ""),
                arrived=arrived,
            )
        )
        self.wfile.write(_head(answer) + (_chunks(body) if answer.chunked and body else body))

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Served requests are in the server's list."""


def _head(answer: Answer) -> bytes:
    length = (
        ("Transfer-Encoding", "chunked")
        if answer.chunked
        else ("Content-Length", str(len(answer.body)))
    )
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += (f"{name}: {value}" for name, value in (*answer.headers, length))
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _chunks(body: bytes) -> bytes:
    pieces = (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@contextmanager
def serve(site: Answering, port: int = 0, log: Path | None = None) -> Iterator[DemoServer]:
    """Serve a site on 127.0.0.1, its answers rendered beforehand, until the block ends.

    Port 0 takes a free one. Each request is appended to `log` as a line of JSON.
    """
    with ExitStack() as stack:
        lines = stack.enter_context(log.open("a", buffering=1, encoding="utf-8")) if log else None
        server = DemoServer(site, port, lines)
        site.prepare(server.url)
        stack.enter_context(server.running())
        yield server


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m newscrawl.demo.server`: serve until the time is over or SIGTERM comes.

    Prints the address, and nothing else, once it answers.
    """
    options = _parser().parse_args(arguments)
    site = Site(_editions(options), SKINS[options.skin])
    if options.late:
        site.publish_late()
    if options.edited:
        site.edit()
    if options.aftermath:
        site.befall({options.first: AFTERMATH})
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with serve(site, options.port, options.log) as server:
        print(server.url, flush=True)
        ended.wait(options.seconds)


def _editions(options: argparse.Namespace) -> dict[date, Edition]:
    if options.articles:
        return bulk_editions(options.articles, options.seed)
    return demo_editions(options.first, options.second)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m newscrawl.demo.server", description=__doc__)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    day = date.fromisoformat
    first = "day of the edition of which all can be had; yesterday, in Shanghai"
    second = "day of the edition that lists an article that is not there; today"
    yesterday = today - timedelta(days=1)
    parser.add_argument("--first", type=day, default=yesterday, metavar="DATE", help=first)
    parser.add_argument("--second", type=day, default=today, metavar="DATE", help=second)
    parser.add_argument("--articles", type=int, default=0, help="serve this many instead (bulk)")
    parser.add_argument("--seed", type=int, default=1, help="of the bulk articles")
    parser.add_argument("--skin", choices=SKINS, default=PLAIN.name, help="how it is written")
    parser.add_argument("--port", type=int, default=0, help="0, unless given: any that is free")
    parser.add_argument("--seconds", type=float, default=3600, help="end after so many; 3600")
    parser.add_argument("--late", action="store_true", help="the late article is published")
    parser.add_argument("--edited", action="store_true", help="the edited article is changed")
    aftermath = "of the first: articles are withdrawn, moved, blocked; frames change"
    parser.add_argument("--aftermath", action="store_true", help=aftermath)
    parser.add_argument("--log", type=Path, help="append what was served, a line of JSON each")
    return parser


if __name__ == "__main__":
    main()
