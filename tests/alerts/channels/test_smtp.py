from __future__ import annotations

import re
from dataclasses import replace as but

import pytest

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.sending import send
from newscrawl.alerts.outcome import Later, Refused, Sent
from newscrawl.catalogue.outbox import WITHHELD
from newscrawl.query.highlight import Passage
from tests.alerts.channels.post import office, url
from tests.alerts.channels.sinks import dripping, serving, silent
from tests.alerts.messages import ITEM, MESSAGE, item, message

NOTHING = AllowedPrivate()


def test_a_letter_arrives_with_what_it_must_carry():
    with office() as there:
        outcome = send(url(there.port), MESSAGE, there.allowed)
        letter = there.letter()
    identity = f"<{MESSAGE.key}@news.example>"
    assert outcome == Sent(receipt=identity)
    assert letter["Message-ID"] == identity
    assert there.got[0].mail_from == "alerts@news.example"
    assert there.got[0].rcpt_tos == ["reader@b.example"]
    assert letter["From"] == "newscrawl <alerts@news.example>"
    assert letter["To"] == "reader@b.example"
    assert letter["Subject"] == "临空：临空经济示范区添一条货运航线"
    assert letter["List-Unsubscribe"] == f"<{MESSAGE.unsubscribe}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime.tzinfo is not None
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (part.get_content() for part in letter.iter_parts())
    assert "【临空经济】示范区" in plain
    assert "<mark>临空经济</mark>示范区" in html
    assert f"退订 {MESSAGE.unsubscribe}" in plain


def test_the_same_message_has_the_same_identity_and_another_part_another():
    large = message(*(item(f"第{number}条", "文" * 4_000) for number in range(60)))
    with office() as there:
        outcome = send(url(there.port), large, there.allowed)
        identities = [there.letter(number)["Message-ID"] for number in range(len(there.got))]
        assert outcome.parts == len(there.got) > 1
    assert identities[:2] == [f"<{large.key}@news.example>", f"<{large.key}.2@news.example>"]


@pytest.mark.parametrize(
    "text",
    [
        "标题\r\nBcc: canary@evil.example",
        "标题\nContent-Type: text/html\n\n<b>",
        "标题\r\n\r\n.\r\nMAIL FROM:<canary@evil.example>",
        "标题\x0b\x0c\x1c\x1d\x1e\x85\u2028Bcc: canary@evil.example",
        "\u202egnp.exe\u2066",
        "题" * 5_000,
        "=?utf-8?q?=0D=0ABcc:_canary=40evil.example?=",
        "\ud800\x00",
    ],
)
def test_d6_a_headline_is_one_line_of_a_subject_and_no_header(text):
    hostile = message(item(text, text), subscription=text, query=text)
    with office() as there:
        assert isinstance(send(url(there.port), hostile, there.allowed), Sent)
        (envelope,) = there.got
        letter = there.letter()
    assert envelope.rcpt_tos == ["reader@b.example"]
    assert set(letter.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("X-Auto-Response-Suppress", "List-Unsubscribe", "List-Unsubscribe-Post"),
        *("MIME-Version", "Content-Type"),
    }
    assert letter.get_all("To") == ["reader@b.example"]
    assert re.fullmatch(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]{3,300}",
                        letter["Subject"])  # fmt: skip
    head = envelope.content.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) < 998
    assert len(list(letter.iter_parts())) == 2


def test_a_line_of_a_dot_ends_no_letter():
    with office() as there:
        send(url(there.port), message(item("题", "..\n.")), there.allowed)
        assert len(there.got) == 1


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ({"reader_b.example": "550 no such user"}, Refused("answered 550 to the recipient")),
        ({"reader_b.example": "552 full"}, Refused("answered 552 to the recipient")),
        ({"reader_b.example": "450 greylisted"}, Later("answered 450 to the recipient")),
        ({"DATA": "554 spam"}, Refused("answered 554 to the message")),
        ({"DATA": "451 later"}, Later("answered 451 to the message")),
        ({"MAIL": "550 not from you"}, Later("answered 550 to the sender")),
        ({"MAIL": "421 closing"}, Later("answered 421 to the sender")),
    ],
)
def test_what_an_answer_means(says, outcome):
    with office(**says) as there:
        assert send(url(there.port), MESSAGE, there.allowed) == outcome


def test_tls_is_used_where_it_is_offered(tls, trusting):
    with office(tls) as there:
        assert isinstance(send(url(there.port), MESSAGE, there.allowed), Sent)
        assert there.secured


def test_tls_from_the_first_byte(tls, trusting):
    with office(implicit=tls) as there:
        secure = url(there.port, "mailtos", mode="ssl")
        assert isinstance(send(secure, MESSAGE, there.allowed), Sent)


def test_what_must_be_encrypted_is_not_sent_otherwise():
    with office() as there:
        outcome = send(url(there.port, "mailtos"), MESSAGE, there.allowed)
        assert outcome == Refused("no encrypted connection is offered")
        assert not there.got


@pytest.mark.parametrize("implicit", [True, False])
def test_a_certificate_that_nobody_trusts_ends_it(tls, implicit):
    with office(tls=None if implicit else tls, implicit=tls if implicit else None) as there:
        mode = "ssl" if implicit else "starttls"
        outcome = send(url(there.port, "mailtos", mode=mode), MESSAGE, there.allowed)
        assert outcome == Later("the certificate is not valid")
        assert not there.got


@pytest.mark.parametrize(
    ("password", "outcome"),
    [("right", Sent), ("wrong", Later)],
)
def test_a_login_over_tls(password, outcome, tls, trusting):
    with office(tls, auth=True) as there:
        secure = url(there.port, "mailtos", f"us%40er:{password}@")
        assert isinstance(send(secure, MESSAGE, there.allowed), outcome)
        assert there.user == "us@er"


def test_a_password_goes_unencrypted_to_a_host_that_the_operator_named_only(resolver):
    with office(auth=True) as there:
        open_ = url(there.port, login="user:right@")
        assert isinstance(send(open_, MESSAGE, there.allowed), Sent)
        other = open_.replace("localhost", "mail.example")
        resolver.knows("mail.example", ["127.0.0.1"])
        assert isinstance(send(other, MESSAGE, there.allowed), Refused)


def test_d1_a_private_mail_server_gets_nothing():
    with office() as there:
        assert isinstance(send(url(there.port), MESSAGE, NOTHING), Refused)
        assert not there.got


@pytest.mark.parametrize(
    "talk",
    [silent, dripping(b"", b"2"), dripping(b"220 x\r\n250-", b"a"), dripping(b"", b"220-x\r\n")],
)
def test_d2_a_mail_server_that_is_slow_is_left(talk):
    with serving(talk) as sink:
        assert send(url(sink.port), MESSAGE, sink.allowed, seconds=0.4) == Later(
            "no answer in time"
        )


def test_d2_a_mail_server_that_talks_without_end_is_left():
    def talk(sink, connection):
        connection.sendall(b"220-x\r\n")
        while not sink.ended.is_set():
            connection.sendall(b"220-" + b"x" * 4_000 + b"\r\n")

    with serving(talk) as sink:
        outcome = send(url(sink.port), MESSAGE, sink.allowed, seconds=20)
    assert outcome == Later("the answer is too long")


def dropping(after):
    """A server that takes so many lines, then hangs up."""

    def talk(sink, connection):
        connection.sendall(b"220 x\r\n")
        lines = connection.makefile("rb")
        for number, line in enumerate(lines):
            sink.got.append(line)
            if number == after:
                return
            connection.sendall(b"354 go\r\n" if line.lower() == b"data\r\n" else b"250 ok\r\n")
            if line.lower() == b"data\r\n":
                for text in lines:
                    if text == b".\r\n":
                        return

    return talk


@pytest.mark.parametrize("after", [0, 1, 2, 99])
def test_a_connection_that_drops_is_tried_again(after):
    """At its end it may have taken the letter, which has its Message-ID."""
    with serving(dropping(after)) as sink:
        outcome = send(url(sink.port), MESSAGE, sink.allowed)
    assert outcome == Later("the connection was cut off")


def test_a_server_without_a_login():
    with serving(dropping(99)) as sink:
        outcome = send(url(sink.port, login="user:right@"), MESSAGE, sink.allowed)
    assert outcome == Refused("no login is offered")


def test_nothing_goes_out_that_its_reader_could_not_end():
    with office() as there:
        outcome = send(url(there.port), but(MESSAGE, unsubscribe=""), there.allowed)
    assert outcome == Later(WITHHELD, withheld=True)
    assert there.got == []


def test_markup_of_a_page_is_text_in_the_letter():
    hostile = message(but(ITEM, headline=Passage("<img src=x onerror=alert(1)>", ((1, 4),))))
    with office() as there:
        send(url(there.port), hostile, there.allowed)
        _plain, html = (part.get_content() for part in there.letter().iter_parts())
    assert "&lt;<mark>img</mark> src=x" in html
