from __future__ import annotations

import base64
import logging

import pytest

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.sending import check, count, send
from newscrawl.alerts.outcome import Refused, Sent
from newscrawl.errors import UsageError
from tests.alerts.channels.sinks import answering, pouring, serving, silent
from tests.alerts.messages import ITEM, MESSAGE, item, message

CANARY = "CANARY0123456789abcdef"
NOTHING = AllowedPrivate()


def echoing(sink, connection):
    """A server that answers with all that it was sent, in every place of an answer."""
    got = connection.recv(65_536)
    text = base64.b64encode(got) + got.replace(b"\r\n", b" ")
    connection.sendall(b"HTTP/1.1 500 " + text[:2_000] + b"\r\nX: " + text[:2_000] + b"\r\n\r\n")


def echoing_mail(sink, connection):
    connection.sendall(b"220 x\r\n")
    for line in connection.makefile("rb"):
        if line.lower().startswith(b"ehlo"):
            connection.sendall(b"250-x\r\n250 AUTH PLAIN\r\n")
        else:
            connection.sendall(b"550 5.1.1 no " + line.strip() + b"\r\n")


def garbled_mail(sink, connection):
    connection.sendall(b"220 x\r\n")
    for line in connection.makefile("rb"):
        if line.lower().startswith(b"ehlo"):
            connection.sendall(b"250-x\r\n250 AUTH CRAM-MD5\r\n")
        else:
            connection.sendall(b"334 a\xff=\r\n")


def hanging_up(sink, connection):
    connection.recv(10)


JSON = f"json://{CANARY}:{CANARY}@127.0.0.1:PORT/{CANARY}?-x={CANARY}&+X-A={CANARY}"
MAIL = f"mailto://{CANARY}:{CANARY}@127.0.0.1:PORT/?from=a@b.example&to={CANARY}@c.example"
NTFY = f"ntfy://{CANARY}:{CANARY}@127.0.0.1:PORT/{CANARY}"
SERVED = [
    *[(JSON, talk) for talk in (answering("404 No"), echoing, hanging_up, silent)],
    (JSON, answering("302 Found", f"Location: http://127.0.0.1/{CANARY}")),
    (JSON, pouring(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 9_000)),
    (JSON.replace("json", "jsons"), answering()),
    *[(MAIL, talk) for talk in (echoing_mail, garbled_mail, hanging_up, silent, answering())],
    (MAIL.replace("mailto", "mailtos"), echoing_mail),
    (MAIL.replace("mailto", "mailtos") + "&mode=ssl", echoing_mail),
    *[(NTFY, talk) for talk in (answering("404 No"), echoing, hanging_up)],
]
ALONE = [
    JSON.replace("PORT", "9"),
    MAIL.replace("PORT", "9"),
    NTFY.replace("PORT", "9"),
    JSON.replace("127.0.0.1:PORT", "unknown.example"),
    MAIL.replace("127.0.0.1:PORT", "unknown.example"),
    f"json://a.example/?{CANARY}={CANARY}",
    f"json://a.example/?+X=a%0d%0a{CANARY}",
    f"mailto://a.example/?{CANARY}=x",
    f"json://[{CANARY}",
    f"json://a.example:{CANARY}/",
    f"{CANARY}",
    f"nosuch://{CANARY}",
    f"tgram://{CANARY}:x/1",
    f"discord://{CANARY}",
    f"sc3://{CANARY}",
    f"sc3://{CANARY}@sctp12tx",
]


def _nothing_is_told(outcome, caplog, capfd):
    assert CANARY not in repr(outcome)
    assert "CANARY" not in caplog.text
    written = capfd.readouterr()
    assert "CANARY" not in written.out + written.err


@pytest.mark.parametrize(("url", "talk"), SERVED)
def test_d8_no_outcome_log_or_output_holds_anything_of_an_address(url, talk, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with serving(talk) as sink:
        outcome = send(url.replace("PORT", str(sink.port)), MESSAGE, sink.allowed, seconds=1)
    assert not isinstance(outcome, Sent)
    _nothing_is_told(outcome, caplog, capfd)


@pytest.mark.parametrize("url", ALONE)
def test_d8_nor_does_that_of_one_that_nothing_reaches(url, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    outcome = send(url, MESSAGE, NOTHING)
    assert not isinstance(outcome, Sent)
    _nothing_is_told(outcome, caplog, capfd)


@pytest.mark.parametrize("url", ["", "x", "nosuch://a", "json://", "mailto://a", "discord://x"])
def test_what_cannot_be_sent_to_is_known_before(url):
    with pytest.raises(UsageError):
        check(url)
    assert isinstance(send(url, MESSAGE, NOTHING), Refused)


@pytest.mark.parametrize(
    "url",
    [
        "json://a.example/x",
        "https://a.example/x?y=z",
        "mailtos://a:{b}@news.example?to=c@d.example",
        "wecombot://0123-abcd",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123-abcd",
        "dingtalk://abc",
        "feishu://abc",
        "lark://abc",
        "bark://bark.example/key",
        "ntfy://ntfy.example/topic",
        "pushplus://0123456789abcdef0123456789abcdef",
        "schan://SCT123",
        "sc3://sctp12tAbC",
        "wxpusher://AT_appid/123",
        "pushdeer://PDU123",
        "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12345",
    ],
)
def test_what_can_be_sent_to(url):
    check(url)
    assert count(url, MESSAGE) == 1


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("wecombot://abc", 5),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12345", 5),
        ("discord://1234567890/abcdefg", 5),
        ("dingtalk://abc", 5),
        ("ntfy://ntfy.example/topic", 5),
        ("json://a.example", 2),
        ("mailto://a@b.example", 1),
    ],
)
def test_a_digest_is_no_flood(url, most):
    assert count(url, message(*(item(f"第{n}条", number=n) for n in range(400)))) == most


def test_how_many_parts_it_takes():
    assert count("wecombot://abc", message(*[ITEM] * 20)) > 2
