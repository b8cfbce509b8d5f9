from __future__ import annotations

import pytest

from newscrawl.alerts.addresses import listed
from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.channels.mailto import mailbox
from newscrawl.alerts.channels.sending import check
from newscrawl.errors import UsageError


@pytest.mark.parametrize(
    ("url", "host", "port", "implicit", "encrypted"),
    [
        ("mailto://a:{b}@news.example?to=x@b.example", "news.example", 25, False, False),
        ("mailtos://a:{b}@news.example?to=x@b.example", "news.example", 587, False, True),
        ("mailtos://a:{b}@news.example:465?to=x@b.example", "news.example", 465, True, True),
        ("mailtos://a:{b}@news.example:465/x@b.example?mode=starttls", "news.example", 465, False,
         True),
        ("mailto://a:{b}@news.example/x@b.example?mode=ssl", "news.example", 465, True, True),
        ("mailtos://a:{b}@news.example?smtp=out.example&to=x@b.example", "out.example", 587, False,
         True),
    ],
)  # fmt: skip
def test_which_server(url, host, port, implicit, encrypted):
    made = mailbox(parsed(url))
    assert (made.host, made.port) == (host, port)
    assert (made.implicit, made.encrypted) == (implicit, encrypted)
    assert made.recipient == "x@b.example"
    assert made.sender == "a@news.example"
    assert (made.user, made.password) == ("a", "{b}")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mailto://127.0.0.1:2525/?from=a@news.example&to=reader@b.example", "r…@b.example"),
        ("mailto://127.0.0.1:2525/?from=a@news.example&to=someone@b.example", "s…@b.example"),
        ("mailtos://me:{x}@news.example", "m…@news.example"),
        ("ntfy://news.example/canary", "ntfy://news.example/…"),
    ],
)
def test_an_address_is_listed_by_its_mailbox_and_not_by_the_server_of_many(url, said):
    assert listed(url) == said


def test_who_writes_to_whom():
    made = mailbox(
        parsed("mailtos://me%40news.example:{p%40ss}@smtp.example?to=reader@b.example&name=提醒")
    )
    assert (made.sender, made.recipient) == ("me@news.example", "reader@b.example")
    assert (made.user, made.password, made.name) == ("me@news.example", "{p@ss}", "提醒")
    assert mailbox(parsed("mailto://me:{x}@news.example")).recipient == "me@news.example"
    assert "p@ss" not in repr(made)
    assert "reader" not in repr(made)


@pytest.mark.parametrize(
    "url",
    [
        "mailto://",
        "mailto://a:b@",
        "mailto://a:{b}@news.example?to=x@b.example,canary@c.example",
        "mailto://a:{b}@news.example?to=x@b.example&cc=canary@c.example",
        "mailto://a:{b}@news.example?to=canary",
        "mailto://a:{b}@news.example?to=.canary@c.example",
        "mailto://a:{b}@news.example?to=canary..x@c.example",
        "mailto://a:{b}@news.example?to=canary@::1",
        "mailto://a:{b}@news.example?to=canary%0d%0aBcc:y@c.example",
        "mailto://a:{b}@news.example?to=%3Ccanary@c.example%3E",
        "mailto://a:{b}@news.example?to=canary@c..example",
        "mailto://a:{b}@news.example?name=a%0d%0acanary",
        "mailto://a:{b}@news.example?from=读者@c.example",
        "mailto://a:{b}@news.example?mode=canary",
        "mailto://a:{b}@news.example?smtp=ca/nary",
    ],
)
def test_d6_an_address_that_would_say_more_than_one_address_is_refused(url):
    with pytest.raises(UsageError) as error:
        check(url)
    assert "canary" not in str(error.value)
