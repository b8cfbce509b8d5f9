"""`newscrawl backtest`: what a person and a program get to see."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from newscrawl import settings
from newscrawl.alerts import evidence
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli import app
from newscrawl.errors import UsageError
from newscrawl.query.errors import QueryError
from tests.alerts.paper import TITLES, articles
from tests.makers import article, indexed, record

UNTIL = ("--until", "2023-12-15")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home, made = indexed(tmp_path_factory.mktemp("backtest"), articles(), TITLES)
    made.close()
    return home


@pytest.fixture
def run(home, monkeypatch, capsys):
    monkeypatch.setattr(settings, "home", lambda: home)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words, status=0):
        made = app("backtest")
        assert (made(["backtest", *words], standalone_mode=False) or 0) == status
        return capsys.readouterr().out

    return run


def test_the_sentence_the_hits_the_days_and_what_could_be_left_out(run):
    lines = run("莫干山", *UNTIL).splitlines()
    assert "would have fired 12 times in the 30 days to 2023-12-15, 12 stories" in lines
    assert any("雪后的莫干山迎来赏雪客" in line for line in lines)
    assert "2023年11月16日" in "".join(lines)
    assert "  not as part of 莫干山路: 4 篇 less  莫干山!莫干山路" in lines
    assert "  without 民宿: 3 篇 less  莫干山 -民宿" in lines
    assert any(line.startswith("0.40 篇 a day, 2 on 2023年12月15日; ") for line in lines)


def test_words_and_exclusions_are_one_query(run):
    told = json.loads(run("莫干山", "-民宿", *UNTIL, "--json"))
    assert (told["query"], told["total"]) == ("莫干山 -民宿", 9)


def test_what_the_lint_says_stands_below(run):
    *_, last = run("拱宸", *UNTIL).strip().splitlines()
    assert last.startswith("! “拱宸” stands only within “拱宸桥” in all 7 articles")


def test_what_nothing_held_has_has_a_status_of_its_own(run):
    said = run("没有这个词", *UNTIL, status=1)
    assert "would not have fired in the 30 days to 2023-12-15\n" in said
    assert "! nothing held has it so far: " in said
    assert "never" not in said
    assert run("莫干山", "-莫干山", status=1)


def test_of_a_sample_it_is_said_so(run, monkeypatch):
    monkeypatch.setattr(evidence, "READ", 10)
    assert "what could be left out, of 10 that were looked at:\n" in run("莫干山", *UNTIL)
    assert "what could be left out:\n" in run("莫干山", *UNTIL, "--days", "4")


def test_what_is_not_indexed_yet_is_told(home, run):
    with closing(Catalogue.existing(home.catalogue)) as made:
        record(made, article(99, url="https://example.com/99.html"))
    assert "; 1 more are being indexed\n" in run("莫干山", *UNTIL)
    assert " ms; 1 more are being indexed\n" in run("没有这个词", *UNTIL, status=1)


def test_what_fires_on_other_days_only_may_fire_again(run):
    assert "1 篇 of other days" in run("荷花", *UNTIL)


def test_papers_and_days_narrow_it(run):
    told = json.loads(run("渡口", "--paper", "都市快报", *UNTIL, "--days", "15", "--json"))
    assert (told["total"], told["papers"], told["days"]) == (1, ["都市快报"], 15)
    assert (told["since"], told["until"]) == ("2023-12-01", "2023-12-15")
    assert json.loads(run("渡口", *UNTIL, "--days", "14", "--json"))["total"] == 0


def test_a_program_reads_all_of_it(run):
    told = json.loads(run("莫干山", *UNTIL, "--json"))
    assert told["says"].startswith("would have fired 12 times")
    assert (told["stories"], told["total_exact"], told["articles"]) == (12, True, 54)
    assert told["busiest"] == {"day": "2023-12-15", "count": 2}
    assert sum(each["count"] for each in told["timeline"]["counts"]) == 12
    assert len(told["newest"]) == 5
    assert told["newest"][0]["snippets"][0]["spans"]
    assert told["noise"][0] == {
        "kind": "longer name",
        "text": "莫干山路",
        "takes": 4,
        "query": "莫干山!莫干山路",
    }
    assert told["read"] == 12


def test_a_remark_has_its_place(run):
    [remark] = json.loads(run("民宿", "OR", "拱宸", *UNTIL, "--json"))["remarks"]
    assert (remark["kind"], remark["place"]) == ("longer name", [6, 8])


def test_the_caps_are_settings(run, monkeypatch):
    def kinds(query):
        return [each["kind"] for each in json.loads(run(query, *UNTIL, "--json"))["remarks"]]

    assert kinds("莫干山 -民宿") == []
    for setting, value, kind in (
        ("SUBSCRIPTION_SHARE", 0.1, "everything"),
        ("SUBSCRIPTION_CLAUSES", 1, "costly"),
        ("SUBSCRIPTION_COST", 10, "costly"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(settings, setting, value)
            assert kinds("莫干山 -民宿") == [kind]


@pytest.mark.parametrize(
    "words",
    [
        ["莫干山", "--days", "0"],
        ["莫干山", "--days", "x"],
        ["莫干山", "--until", "gestern"],
        ["莫干山", "--paper", "nosuch"],
        ["莫干山", "--nosuch"],
    ],
)
def test_a_wrong_call_is_refused(run, words):
    with pytest.raises(UsageError):
        run(*words)


def test_a_query_that_cannot_be_read_is_refused_before_anything_is_opened(run, monkeypatch):
    monkeypatch.setattr(settings, "home", lambda: pytest.fail("opened"))
    with pytest.raises(QueryError):
        run("莫干山", "(")
