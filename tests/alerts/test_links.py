"""Our own addresses are made of NEWSCRAWL_PUBLIC_URL and of nothing else."""

from __future__ import annotations

import pytest

from newscrawl.alerts.links import Links
from newscrawl.errors import UsageError

LINKS = Links("https://news.example.org")


@pytest.mark.parametrize(
    ("text", "origin", "host"),
    [
        ("https://news.example.org", "https://news.example.org", "news.example.org"),
        ("HTTPS://News.example.org:8443/", "https://news.example.org:8443", "news.example.org"),
        ("http://[::1]:8000", "http://[::1]:8000", "::1"),
    ],
)
def test_an_origin_is_read(text, origin, host):
    links = Links.parse(text)
    assert links == Links(origin)
    assert links.host == host


def test_a_story_is_named_by_an_article_of_any_characters():
    assert LINKS.story("报?a#b%2f<i>/1") == (
        "https://news.example.org/story/%E6%8A%A5%3Fa%23b%252f%3Ci%3E/1"
    )


def test_without_the_setting_there_are_no_links():
    assert Links.parse("") is None


@pytest.mark.parametrize(
    "text",
    [
        "news.example.org", "//news.example.org", "ftp://news.example.org", "javascript:alert(1)",
        "https://news.example.org/news", "https://news.example.org?x=1", "https://a@b.example",
        "https://news.example.org/#a", "https://", "http://[:::]:80", "https://a b.example",
        "https://a.example//",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(UsageError, match="NEWSCRAWL_PUBLIC_URL"):
        Links.parse(text)


def test_each_page_has_its_address():
    assert LINKS.snapshot("a_paper/2023-12-15/A05/3~2") == (
        "https://news.example.org/s/a_paper/2023-12-15/A05/3~2"
    )
    assert LINKS.snapshot("a_paper/2023-12-15/A05/3", 2).endswith("/A05/3/2")
    assert LINKS.feed("secret", "atom") == "https://news.example.org/feed/secret.atom"
    assert LINKS.confirm("secret") == "https://news.example.org/confirm/secret"
    assert LINKS.unsubscribe("secret") == "https://news.example.org/u/secret"


def test_an_id_that_an_import_brought_stays_inside_its_path():
    assert LINKS.snapshot("报/a?b#c%2f") == ("https://news.example.org/s/%E6%8A%A5/a%3Fb%23c%252f")
