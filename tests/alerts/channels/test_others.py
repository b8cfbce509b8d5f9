from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from newscrawl import settings
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.sending import check, send
from newscrawl.alerts.outcome import Later, Refused, Sent
from newscrawl.errors import NewscrawlError, UsageError
from tests.alerts.channels.sinks import answering, pouring, serving, silent
from tests.alerts.messages import MESSAGE, item, message

NOTHING = AllowedPrivate()


def told(talk, one=MESSAGE, options="", **more):
    with serving(talk) as sink:
        outcome = send(f"ntfy://127.0.0.1:{sink.port}/CANARY{options}", one, sink.allowed, **more)
    return outcome, sink


def test_a_message_goes_out_by_apprise():
    outcome, sink = told(answering(body=b"{}"))
    assert outcome == Sent(receipt="200")
    said = json.loads(sink.got[0].partition(b"\r\n\r\n")[2])
    assert said["title"] == "临空：临空经济示范区添一条货运航线"
    assert "【临空经济】示范区" in said["message"]
    assert said["topic"] == "CANARY"


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        ("500 Error", [], Later("answered 500")),
        ("408 Slow", [], Later("answered 408")),
        ("425 Early", [], Later("answered 425")),
        ("429 Slow", ["Retry-After: 77"], Later("answered 429", after=77)),
    ],
)
def test_a_failure_is_tried_again(status, headers, outcome):
    assert told(answering(status, *headers))[0] == outcome


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_h4_an_answer_that_would_be_the_same_again_refuses_it(status):
    assert told(answering(f"{status} No"))[0] == Refused(f"answered {status}")


def test_an_errcode_is_no_success():
    answer = b'{"errcode": 45009, "errmsg": "api freq out of limit"}'
    assert told(answering(body=answer))[0] == Later("answered 502")
    assert told(answering(body=b'{"errcode": 0}'))[0] == Sent(receipt="200")


@pytest.mark.parametrize("options", ["", "?redirect=yes"])
def test_d1_apprise_follows_no_redirect(options):
    with serving(answering()) as inside:
        location = f"Location: http://127.0.0.1:{inside.port}/latest"
        outcome, _sink = told(answering("307 Moved", location), options=options)
        assert outcome == Later("answered 307")
        assert not inside.connections


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"])
def test_d1_apprise_connects_to_no_private_address(host):
    with serving(answering()) as sink:
        outcome = send(f"ntfy://{host}:{sink.port}/topic", MESSAGE, NOTHING)
        assert isinstance(outcome, Refused | Later)
        assert not sink.connections
    if host != "[::ffff:127.0.0.1]":
        said = re.fullmatch(
            "a private address; list (.*) in NEWSCRAWL_ALERTS_ALLOW_PRIVATE if it may be told",
            outcome.reason,
        )
        assert f"127.0.0.1:{sink.port}" in said[1].split(",")


def test_what_a_refusal_names_allows_it():
    with serving(answering(body=b"{}")) as sink:
        url = f"ntfy://localhost:{sink.port}/topic"
        refused = send(url, MESSAGE, NOTHING)
        named = re.search("; list (.*) in NEWSCRAWL_ALERTS_ALLOW_PRIVATE", refused.reason)[1]
        assert isinstance(send(url, MESSAGE, AllowedPrivate.parse(named)), Sent)


def test_d1_apprise_uses_no_proxy_of_the_environment(monkeypatch):
    with serving(answering()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert isinstance(told(answering(body=b"{}"))[0], Sent)
        assert not proxy.connections


def test_d2_a_service_that_says_nothing_is_killed():
    outcome, _sink = told(silent, seconds=0.5)
    assert outcome == Later("no answer in time")


def test_d2_an_answer_without_end_is_read_so_far_only():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"
    with serving(pouring(head, b" " * 65_536)) as sink:
        outcome = send(f"ntfy://127.0.0.1:{sink.port}/topic", MESSAGE, sink.allowed, seconds=30)
        assert outcome == Sent(receipt="200")
        assert sink.sent < 200 * 65_536


def test_a_message_that_is_too_long_goes_in_parts():
    digest = message(*(item(f"第{number}条", "文" * 300) for number in range(6)))
    outcome, sink = told(answering(body=b"{}"), digest)
    assert isinstance(outcome, Sent)
    assert outcome.parts == len(sink.got) == 2
    titles = [json.loads(one.partition(b"\r\n\r\n")[2])["title"] for one in sink.got]
    assert titles == ["临空：6 篇（1/2）", "临空：6 篇（2/2）"]


@pytest.mark.parametrize(
    "url", ["syslog://", "dbus://", "macosx://", "windows://", "nosuch://CANARY", "wecombot://",
            "tgram://CANARY", "slack://CANARY", "feishu://", "rsyslog://CANARY", "mqtt://CANARY/x"]
)  # fmt: skip
def test_d8_what_is_no_channel_for_a_subscriber_is_refused_without_its_address(url):
    with pytest.raises(UsageError) as error:
        check(url)
    assert "CANARY" not in str(error.value)


def test_d8_an_address_is_in_no_argument_and_no_environment():
    seen = []
    asked = threading.Event()

    def look(sink, connection):
        for process in Path("/proc").glob("[0-9]*"):
            try:
                argv = (process / "cmdline").read_bytes()
                if b"newscrawl.alerts.channels.child" in argv:
                    seen.append(argv + (process / "environ").read_bytes())
            except OSError:
                continue
        asked.set()
        answering(body=b"{}")(sink, connection)

    assert isinstance(told(look)[0], Sent)
    assert asked.is_set()
    assert seen
    assert all(b"CANARY" not in one for one in seen)


def test_the_child_gets_nothing_of_the_environment_but_what_it_needs(monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_SECRET", "CANARY")
    seen = []

    def look(sink, connection):
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if b"newscrawl.alerts.channels.child" in (process / "cmdline").read_bytes():
                    seen.append((process / "environ").read_bytes())
            except OSError:
                continue
        answering(body=b"{}")(sink, connection)

    told(look)
    assert seen
    assert all(b"CANARY" not in one for one in seen)


def test_what_a_child_that_dies_was_to_send_is_tried_again(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert told(answering())[0] == Later("no answer in time")


def test_a_channel_that_cannot_be_asked_now_is_asked_later(monkeypatch):
    monkeypatch.setattr(settings, "ALERTS_ALLOW_SCHEMES", "pushy")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NewscrawlError, match="cannot be asked now"):
        check("wecombot://abc")
    outcome = send("pushy://CANARY/x", MESSAGE, NOTHING)
    assert outcome == Later("pushy://…: the channel cannot be asked now")


def fenced(code, tmp_path):
    """What code says behind the fence."""
    program = f"""
        from newscrawl.addresses import AllowedPrivate
        from newscrawl.alerts.channels.fence import Fence
        Fence(AllowedPrivate()).install()
        try:
            {code}
        except PermissionError:
            print("forbidden")
        else:
            print("allowed")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd')",
        "open('own')",
        "open('new', 'w')",
        "import os; os.open('new', os.O_CREAT)",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import subprocess; subprocess.run(['true'])",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.socket().connect(('localhost', 9))",
        "import socket; socket.socket().connect_ex(('127.0.0.1', 9))",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import socket; socket.socket(socket.AF_UNIX).connect('/run/x')",
        "import syslog; syslog.syslog('x')",
    ],
)
def test_what_foreign_code_may_not_do(code, tmp_path):
    (tmp_path / "own").write_text("x")
    assert fenced(code, tmp_path) == "forbidden"


@pytest.mark.parametrize(
    "code", ["import decimal, xml.dom.minidom", "'版.example'.encode('idna')", "open('/dev/null')"]
)
def test_what_foreign_code_may_do(code, tmp_path):
    assert fenced(code, tmp_path) == "allowed"
