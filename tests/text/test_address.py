"""Which addresses may be shown as links."""

from __future__ import annotations

import pytest

from newscrawl.text.address import web_address


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/hzrb/article_1.html?div=1#top",
        "http://127.0.0.1:8095/",
        "HTTP://Paper.Example",
        "https://[2001:db8::1]:8443/a",
        "https://报纸.example/要闻?页=A05|B",
        "https://paper.example?id=1",
    ],
)
def test_an_address_on_the_web_is_a_link(url):
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "", "paper.example", "/a", "//paper.example/a", "ftp://paper.example/a", "import:a/1",
        "javascript:alert(1)", "http:/paper.example", "http:paper.example", "https:///a",
        "https://paper.example\\@evil.example", "https://a@evil.example",
        "https://paper.example/a b", "https://paper.example/\x00", "https://paper.example/\u202e",
        "https://paper.example:port/",
    ],
)  # fmt: skip
def test_nothing_else_is(url):
    assert web_address(url) == ""
