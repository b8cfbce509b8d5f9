"""`newscrawl show`: headings on one line, for a person and for a program."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.cli.show import show
from newscrawl.home import Home
from tests.makers import PAPER, article, catalogue, record

FIRST = f"{PAPER}/2023-12-15/A01/1"
BROKEN = {"kicker": "引\n题", "headline": "杭州西站枢纽\n今日正式启用", "subhead": "副\n题"}


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    home = Home(tmp_path)
    monkeypatch.setattr(settings, "home", lambda: home)
    made = catalogue(home.catalogue)
    record(made, article(1, **BROKEN))
    made.close()

    def said(**options):
        show(FIRST, **options)
        return capsys.readouterr().out

    return said


def test_a_broken_heading_is_a_line(said):
    assert said().splitlines()[1:4] == ["引 题", "杭州西站枢纽 今日正式启用", "副 题"]


def test_a_broken_heading_is_a_line_of_the_data(said):
    data = json.loads(said(as_json=True))
    assert {name: data[name] for name in BROKEN} == {
        name: text.replace("\n", " ") for name, text in BROKEN.items()
    }
