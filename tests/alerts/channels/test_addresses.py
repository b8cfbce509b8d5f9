from __future__ import annotations

import pytest

from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.errors import UsageError


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("jsons://canary:{canary}@hook.example:8443/canary?-x=canary", "jsons://hook.example/…"),
        ("HTTPS://Hook.Example/canary#canary", "https://hook.example/…"),
        ("mailtos://canary:{canary}@smtp.example?to=canary@b.example", "mailtos://smtp.example/…"),
        ("wecombot://canary", "wecombot://…"),
        ("wechat://canary:{canary}@1000002/canary", "wechat://…"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=canary", "wecombot://…"),
        ("https://discord.com/api/webhooks/1/canary", "discord://…"),
        ("tgram://canary/canary", "tgram://…"),
        ("ntfy://canary", "ntfy://…"),
        ("ntfys://ntfy.sh/canary", "ntfys://ntfy.sh/…"),
        ("bark://bark.example/canary", "bark://bark.example/…"),
        ("json://[::1]:8000/canary", "json://[::1]/…"),
        ("json://杭州.example/canary", "json://xn--6rtr6s.example/…"),
        ("json://canary<b>/x", "json://…"),
        ("canary", "…"),
        ("json://a\r\nb/canary", "…"),
        ("json://[canary", "…"),
        ("json://a:canary/", "…"),
    ],
)
def test_d8_an_address_is_shown_by_its_scheme_and_host_only(url, said):
    assert shown(url) == said
    if said != "…":
        assert "canary" not in repr(parsed(url))


@pytest.mark.parametrize(
    "url", ["", "canary", "://canary", "json:canary", "json://a b/canary", "json://[canary",
            "json://canary:canary/", "json://a\ncanary", "x://" + "canary" * 1_000]
)  # fmt: skip
def test_d8_what_is_no_address_is_not_repeated(url):
    with pytest.raises(UsageError) as error:
        parsed(url)
    assert "canary" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_an_address_is_taken_apart():
    address = parsed("jsons://a%40b:{c%3Ad}@hook.example:8443/x/y?+X-A=1&-p=a+b")
    assert (address.user, address.password, address.port) == ("a@b", "{c:d}", 8443)
    assert address.path == "/x/y"
    assert address.options() == [("+X-A", "1"), ("-p", "a b")]
