"""Searches kept by name, as a person keeps and runs them."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.cli import app
from newscrawl.errors import NewscrawlError
from tests.crawls import Newsroom
from tests.makers import article, indexed


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    items = [article(1, paragraphs=["临空经济区"]), article(2, paragraphs=["临空的广告"])]
    home, catalogue = indexed(tmp_path_factory.mktemp("home"), items)
    catalogue.close()
    return home


@pytest.fixture
def run(home, monkeypatch, capsys):
    """Runs `newscrawl WORDS…` on a small home; its exit status and what it printed."""
    monkeypatch.setattr(settings, "home", lambda: home)

    def run(*words):
        status = app()(list(words), standalone_mode=False)
        return status or 0, capsys.readouterr().out

    yield run
    capsys.readouterr()
    for kept in json.loads(run("saved", "list", "--json")[1]):
        run("saved", "remove", kept["name"])


def test_a_search_is_kept_shown_run_and_removed(run):
    asked = ["（临空 AND 经济） OR 渡口", "--paper", "杭州日报", "--since", "2023-12-01"]
    assert run("search", *asked, "--sort", "oldest", "--save", "临空")[0] == 0
    assert "临空 经济 OR 渡口 --paper 杭州日报 --since 2023-12-01" in run("saved", "list")[1]
    assert "临空 经济 OR 渡口" in run("saved", "show", "临空")[1]
    [kept] = json.loads(run("saved", "list", "--json")[1])
    assert kept == json.loads(run("saved", "show", "临空", "--json")[1])
    assert kept["sort"] == "oldest"
    found = json.loads(run("saved", "run", "临空", "--json", "--limit", "1")[1])
    assert (found["total"], len(found["results"])) == (2, 1)
    assert run("saved", "remove", "临空")[0] == 0
    assert run("saved", "list") == (0, "")


def test_a_search_that_finds_nothing_yet_is_kept_too(run):
    assert run("search", "萧山机场", "--save", "airport")[0] == 1
    assert run("saved", "run", "airport")[0] == 1


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        (["search", "临空", "--save", "临 空"], 2, "name '临 空': "),
        (["search", "（临空", "--save", "临空"], 2, ""),
        (["search", "临空", "--paper", "nosuch", "--save", "临空"], 2, "--paper nosuch: "),
        (["saved", "show", "没有的"], 1, "没有的: no search of this name"),
        (["saved", "run", "没有的"], 1, "没有的: no search of this name"),
        (["saved", "remove", "没有的"], 1, "没有的: no search of this name"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_nothing_is_kept(run, given, status, said):
    with pytest.raises(NewscrawlError) as refusal:
        run(*given)
    assert refusal.value.status == status
    assert str(refusal.value).startswith(said)
    assert run("saved", "list") == (0, "")


def test_what_is_kept_and_that_nothing_is_kept_is_said_apart_from_the_output(home, run):
    room = Newsroom(home.root)
    kept = room.run("newscrawl", "search", "广告", "--json", "--save", "ads")
    assert kept.stderr == "ads: saved; `newscrawl saved run ads` asks it again\n"
    assert json.loads(kept.stdout)["total"] == 1
    run("saved", "remove", "ads")
    empty = room.run("newscrawl", "saved", "list")
    assert (empty.returncode, empty.stdout) == (0, "")
    assert empty.stderr.startswith("no search is saved: ")


def test_a_name_that_is_taken_stays_what_it_was(run):
    assert run("search", "临空", "--save", "区")[0] == 0
    with pytest.raises(NewscrawlError, match="区: this name is taken"):
        run("search", "广告", "--save", "区")
    assert json.loads(run("saved", "show", "区", "--json")[1])["query"] == "临空"
