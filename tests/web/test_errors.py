"""Errors: in plain words, with nothing of what was asked."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from jinja2 import UndefinedError

from newscrawl.catalogue.connection import CatalogueError
from newscrawl.web.guard import HEADERS
from newscrawl.web.pages import Pages
from newscrawl.web.wording import WORDING
from tests.web.asking import ask

ENGLISH = [("host", "localhost"), ("accept-language", "en")]
TAG = "%3Cscript%3Ealert(1)%3C/script%3E"


@pytest.mark.parametrize(
    "target", [f"/{TAG}", f"/s/{TAG}", f"/story/{TAG}", f"/s/x?{TAG}", f"/style.css/{TAG}"]
)
def test_e5_an_error_page_repeats_nothing_of_the_address(get, target):
    answer = get(target)
    assert answer.status == 404
    assert "script" not in answer.text
    assert "alert" not in answer.text
    assert "链接不完整" in answer.text


def test_an_error_is_told_in_the_reader_s_language(get):
    answer = get("/nothing", headers=ENGLISH)
    assert "Nothing is here" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_wrong_method_names_the_right_ones(get):
    answer = get("/style.css", "POST")
    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_e5_a_failure_is_told_without_its_cause(app, held, tmp_path):
    held.close()
    (tmp_path / "newscrawl.db").write_bytes(b"this is no database" * 100)
    answer = ask(app, "/s/anything", failing=(CatalogueError,))
    assert answer.status == 500
    assert "请稍后再试" in answer.text
    assert "database" not in answer.text
    assert str(tmp_path) not in answer.text
    assert HEADERS.items() <= answer.headers.items()


def test_b5_an_error_of_a_feed_is_plain_text(get):
    answer = get(f"/feed/{TAG}.atom")
    assert answer.status == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.strip() == WORDING["zh"].errors[404]


def test_e5_templates_escape_and_want_all_their_values():
    templates = Pages().templates
    assert templates.autoescape is True
    shown = templates.from_string("{{ value }}").render(value="<b>'\"&")
    assert shown == "&lt;b&gt;&#39;&#34;&amp;"
    with pytest.raises(UndefinedError):
        templates.from_string("{{ unknown }}").render()


@pytest.mark.parametrize("name", Pages().templates.list_templates())
def test_e5_no_template_turns_escaping_off_or_has_a_script(name):
    source = files("newscrawl.web").joinpath("templates", name).read_text(encoding="utf-8")
    assert not re.search(
        r"\|\s*safe|autoescape|markup|<script|\son\w+=|style=", source, re.IGNORECASE
    )
