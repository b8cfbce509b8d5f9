"""Where an address leads, before anything is sent there."""

from __future__ import annotations

import threading

import pytest

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.guard import Bounds
from newscrawl.alerts.channels.sending import send
from newscrawl.alerts.channels.targets import place_of
from newscrawl.alerts.outcome import Refused, Sent
from newscrawl.errors import UsageError
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.messages import MESSAGE

NOTHING = AllowedPrivate()


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("json://127.0.0.1:9999", "127.0.0.1:9999"),
        ("json://192.168.1.5/a", "192.168.1.5:80"),
        ("https://localhost/a", "localhost:443"),
        ("http://news.localhost/a", "news.localhost:80"),
        ("jsons://[::1]:8443/a", "[::1]:8443"),
        ("json://2130706433/a", "2130706433:80"),
        ("json://127。0。0。1/a", "127.0.0.1:80"),
        ("json://0x7f.1/a", "0x7f.1:80"),
        ("json://[::ffff:10.0.0.1]/a", "[::ffff:10.0.0.1]:80"),
        ("json://100.100.100.200/a", "100.100.100.200:80"),
        ("mailto://a@localhost", "localhost:25"),
        ("mailtos://a@b.example?smtp=localhost", "localhost:587"),
        ("ntfy://192.168.1.5:8080/topic", "192.168.1.5:8080"),
        ("ntfys://192.168.1.5/topic", "192.168.1.5:443"),
        ("gotify://localhost/token", "localhost:80"),
    ],
)
def test_d1_a_private_place_is_known_before_and_what_allows_it(url, named):
    place = place_of(url)
    assert place.refused(NOTHING)
    assert place.pair == named
    assert not place.refused(AllowedPrivate.parse(named))
    assert place.refused(AllowedPrivate.parse("127.0.0.1:1,192.168.1.5:1"))


@pytest.mark.parametrize(
    "url",
    [
        "json://8.8.8.8/a", "json://hooks.example/a", "ntfy://topic", "tgram://127.0.0.1/a",
        "mailto://a@b.example", "ntfy://news.example:8080/topic",
    ],
)  # fmt: skip
def test_what_is_public_or_cannot_be_told_is_not_refused(url):
    place = place_of(url)
    assert place is None or not place.refused(NOTHING)


@pytest.mark.parametrize("url", ["canary", "json:///canary", "mailto://canary@a b"])
def test_d8_what_is_no_address_is_not_repeated(url):
    with pytest.raises(UsageError) as error:
        place_of(url)
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("scheme", ["json", "ntfy"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("allowed", ["127.0.0.1", "localhost", "10.9.8.7"])
def test_what_is_refused_before_is_what_would_be_refused(scheme, host, allowed):
    with serving(answering(body=b"{}")) as sink:
        url, pairs = (
            f"{scheme}://{host}:{sink.port}/a",
            AllowedPrivate.parse(f"{allowed}:{sink.port}"),
        )
        expected = Refused if place_of(url).refused(pairs) else Sent
        assert isinstance(send(url, MESSAGE, pairs), expected)


class TestNames:
    def doubtful(self, url, allowed="", seconds=3.0):
        with Bounds(seconds) as bounds:
            return place_of(url).doubtful(AllowedPrivate.parse(allowed), bounds)

    def test_a_name_that_leads_to_private_addresses_alone(self, resolver):
        resolver.knows("nas.example", ["192.168.1.5", "fd00::5"])
        for url in ("json://nas.example/a", "mailto://a@nas.example", "ntfy://nas.example/a"):
            assert not place_of(url).refused(NOTHING)
            assert self.doubtful(url)
        assert not self.doubtful("json://nas.example/a", "nas.example:80")
        assert self.doubtful("json://nas.example/a", "nas.example:81")
        assert self.doubtful("json://nas.example/a", "192.168.1.5:80"), "it is asked for by name"
        assert not self.doubtful("ntfy://nas.example/a", "192.168.1.5:80")

    def test_a_public_name_one_of_both_kinds_and_one_that_is_not_known(self, resolver):
        resolver.knows("public.example", ["8.8.8.8"])
        resolver.knows("both.example", ["127.0.0.1", "8.8.8.8"])
        for host in ("public.example", "both.example", "nosuch.example"):
            assert not self.doubtful(f"json://{host}/a")

    def test_a_resolver_that_hangs_is_waited_for_so_long(self, monkeypatch):
        ended = threading.Event()
        asked = []

        def hang(host, *_rest, flags=0, **_more):
            asked.append((host, flags))
            if flags:
                raise OSError("no number")
            ended.wait(30)
            return []

        monkeypatch.setattr("socket.getaddrinfo", hang)
        assert not self.doubtful("json://slow.example/a", seconds=0.2)
        assert asked[-1] == ("slow.example", 0)
        ended.set()

    def test_d8_what_may_be_a_token_is_told_to_no_name_server(self, resolver):
        assert not self.doubtful("matrix://canary?mode=t2bot")
        assert resolver.asked == []
