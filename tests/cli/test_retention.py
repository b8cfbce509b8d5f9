"""For how long papers are kept, as a person decides it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl import settings
from newscrawl.catalogue import retention
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.retention import Retention
from newscrawl.cli import app
from newscrawl.errors import UsageError
from newscrawl.ops.health import examine
from tests.homes import small_home
from tests.makers import DAY, PAPER

SCHEDULED = "`newscrawl retention apply` does it, every night after `newscrawl schedule --install`"


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家", articles=2)


@pytest.fixture
def run(home, monkeypatch, capsys):
    monkeypatch.setattr(settings, "home", lambda: home)

    def run(*words):
        app()(list(words), standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_a_decision_is_of_a_paper_and_taken_back(run):
    assert run("retention", "show") == f"{PAPER} 杭州日报: for good\n"
    said = run("retention", "set", "365", "--paper", "杭州日报")
    assert said.splitlines() == [f"{PAPER}: 365 days, then erase", SCHEDULED]
    run("retention", "set", "30", "--paper", PAPER, "--scope", "hide")
    assert json.loads(run("retention", "show", "--json")) == [
        {"paper": PAPER, "days": 30, "scope": "hide"}
    ]
    assert "kept for 30 days, then hide" in run("status")
    assert run("retention", "clear", "--paper", PAPER) == f"{PAPER}: for good\n"
    assert "kept for" not in run("status")


def test_a_paper_that_has_a_spider_may_be_decided_before_its_first_crawl(run):
    said = run("retention", "set", "365", "--paper", "metro_express")
    assert said.splitlines() == ["metro_express: 365 days, then erase", SCHEDULED]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("set", "0", "--paper", PAPER), "must be a number from 1"),
        (("set", "365"), "--paper: of which paper"),
        (("set", "365", "--paper", "没有的报"), "nothing was collected of it"),
        (("set", "365", "--paper", PAPER, "--scope", "burn"), "one of hide, redact, erase"),
    ],
)
def test_what_cannot_be_meant_is_refused(run, words, what):
    with pytest.raises(UsageError, match=what):
        run("retention", *words)


def test_what_would_go_is_said_before_it_goes(run):
    assert run("retention", "apply") == "nothing is older than it is kept\n"
    run("retention", "set", "365", "--paper", PAPER)
    dry = run("retention", "apply", "--dry-run")
    assert dry == f"{PAPER}: would erase: 1 edition, {DAY}: 2 articles\n"
    assert json.loads(run("search", "渡口", "--json"))["total"] == 2
    done = run("retention", "apply")
    records = "4 records taken out of the archive"
    assert done == f"{PAPER}: erase: 1 edition, {DAY}: 2 articles, {records}\n"
    listed = json.loads(run("takedown", "--list", "--json"))
    assert [(each["category"], each["day"]) for each in listed] == [("retention", DAY)]
    assert "sound" in run("verify")


def test_what_is_overdue_asks_for_attention(home):
    day = datetime.fromisoformat(f"{DAY}T12:00:00+08:00")
    made = Catalogue.open(home.catalogue)
    with made.write() as tx:
        retention.decide(tx, [Retention(PAPER, 10, "erase")])
    made.close()

    def said(days):
        health = examine(home, (day + timedelta(days=days)).astimezone(UTC), [], 0)
        return [line for line in health.attention if "retention" in line]

    assert said(11) == []
    run_it = "run `newscrawl retention apply`"
    assert said(12) == [
        f"{PAPER}: 1 edition is overdue by more than a day, kept for 10 days: {run_it}"
    ]
