"""The root address: what this is, and nothing of what is held."""

from __future__ import annotations

import html

import pytest

from newscrawl.web.guard import HEADERS
from newscrawl.web.wording import WORDING
from tests.makers import PAPER, article, record


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_this_is_and_what_can_be_opened(held, get, language):
    record(held, article(1))
    answer = get(f"/?lang={language}")
    words = WORDING[language]
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert HEADERS.items() <= answer.headers.items()
    text = html.unescape(answer.text)
    for said in (words.about, words.reached, *words.places, *words.places.values()):
        assert said in text
    assert "news@example.org" in text
    for kept in (PAPER, "恢复通航", "<form", "<script"):
        assert kept not in text


def test_it_is_only_looked_at(get):
    assert get("/", "HEAD").status == 200
    assert get("/", "POST").status == 405
    assert get("/", headers=[("host", "evil.example")]).status == 400
