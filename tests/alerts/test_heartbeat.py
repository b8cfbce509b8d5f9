"""The heartbeat: heard after what worked, silent after what did not, and never in the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl import settings, unheard
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.beating import ask
from newscrawl.alerts.delivering import Report
from newscrawl.alerts.heartbeat import beat, beat_of_delivery
from newscrawl.alerts.outcome import Later, Refused, Sent
from newscrawl.home import Home
from newscrawl.text.dates import iso
from tests.alerts.channels.sinks import answering, dripping, pouring, serving, silent
from tests.alerts.sent import Told
from tests.makers import article, catalogue, record

CANARY = "canary-2f81"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def made(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    yield made
    made.close()


def heard_at(monkeypatch, sink, path=f"/{CANARY}/{{work}}?a=b"):
    monkeypatch.setattr(settings, "HEARTBEAT_URL", f"http://127.0.0.1:{sink.port}{path}")
    monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")


def lines(sink):
    return [each.partition(b"\r\n")[0].decode() for each in sink.got]


def test_h10_a_run_that_worked_is_heard_by_a_service_outside(home, monkeypatch):
    with serving(answering()) as sink:
        heard_at(monkeypatch, sink)
        assert beat("hangzhou_daily", home) is None
        assert beat("deliver", home) is None
    assert lines(sink) == [
        f"GET /{CANARY}/hangzhou_daily?a=b HTTP/1.1",
        f"GET /{CANARY}/deliver?a=b HTTP/1.1",
    ]
    assert b"newscrawl/" in sink.got[0]


def test_without_the_setting_nobody_is_asked(home, monkeypatch):
    monkeypatch.setattr(settings, "HEARTBEAT_URL", "")
    assert beat("deliver", home) is None


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (answering("500 No"), "answered 500"),
        (answering("404 No"), "answered 404"),
        (
            answering("302 Found", "Location: http://169.254.169.254/"),
            "answered 302, and redirects are not followed",
        ),
    ],
)
def test_what_is_not_heard_is_said_without_the_address(home, monkeypatch, talk, said):
    with serving(talk) as sink:
        heard_at(monkeypatch, sink)
        assert beat("deliver", home) == f"heartbeat not heard: {said}"
    assert len(sink.got) == 1


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:9/{CANARY}", f"http://169.254.169.254/{CANARY}", f"http://{CANARY}:x/",
        f"ntfy://{CANARY}", CANARY, f"http:///{CANARY}", f"json://127.0.0.1/{CANARY}?x=1",
    ],
)  # fmt: skip
def test_d1_no_private_address_and_nothing_else_is_asked(home, monkeypatch, url):
    monkeypatch.setattr(settings, "HEARTBEAT_URL", url)
    monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", "")
    said = beat("deliver", home)
    assert said is not None
    assert CANARY not in said
    monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", "nonsense")
    said = beat("deliver", home)
    assert "NEWSCRAWL_ALERTS_ALLOW_PRIVATE: 'nonsense' is not host:port" in said


@pytest.mark.parametrize(
    ("talk", "least"),
    [
        (silent, Later),
        (dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), Later),
        (pouring(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 60_000 + b"\r\n"), Later),
        (pouring(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", b"y" * 60_000), Sent),
    ],
)
def test_d2_a_service_that_never_comes_to_an_end_is_left(talk, least):
    with serving(talk) as sink:
        outcome = ask(f"http://127.0.0.1:{sink.port}/", sink.allowed, seconds=0.5)
    assert isinstance(outcome, least)


def test_nothing_listens_there(home, monkeypatch):
    with serving(answering()) as sink:
        heard_at(monkeypatch, sink)
    assert beat("deliver", home) == "heartbeat not heard: nothing listens there"


def test_what_is_not_heard_is_noted_until_it_is(home, monkeypatch):
    with serving(answering("500 No")) as sink:
        heard_at(monkeypatch, sink)
        beat("deliver", home)
        beat("x", home)
        first = unheard.noted(home)
        beat("deliver", home)
    assert [(each.work, each.why) for each in first] == [
        ("deliver", "heartbeat not heard: answered 500"),
        ("x", "heartbeat not heard: answered 500"),
    ]
    assert unheard.noted(home) == first, "since when stays"
    with serving(answering()) as sink:
        heard_at(monkeypatch, sink)
        beat("deliver", home)
    assert unheard.noted(home) == first[1:]
    monkeypatch.setattr(settings, "HEARTBEAT_URL", "")
    beat("x", home)
    assert unheard.noted(home) == []


def test_where_nothing_can_be_noted_it_is_said_all_the_same(home, monkeypatch):
    home.unheard.write_text("a file")
    with serving(answering("500 No")) as sink:
        heard_at(monkeypatch, sink)
        assert beat("deliver", home) == "heartbeat not heard: answered 500"


@pytest.mark.parametrize(
    ("report", "worked"),
    [
        (Report(), True),
        (Report(sent=2), True),
        (Report(sent=1, later=3), True),
        (Report(later=1), False),
        (Report(sent=9, dead=1), False),
        (Report(expired=1), True),
    ],
)
def test_h10_where_nothing_arrives_there_is_silence(made, home, monkeypatch, report, worked):
    with serving(answering()) as sink:
        heard_at(monkeypatch, sink)
        assert beat_of_delivery(made, home, worked=report.worked) is None
    assert len(sink.got) == worked


def test_h10_where_nobody_matches_there_is_silence(made, home, monkeypatch):
    told = Told(made)
    with serving(answering()) as sink:
        heard_at(monkeypatch, sink)

        def heard():
            before = len(sink.got)
            beat_of_delivery(made, home, worked=True)
            return len(sink.got) > before

        record(made, article(1))
        age(made, hours=1)
        assert heard(), "nobody subscribes"
        told.subscribe("渡口", since_seq=1)
        assert heard(), "it was there before"
        record(made, article(2))
        assert heard(), "it is new"
        age(made, hours=1)
        assert not heard()
        told.match()
        assert heard()


def age(made, **time):
    then = iso(datetime.now(UTC) - timedelta(**time))
    with made.write() as tx:
        tx.exec_driver_sql("UPDATE versions SET recorded = ?", (then,))


def test_its_refusals_are_those_of_a_webhook():
    assert isinstance(ask("http://127.0.0.1:9/", AllowedPrivate()), Refused)
