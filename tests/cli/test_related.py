"""`newscrawl related`: what a person gets to see."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.cli import app
from newscrawl.errors import NewscrawlError
from tests.makers import PAPER, article, indexed


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    items = [
        article(1, headline="茶园开采", paragraphs=["龙井茶园开采，茶农采茶忙。"]),
        article(2, headline="茶价\n走高", paragraphs=["龙井价格走高，茶园里采茶的工人不够。"]),
        article(3, headline="地铁延长", paragraphs=["地铁末班车延长一小时。"]),
        article(4, headline="渡口通航", paragraphs=["渡口恢复通航。"]),
    ]
    home, made = indexed(tmp_path / "home", items)
    made.close()
    monkeypatch.setattr(settings, "home", lambda: home)

    def run(*words, status=0):
        assert (app()(["related", *words], standalone_mode=False) or 0) == status
        return capsys.readouterr().out

    return run


def test_the_nearest_articles_are_shown(run):
    shown = run(f"{PAPER}/2023-12-15/A01/1")
    assert shown.startswith("茶价 走高\n杭州日报 2023-12-15 A01 要闻  ")
    assert f"{PAPER}/2023-12-15/A01/2\n" in shown
    [near] = json.loads(run(f"{PAPER}/2023-12-15/A01/1", "--json"))
    assert (near["id"], near["headline"]) == (f"{PAPER}/2023-12-15/A01/2", "茶价 走高")


def test_an_article_that_nothing_is_near_to(run):
    assert json.loads(run(f"{PAPER}/2023-12-15/A01/3", "--json", status=1)) == []


def test_what_is_not_held_is_said_so(run):
    with pytest.raises(NewscrawlError, match="not held"):
        run("nosuch/2023-12-15/A01/3")
