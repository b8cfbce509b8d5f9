from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest

from newscrawl.demo.server import DemoServer, serve
from newscrawl.demo.site import Site
from newscrawl.demo.skins import SKINS, Skin
from tests.demo.pages import EDITIONS, FIRST, paths

PATHS = [
    paths(FIRST).page_list,
    paths(FIRST).page_view("A01"),
    paths(FIRST).article_detail("A01", 1) + "?div=1",
    paths(FIRST).page_image("A01"),
    "/nothing",
]


@pytest.fixture(params=SKINS.values(), ids=list(SKINS))
def server(request: pytest.FixtureRequest) -> Iterator[DemoServer]:
    skin: Skin = request.param
    with serve(Site({FIRST: EDITIONS[FIRST]}, skin)) as running:
        yield running


def fetch(connection: HTTPConnection, path: str, method: str = "GET") -> tuple[int, bytes]:
    headers = {"User-Agent": "reader/1", "Accept-Encoding": "gzip"}
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_one_connection_gets_everything_and_the_list_has_every_body(server: DemoServer) -> None:
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.connect()
    local = connection.sock.getsockname()
    got = [(path, *fetch(connection, path)) for path in PATHS]
    assert connection.sock.getsockname() == local, "the connection was not kept"
    connection.close()
    assert [status for _, status, _ in got] == [200, 200, 200, 200, 404]
    assert [(each.path, each.status, each.length, each.sha256) for each in server.requests] == [
        (path, status, len(body), hashlib.sha256(body).hexdigest()) for path, status, body in got
    ]
    assert {each.user_agent for each in server.requests} == {"reader/1"}
    arrivals = [each.arrived for each in server.requests]
    assert arrivals == sorted(arrivals)


def test_codings_on_the_wire_are_the_skin_s(server: DemoServer) -> None:
    assert isinstance(server.site, Site)
    skin = server.site.skin
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", PATHS[0], headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.headers["Transfer-Encoding"] == ("chunked" if skin.chunked else None)
    assert (answer.headers["Content-Length"] is None) is skin.chunked
    assert answer.headers["Content-Encoding"] == ("gzip" if skin.gzip else None)
    assert "杭州日报" in (gzip.decompress(body) if skin.gzip else body).decode(skin.encoding)


def test_head_has_no_body_and_leaves_the_connection_usable(server: DemoServer) -> None:
    connection = HTTPConnection("127.0.0.1", server.port)
    assert fetch(connection, PATHS[0], "HEAD") == (200, b"")
    assert fetch(connection, PATHS[0])[0] == 200
    connection.close()
    assert server.requests[0].length == 0


def test_many_at_once_are_all_counted() -> None:
    def ask(port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port)
        for path in PATHS * 5:
            fetch(connection, path)
        connection.close()

    with serve(Site({FIRST: EDITIONS[FIRST]})) as server:
        threads = [Thread(target=ask, args=(server.port,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) == 8 * 5 * len(PATHS)


def test_it_ends_while_a_connection_is_kept_open() -> None:
    with serve(Site({FIRST: EDITIONS[FIRST]})) as server:
        connection = HTTPConnection("127.0.0.1", server.port)
        fetch(connection, PATHS[0])
        port = server.port
    assert connection.sock.recv(1) == b""
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection("127.0.0.1", port).connect()


def test_only_loopback_is_bound() -> None:
    with serve(Site({})) as server:
        assert server.server_address[0] == "127.0.0.1"
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_a_log_takes_a_line_per_request(tmp_path: Path) -> None:
    log = tmp_path / "served.jsonl"
    log.write_text("{}\n", "utf-8")
    with serve(Site({FIRST: EDITIONS[FIRST]}), log=log) as server:
        connection = HTTPConnection("127.0.0.1", server.port)
        _, body = fetch(connection, PATHS[0])
        connection.close()
        first, line = log.read_text("utf-8").splitlines()
    assert first == "{}"
    assert json.loads(line)["path"] == PATHS[0]
    assert json.loads(line)["sha256"] == hashlib.sha256(body).hexdigest()


def test_the_command_prints_its_address_and_ends_on_sigterm() -> None:
    words = ["--first", "2023-12-15", "--second", "2023-12-16", "--skin", "legacy", "--late"]
    command = [sys.executable, "-m", "newscrawl.demo.server", *words, "--seconds", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        connection = HTTPConnection(address.removeprefix("http://"))
        late = paths(FIRST).article_detail("A03", 10)
        assert fetch(connection, late)[0] == 200
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""


def test_the_command_says_what_each_option_is() -> None:
    command = [sys.executable, "-m", "newscrawl.demo.server", "--help"]
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=wide)
    told = re.sub(r"\n {4,}", "  ", done.stdout).splitlines()
    lines = [each for each in told if each.startswith("  -")]
    assert len(lines) == 12
    assert [each for each in lines if not re.search(r"\S {2,}\S", each)] == []


def test_the_command_ends_by_itself_and_serves_bulk() -> None:
    command = [sys.executable, "-m", "newscrawl.demo.server", "--articles", "5", "--seconds", "0.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.startswith("http://127.0.0.1:")
    assert done.stderr == ""


def test_the_demo_knows_nothing_of_the_readers_it_is_to_test() -> None:
    code = "import sys, newscrawl.demo.server; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in done.stdout.split() if name.startswith("newscrawl.")}
    assert {name.split(".")[1] for name in loaded} == {"demo", "errors"}
    assert not {"scrapy", "lxml", "twisted"} & set(done.stdout.split())
