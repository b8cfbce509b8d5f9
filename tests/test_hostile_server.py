from __future__ import annotations

import gzip
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from time import monotonic

import pytest

from tests.hostile_server import (
    HostileServer,
    bomb,
    cut,
    flood,
    hostile,
    redirect,
    reply,
    reset,
    silent,
    trickle,
)


def ask(server: HostileServer, path: str, seconds: float = 5) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_behaviours_do_what_they_say() -> None:
    table = {
        "/": reply("你好"),
        "/away": redirect("file:///etc/passwd"),
        "/bomb": bomb(1 << 20),
        "/flood": flood(100_000),
        "/stream": flood(100_000, announced=False),
        "/slow": trickle(b"abc", 0.01),
        "/cut": cut(b"abc", 10),
    }
    with hostile(table) as server:
        assert ask(server, "/?x=1")[1].decode() == "你好"
        away, _ = ask(server, "/away")
        assert (away.status, away.headers["Location"]) == (302, "file:///etc/passwd")
        assert len(gzip.decompress(ask(server, "/bomb")[1])) == 1 << 20
        assert len(ask(server, "/flood")[1]) == len(ask(server, "/stream")[1]) == 100_000
        assert ask(server, "/slow")[1] == b"abc"
        with pytest.raises(IncompleteRead):
            ask(server, "/cut")
        assert ask(server, "/else")[0].status == 404
        assert server.asked[:2] == ["/?x=1", "/away"]


def test_silence_and_resets_do_not_outlive_the_test() -> None:
    with hostile({"/silent": silent, "/reset": reset}) as server:
        with pytest.raises(TimeoutError):
            ask(server, "/silent", seconds=0.1)
        with pytest.raises(ConnectionResetError):
            ask(server, "/reset")
        started = monotonic()
    assert monotonic() - started < 2
