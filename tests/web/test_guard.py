"""Every answer carries the headers, and only our own names are answered to."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from newscrawl.web.guard import HEADERS, Guard
from tests.makers import PAPER, article, record
from tests.web.asking import ask

ID = f"{PAPER}/2023-12-15/A01/1"
TARGETS = [
    ("GET", f"/s/{ID}", 200),
    ("HEAD", f"/s/{ID}", 200),
    ("GET", "/style.css", 200),
    ("GET", "/s/nothing", 404),
    ("GET", "/", 200),
    ("GET", "/%3Cscript%3E", 404),
    ("POST", f"/s/{ID}", 405),
    ("BREW", "/style.css", 405),
    ("OPTIONS", "/style.css", 405),
]


def carries_them(answer) -> bool:
    return HEADERS.items() <= answer.headers.items() and "cache-control" in answer.headers


@pytest.mark.parametrize(("method", "target", "status"), TARGETS)
def test_e5_every_answer_carries_the_headers(held, get, method, target, status):
    record(held, article(1))
    answer = get(target, method)
    assert answer.status == status
    assert carries_them(answer)
    assert answer.headers.keys().isdisjoint({"set-cookie", "server", "x-powered-by"})


def test_e5_the_policy_forbids_what_a_page_has_no_use_for():
    policy = HEADERS["content-security-policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts == {
        "default-src": "'none'",
        "style-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert HEADERS["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "given", [{"content-security-policy": "default-src *"}, {"X-Content-Type-Options": "x"}]
)
def test_e5_no_answer_replaces_them(given):
    def lax(_request):
        return PlainTextResponse("", headers=given)

    answer = ask(Guard(Starlette(routes=[Route("/", lax)]), frozenset({"localhost"})), "/")
    assert answer.status == 200
    assert carries_them(answer)


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000",
        "news.example.org", "NEWS.example.org:443",
    ],
)  # fmt: skip
def test_our_own_names_are_answered(get, host):
    assert get("/style.css", headers=[("host", host)]).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("host", "")],
        [("host", "evil.example")],
        [("host", "news.example.org.evil.example")],
        [("host", "news.example.org@evil.example")],
        [("host", "evil.example#news.example.org")],
        [("host", "[news.example.org")],
        [("host", "news.example.org"), ("host", "evil.example")],
        [("host", "evil.example"), ("x-forwarded-host", "news.example.org")],
    ],
)
def test_e13_no_other_name_is_answered(get, headers):
    answer = get("/style.css", headers=headers)
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "evil" not in answer.text
    assert carries_them(answer)


@pytest.mark.parametrize(
    "forged",
    [
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "javascript"),
        ("x-forwarded-prefix", "//evil.example"),
        ("forwarded", "for=127.0.0.1;host=evil.example;proto=https"),
        ("x-real-ip", "127.0.0.1"),
        ("x-original-url", "/style.css"),
        ("x-http-method-override", "DELETE"),
    ],
)
def test_e13_what_a_proxy_may_have_said_changes_nothing(held, get, forged):
    record(held, article(1))
    for target in (f"/s/{ID}", "/s/nothing"):
        assert get(target, headers=[("host", "localhost"), forged]) == get(target)
