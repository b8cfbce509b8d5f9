"""Connections to public addresses only, for so many seconds in all, reading so much at most."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import TracebackType
from typing import Any, Self

from newscrawl.addresses import AllowedPrivate, is_public, pair

SECONDS = 10.0
"""For everything that one attempt takes."""
MOST_READ = 64 * 1024
"""Bytes of an answer."""


class PrivateTarget(OSError):
    """A name or number that leads to private addresses only."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.pair = pair(host, port)
        """What would allow it."""


class TooMuch(OSError):
    """The other side says more than is read."""


class Bounds:
    """What one attempt may take. When its time is over, every connection made under it ends,
    whoever waits for it and in whatever; reading from one counts towards what is read in all.
    """

    def __init__(self, seconds: float = SECONDS, most: int = MOST_READ) -> None:
        self._until = time.monotonic() + seconds
        self._room = most
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for one in self._watched:
                one.close()
            self._watched.clear()

    def left(self) -> float:
        """Seconds, more than none. Raises TimeoutError when they are over."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._until

    def read(self, count: int) -> None:
        """So many bytes have been read. Raises TooMuch."""
        self._room -= count
        if self._room < 0:
            raise TooMuch

    def watch(self, connection: socket.socket) -> None:
        """End it with the time: by a handle of our own, since TLS takes over the first."""
        with self._lock:
            self._watched.append(connection.dup())
        if self.over:  # the timer may have come before
            self._end()

    def _end(self) -> None:
        with self._lock:
            for one in self._watched:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


Found = list[tuple[int, tuple[Any, ...]]]
"""Families and socket addresses."""


def connected(host: str, port: int, allowed: AllowedPrivate, bounds: Bounds) -> socket.socket:
    """A connection to exactly one of the addresses that the name has now and that were judged.

    Raises PrivateTarget, TimeoutError, another OSError, or UnicodeError for what is no name.
    """
    found = looked_up(host, port, bounds)
    judged = found if allowed.allows(host, port) else [one for one in found if is_public(one[1][0])]
    if not judged:
        raise PrivateTarget(host, port)
    failed: OSError | None = None
    for family, address in judged:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(bounds.left())
            bounds.watch(connection)
            connection.connect(address)
        except OSError as error:
            connection.close()
            failed = error
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
    assert failed is not None
    raise failed


def looked_up(host: str, port: int, bounds: Bounds) -> Found:
    """What a name leads to now. In a thread that may be left behind: a resolver knows no deadline.

    Raises TimeoutError, another OSError, or UnicodeError for what is no name.
    """

    def look_up() -> Found:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [(family, address) for family, _kind, _protocol, _name, address in found]

    return _within(look_up, bounds.left())


def _within(work: Callable[[], Found], seconds: float) -> Found:
    answers: queue.SimpleQueue[Found | OSError | UnicodeError] = queue.SimpleQueue()

    def answer() -> None:
        try:
            answers.put(work())
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=answer, daemon=True).start()
    try:
        answered = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answered, Exception):
        raise answered
    return answered


@cache
def trusted() -> ssl.SSLContext:
    """TLS as this machine trusts it, certificates and names verified."""
    return ssl.create_default_context()
