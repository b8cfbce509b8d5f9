from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import replace

import pytest

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.guard import MOST_READ
from newscrawl.alerts.channels.retry import LONGEST
from newscrawl.alerts.channels.sending import Course, check, count, send
from newscrawl.alerts.outcome import Later, Refused, Sent
from newscrawl.errors import UsageError
from newscrawl.query.highlight import Passage
from tests.alerts.channels.sinks import answering, dripping, pouring, serving, silent
from tests.alerts.messages import ITEM, MESSAGE, item, message

NOTHING = AllowedPrivate()


def told(talk, one=MESSAGE, path="/hook", **more):
    """The outcome, and what the server has got."""
    with serving(talk) as sink:
        outcome = send(f"json://127.0.0.1:{sink.port}{path}", one, sink.allowed, **more)
    return outcome, sink


def taken_apart(request):
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    named = [line.partition(": ")[::2] for line in lines]
    return first, {name.lower(): text for name, text in named}, body


def test_a_message_is_posted_as_json_with_its_key():
    outcome, sink = told(answering())
    assert outcome == Sent(receipt="200")
    first, headers, body = taken_apart(sink.got[0])
    assert first == "POST /hook HTTP/1.1"
    assert headers["host"] == f"127.0.0.1:{sink.port}"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["idempotency-key"] == MESSAGE.key
    said = json.loads(body)
    assert said["key"] == MESSAGE.key
    assert (said["part"], said["parts"]) == (1, 1)
    assert said["items"][0]["headline"] == {"text": ITEM.headline.text, "marks": [[0, 4]]}
    assert "【临空经济】示范区" in said["message"]
    assert said["unsubscribe"] == MESSAGE.unsubscribe
    assert MESSAGE.unsubscribe not in said["message"]


def test_a_body_is_signed_with_its_time():
    _outcome, sink = told(answering(), secret=b"s3cret")
    _first, headers, body = taken_apart(sink.got[0])
    signed = headers["newscrawl-timestamp"].encode() + b"." + body
    right = hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
    assert headers["newscrawl-signature"] == f"sha256={right}"
    _outcome, sink = told(answering())
    assert "newscrawl-signature" not in taken_apart(sink.got[0])[1]


def test_an_address_gives_a_password_headers_and_parameters():
    path = "/a b/版?-q=1%262&+X-Token=abc%20d".replace(" ", "%20")
    with serving(answering()) as sink:
        url = f"json://us%40er:{{pa%3Ass}}@127.0.0.1:{sink.port}{path}"
        assert isinstance(send(url, MESSAGE, sink.allowed), Sent)
    first, headers, _body = taken_apart(sink.got[0])
    assert first == "POST /a%20b/%E7%89%88?q=1%262 HTTP/1.1"
    assert headers["authorization"] == "Basic " + base64.b64encode(b"us@er:{pa:ss}").decode()
    assert headers["x-token"] == "abc d"


def test_an_http_address_keeps_its_query():
    with serving(answering()) as sink:
        send(f"http://127.0.0.1:{sink.port}?a=1&+b=2", MESSAGE, sink.allowed)
    assert taken_apart(sink.got[0])[0] == "POST /?a=1&+b=2 HTTP/1.1"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("204 No Content", Sent(receipt="204")),
        ("302 Found", Refused("answered 302, and redirects are not followed")),
        ("400 Bad Request", Refused("answered 400")),
        ("404 Not Found", Refused("answered 404")),
        ("410 Gone", Refused("answered 410")),
        ("408 Request Timeout", Later("answered 408")),
        ("425 Too Early", Later("answered 425")),
        ("429 Too Many Requests", Later("answered 429")),
        ("500 Internal Server Error", Later("answered 500")),
        ("503 Service Unavailable", Later("answered 503")),
    ],
)
def test_what_a_status_means(status, outcome):
    assert told(answering(status))[0] == outcome


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize(
    ("said", "after"), [("120", 120), ("99999999", LONGEST), ("Thu, 01 Jan 1970 00:00:00 GMT", 1)]
)
def test_how_long_to_wait_is_passed_on_within_bounds(status, said, after):
    reason = f"answered {status[:3]}"
    assert told(answering(status, f"Retry-After: {said}"))[0] == Later(reason, after=after)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_d1_a_redirect_to_a_private_address_is_not_followed(status):
    with serving(answering()) as inside:
        location = f"Location: http://127.0.0.1:{inside.port}/latest/meta-data"
        outcome, sink = told(answering(f"{status} Moved", location))
        assert isinstance(outcome, Refused)
        assert len(sink.got) == 1
        assert not inside.connections


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127。0。0。1", "[::ffff:7f00:1]"]
)
@pytest.mark.parametrize("scheme", ["json", "jsons", "http", "https"])
def test_d1_a_private_address_gets_nothing(host, scheme):
    with serving(answering()) as sink:
        outcome = send(f"{scheme}://{host}:{sink.port}/", MESSAGE, NOTHING)
        assert isinstance(outcome, Refused)
        assert "private" in outcome.reason or "host" in outcome.reason
        assert not sink.connections


def test_d1_no_proxy_of_the_environment_is_used(monkeypatch):
    with serving(answering()) as proxy, serving(answering()) as sink:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert isinstance(send(f"json://127.0.0.1:{sink.port}", MESSAGE, sink.allowed), Sent)
        assert not proxy.connections


def test_d11_a_name_is_judged_when_it_is_sent_to(resolver):
    resolver.knows("hook.example", ["127.0.0.1"])
    with serving(answering()) as sink:
        url = f"json://hook.example:{sink.port}/"
        check(url)
        assert not resolver.asked
        assert isinstance(send(url, MESSAGE, NOTHING), Refused)
        assert not sink.connections
    assert resolver.asked == ["hook.example"]


def test_d2_a_server_that_never_answers_is_left():
    outcome, _sink = told(silent, seconds=0.3)
    assert outcome == Later("no answer in time")


@pytest.mark.parametrize(
    ("start", "drop"),
    [(b"", b"H"), (b"HTTP/1.1 200 OK\r\n", b"X"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n")],
)
def test_d2_a_server_that_answers_without_end_slowly_is_left(start, drop):
    outcome, _sink = told(dripping(start, drop), seconds=0.4)
    assert outcome == Later("no answer in time")


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 8_000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x" * 8_000),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 300),
    ],
)
def test_d2_a_head_without_end_is_read_so_far_only(start, more):
    outcome, _sink = told(pouring(start, more), seconds=20)
    assert outcome == Later("the answer is too long")


def test_d2_a_body_of_gigabytes_is_not_read():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"
    with serving(pouring(head, b"x" * 65_536)) as sink:
        outcome = send(f"json://127.0.0.1:{sink.port}", MESSAGE, sink.allowed)
        assert outcome == Sent(receipt="200")
        assert sink.sent < 200 * MOST_READ  # what the kernel's buffers take


def test_d2_others_are_told_while_one_hangs():
    outcomes = []
    with serving(silent) as slow, serving(answering()) as sink:
        hanging = threading.Thread(
            target=lambda: outcomes.append(
                send(f"json://127.0.0.1:{slow.port}", MESSAGE, slow.allowed, seconds=1)
            )
        )
        hanging.start()
        outcome = send(f"json://127.0.0.1:{sink.port}", MESSAGE, sink.allowed)
        assert outcome == Sent(receipt="200")
        assert not outcomes
        hanging.join()
    assert outcomes == [Later("no answer in time")]


def test_what_has_not_been_sent_is_known_and_what_may_have_is_not():
    with serving(silent) as sink:
        pass
    nobody = send(f"json://127.0.0.1:{sink.port}", MESSAGE, sink.allowed)
    assert nobody == Later("nothing listens there")
    unknown = send("json://unknown.example", MESSAGE, NOTHING)
    assert unknown == Later("the name is not known")

    def hanging_up(sink, connection):
        connection.recv(10)

    assert told(hanging_up)[0] == Later("the connection was cut off")

    def talking_nonsense(sink, connection):
        connection.sendall(b"220 mail.example ESMTP\r\n")

    assert isinstance(told(talking_nonsense)[0], Later)


def test_tls_is_verified(tls, trusting):
    with serving(answering(), tls) as sink:
        assert isinstance(send(f"jsons://localhost:{sink.port}", MESSAGE, sink.allowed), Sent)


def test_a_certificate_that_nobody_trusts_ends_it(tls):
    with serving(answering(), tls) as sink:
        outcome = send(f"jsons://localhost:{sink.port}", MESSAGE, sink.allowed)
    assert outcome == Later("the certificate is not valid")
    assert not sink.got


def test_a_handshake_without_end_is_left():
    with serving(silent) as sink:
        url = f"jsons://localhost:{sink.port}"
        assert send(url, MESSAGE, sink.allowed, seconds=0.3) == Later("no answer in time")


def test_a_large_message_goes_in_parts_with_keys_of_their_own():
    large = message(*(item(f"第{number}条", "文" * 4_000) for number in range(20)))
    outcome, sink = told(answering(), large)
    assert outcome == Sent(receipt="200", parts=len(sink.got))
    assert len(sink.got) > 1
    said = [json.loads(taken_apart(one)[2]) for one in sink.got]
    assert [one["key"] for one in said][:2] == [large.key, f"{large.key}-2"]
    assert len({taken_apart(one)[1]["idempotency-key"] for one in sink.got}) == len(said)
    told_of = [each["headline"]["text"] for one in said for each in one["items"]]
    assert told_of == [f"第{number}条" for number in range(20)]
    assert all(len(one) < 257 * 1024 for one in sink.got)
    assert count("json://a.example", large) == len(said)


def test_what_has_arrived_is_not_sent_again():
    large = message(*(item(f"第{number}条", "文" * 4_000) for number in range(20)))
    answers = iter(["200 OK", "503 Later", "200 OK", "200 OK", "200 OK"])

    def talk(sink, connection):
        answering(next(answers))(sink, connection)

    paced = []
    with serving(talk) as sink:
        url = f"json://127.0.0.1:{sink.port}"
        first = send(url, large, sink.allowed)
        assert first == Later("answered 503", parts=1)
        ready = lambda: not paced.append(1)  # noqa: E731
        course = Course(begin=first.parts, ready=ready)
        second = send(url, large, sink.allowed, course=course)
        assert second == Sent(receipt="200", parts=count(url, large))
    assert len(paced) == second.parts - 1
    keys = [taken_apart(one)[1]["idempotency-key"] for one in sink.got]
    assert keys[1] == keys[2]


def test_a_page_sets_no_header_and_leaves_the_json_whole():
    hostile = message(
        item('"}\r\nX-Evil: 1\r\n\r\n\ud800\x00', "\u2028</script>"), subscription="a\r\nX: y"
    )
    _outcome, sink = told(answering(), hostile)
    _first, headers, body = taken_apart(sink.got[0])
    assert not {"x-evil", "x"} & headers.keys()
    said = json.loads(body)
    assert said["items"][0]["headline"]["text"] == '"}  X-Evil: 1    \ufffd'
    assert said["subscription"] == "a  X: y"


def test_what_is_meant_to_be_shown_is_no_link_and_no_mention():
    _outcome, sink = told(answering(), message(item("@all 见 http://evil.example")))
    said = json.loads(taken_apart(sink.got[0])[2])
    for shown in (said["title"], said["message"]):
        assert "＠all 见 http：//evil．example" in shown


@pytest.mark.parametrize(
    "url",
    [
        "json://",
        "json:///path",
        "json://<b>/",
        "json://a.example/?method=GET",
        "json://a.example/?+Host=x",
        "json://a.example/?+Idempotency-Key=x",
        "json://a.example/?+X=a%0d%0aY:%20b",
        "json://a.example/?+X%0d%0a=1",
        "json://a.example/?+X=%E7%89%88",
    ],
)
def test_an_address_that_cannot_be_posted_to_is_refused_at_once(url):
    with pytest.raises(UsageError):
        check(url)
    assert isinstance(send(url, MESSAGE, NOTHING), Refused)


def test_marks_are_places_in_the_text_that_is_sent():
    marked = message(replace(ITEM, headline=Passage("机\u202e场\r\n临空", ((5, 7),))))
    _outcome, sink = told(answering(), marked)
    headline = json.loads(taken_apart(sink.got[0])[2])["items"][0]["headline"]
    ((start, end),) = headline["marks"]
    assert headline["text"][start:end] == "临空"
