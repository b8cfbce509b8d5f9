"""Server酱³, on loopback in its place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from newscrawl.alerts.channels import serverchan
from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.alerts.channels.sending import check, send
from newscrawl.alerts.outcome import Later, Refused, Sent
from newscrawl.errors import UsageError
from tests.alerts.channels.sinks import answering, pouring, serving
from tests.alerts.messages import MESSAGE, item, message

KEY = "sctp3289tCanaryCanary"
URL = f"sc3://{KEY}"
TAKEN = b'{"code": 0, "message": "", "data": {"pushid": "7"}}'


@pytest.fixture
def sent(monkeypatch, tls, trusting):
    """Sends to a server that stands where the service is."""

    def sent(talk, url=URL, told=MESSAGE):
        real = serverchan.target
        with serving(talk, tls) as sink, monkeypatch.context() as patch:
            here = {"host": "localhost", "port": sink.port}
            patch.setattr(serverchan, "target", lambda address: replace(real(address), **here))
            return send(url, told, sink.allowed, seconds=5), sink.got

    return sent


def body(request):
    return json.loads(request.partition(b"\r\n\r\n")[2])


def test_it_goes_to_the_host_that_the_key_names():
    there = serverchan.target(parsed(URL))
    assert (there.secure, there.host, there.port) == (True, "3289.push.ft07.com", 443)
    assert there.path == f"/send/{KEY}.send"
    assert shown(URL) == "sc3://…"
    assert "Canary" not in repr(parsed(URL))


@pytest.mark.parametrize("key", ["", "SCT1Tcanary", "sctp1", "sctpt1", "a@sctp1tb", "sctp1tb:9"])
def test_what_is_no_key_is_refused_unsaid(key):
    with pytest.raises(UsageError, match="SendKey of sc3") as refused:
        check(f"sc3://{key}/")
    assert not key or key not in str(refused.value)


def test_a_message_is_a_title_and_its_markdown(sent):
    outcome, got = sent(answering(body=TAKEN), f"{URL}/?tags=新闻|报")
    assert isinstance(outcome, Sent)
    [request] = got
    assert request.startswith(f"POST /send/{KEY}.send HTTP/1.1\r\n".encode())
    told = body(request)
    assert told.keys() == {"title", "desp", "tags"}
    assert told["tags"] == "新闻|报"
    assert "**" in told["desp"]
    assert "](https://news.example.org/s/1)" in told["desp"]


def test_a_digest_is_split_within_what_it_takes(sent):
    digest = message(*(item(f"第{n}条", "文" * 400, number=n) for n in range(60)))
    outcome, got = sent(answering(body=TAKEN), told=digest)
    assert outcome.parts == len(got) > 1
    told = [body(each) for each in got]
    assert all(len(f"{each['title']}{each['desp']}".encode()) <= 30_000 for each in told)


@pytest.mark.parametrize(
    ("talk", "outcome", "reason"),
    [
        (answering(body=b'{"code": 40001, "message": "Canary"}'), Later, "the code 40001"),
        (answering(body=b'{"code": false}'), Later, "no code"),
        (answering(body=b'{"message": "Canary"}'), Later, "no code"),
        (answering(body=b"[0]"), Later, "no code"),
        (answering(body=b"<html>Canary"), Later, "no code"),
        (answering(body=b"\xff\xfe"), Later, "no code"),
        (answering("403 Forbidden", body=TAKEN), Refused, "answered 403"),
        (answering("429 Slow", "Retry-After: 90", body=TAKEN), Later, "answered 429"),
        (answering("500 No", body=TAKEN), Later, "answered 500"),
        (answering("302 Found", "Location: https://x.example/", body=TAKEN), Refused, "redirect"),
        (pouring(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 9_000), Later, "too long"),
    ],
)
def test_only_a_code_of_0_says_that_it_was_taken(talk, outcome, reason, sent):
    became, got = sent(talk)
    assert isinstance(became, outcome)
    assert reason in became.reason
    assert "Canary" not in repr(became)
    assert len(got) == 1


def test_what_is_asked_for_with_retry_after_is_kept(sent):
    became, _got = sent(answering("429 Slow", "Retry-After: 90", body=TAKEN))
    assert became.after == 90
