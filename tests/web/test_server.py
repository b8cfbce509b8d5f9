"""`newscrawl serve` as it is run: a process on loopback, asked over real connections."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from newscrawl.home import Home
from newscrawl.web.front import places
from newscrawl.web.guard import HEADERS
from newscrawl.web.server import CannotListen, address_of, listen
from tests.makers import PAPER, article, catalogue, record

ID = f"{PAPER}/2023-12-15/A01/1"
UNHEARD = "n0t-t0-be-l0gged-n0t-t0-be-l0gged"


@pytest.fixture
def home(tmp_path):
    made = catalogue(Home(tmp_path).catalogue)
    record(made, article(1))
    made.close()
    return tmp_path


@contextmanager
def serving(home, **environment):
    """The process and where it listens, until it has ended."""
    running = subprocess.Popen(
        [sys.executable, "-m", "newscrawl", "serve", "--port", "0"],
        env=os.environ | {"NEWSCRAWL_HOME": str(home)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        where = urlsplit(running.stdout.readline().strip())
        assert where.hostname is not None, running.communicate()
        said = [running.stdout.readline() for _line in places().splitlines()]
        assert "".join(said) == f"{places()}\n"
        yield running, (where.hostname, where.port)
    finally:
        running.kill()
        running.communicate()


def fetch(where, target, method="GET", **headers):
    connection = HTTPConnection(*where, timeout=30)
    try:
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def test_it_serves_says_where_and_ends_on_sigterm_without_a_word(home):
    with serving(home) as (running, where):
        status, headers, text = fetch(where, f"/s/{ID}")
        assert status == 200
        assert "恢复通航" in text
        assert HEADERS.items() <= headers.items()
        assert "server" not in headers
        assert fetch(where, f"/feed/{UNHEARD}.atom?x={UNHEARD}")[0] == 404
        assert fetch(where, f"/u/{UNHEARD}", "POST")[0] in {404, 405}
        kept = HTTPConnection(*where, timeout=30)
        kept.request("GET", "/style.css")
        kept.getresponse().read()
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
        kept.close()
    assert running.returncode == 0
    assert out == "", "nothing of what was asked"
    assert UNHEARD not in err
    assert err == ""


def test_e13_behind_a_proxy_s_headers_it_answers_as_without(home):
    forged = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    with serving(home, NEWSCRAWL_PUBLIC_URL="https://news.example.org") as (_, where):
        plain = fetch(where, f"/s/{ID}")
        del plain[1]["date"]
        told = fetch(where, f"/s/{ID}", **forged)
        del told[1]["date"]
        assert told == plain
        assert fetch(where, f"/s/{ID}", Host="news.example.org")[0] == 200
        assert fetch(where, f"/s/{ID}", Host="evil.example")[0] == 400


def test_e5_what_is_no_http_is_answered_with_the_headers_too(home):
    with serving(home) as (_, where), socket.create_connection(where, 30) as raw:
        raw.sendall(b"<script>alert(1)</script>\r\n\r\n")
        with raw.makefile("rb") as answer:
            head, _, body = answer.read().decode().partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    assert status == "HTTP/1.1 400 Bad Request"
    assert HEADERS.items() <= dict(line.split(": ", 1) for line in lines).items()
    assert "script" not in body


def test_an_address_that_is_taken_is_said_in_a_line():
    with listen("127.0.0.1", 0) as taken:
        assert address_of(taken) == f"http://127.0.0.1:{taken.getsockname()[1]}"
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen) as refused:
            listen("127.0.0.1", port)
    said = f"127.0.0.1 port {port} is in use: choose another with --port"
    assert (str(refused.value), refused.value.status) == (said, 1)


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("192.0.2.1", "192.0.2.1 port 0 is no address of this machine: choose another with --host"),
        ("a b", "a b port 0 has no such host: choose another with --host"),
    ],
)
def test_an_address_that_is_none_of_this_machine_is_said_in_a_line(host, said):
    with pytest.raises(CannotListen) as refused:
        listen(host, 0)
    assert str(refused.value) == said
