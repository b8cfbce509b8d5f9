"""How much may go out, as a person decides it."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.cli import app
from newscrawl.errors import UsageError
from newscrawl.home import Home
from tests.makers import catalogue

TITLES = {"hangzhou_daily": "杭州日报", "metro_express": "都市快报"}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    home = Home(tmp_path)
    catalogue(home.catalogue, TITLES).close()
    monkeypatch.setattr(settings, "home", lambda: home)

    def run(*words):
        app()(["policy", *words], standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_until_somebody_decides_an_excerpt_goes_out(run):
    assert run("show").splitlines() == [
        "hangzhou_daily 杭州日报: excerpt-200  (as all others)",
        "metro_express 都市快报: excerpt-200  (as all others)",
        "all others: excerpt-200  (nobody has decided: `newscrawl policy set` does)",
    ]


def test_a_decision_is_of_one_paper_by_its_title_or_of_all_others(run):
    assert run("set", "full", "--paper", "都市快报") == "metro_express: full\n"
    assert run("set", "metadata") == "all others: metadata\n"
    assert json.loads(run("show", "--json")) == {
        "others": "metadata",
        "decided": True,
        "papers": {"hangzhou_daily": "metadata", "metro_express": "full"},
    }
    assert run("clear", "--paper", "metro_express") == "metro_express: metadata\n"
    assert run("clear") == "all others: excerpt-200\n"


def test_a_paper_of_which_nothing_is_known_is_refused(run):
    with pytest.raises(UsageError, match="nothing was collected of it"):
        run("set", "full", "--paper", "没有的报")
