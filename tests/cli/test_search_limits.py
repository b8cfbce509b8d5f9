"""`newscrawl search` as a person calls it, well and badly."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from newscrawl import search as script
from newscrawl import settings
from newscrawl.errors import UsageError
from newscrawl.index.finding import MOST_HITS
from newscrawl.query.limits import HIGHEST, Limits
from tests.makers import article, indexed


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    items = [article(1, paragraphs=["空白，没有什么可看。"])]
    made, catalogue = indexed(tmp_path_factory.mktemp("home"), items)
    catalogue.close()
    return made


@pytest.mark.parametrize("limit", ["1000000000", "1000000", "-1", "0", "9" * 40, "x", "", "1.5"])
def test_c7_the_command_refuses_a_limit_out_of_bounds_in_one_line(command, limit):
    status, printed, said = command("空白", "--limit", limit)
    assert (status, printed) == (2, "")
    assert said.count("\n") == 1
    assert "--limit" in said


def test_c7_the_command_answers_the_largest_limit(command):
    assert command("空白", "--limit", str(MOST_HITS), "--json")[0] == 0


@pytest.mark.parametrize("order", [";drop", "newest; DROP TABLE versions", "", "Newest", "\x00"])
def test_c9_the_command_knows_three_orders(command, order):
    status, printed, said = command("空白", "--sort", order)
    assert (status, printed) == (2, "")
    assert said.endswith(": must be one of relevance, newest, oldest\n")
    assert said.count("\n") == 1


@pytest.mark.parametrize("order", ["relevance", "newest", "oldest"])
def test_c9_each_of_them_is_answered(command, order):
    assert command("空白", "--sort", order)[0] == 0


def test_c2_a_large_query_is_refused_by_the_command(command):
    status, printed, said = command("空 OR " * 300 + "空")
    assert (status, printed) == (2, "")
    assert said.startswith("cannot read the query at character 1281: it has more than 256 words")


@pytest.mark.parametrize(
    ("setting", "value", "query"),
    [
        ("QUERY_LENGTH", 3, "没有什么"),
        ("QUERY_CLAUSES", 2, "空 白 没"),
        ("QUERY_DEPTH", 1, "((空))"),
        ("QUERY_DISTANCE", 4, '"空 白"~5'),
        ("QUERY_NEAR", 2, '"空 白 没"~5'),
    ],
)
def test_every_limit_of_a_query_is_a_setting(command, monkeypatch, setting, value, query):
    assert command(query)[0] == 0
    monkeypatch.setattr(settings, setting, value)
    assert command(query)[0] == 2


def test_a_limit_can_be_raised(command, monkeypatch):
    query = "空 OR " * 256 + "空"
    assert command(query)[0] == 2
    monkeypatch.setattr(settings, "QUERY_CLAUSES", 257)
    assert command(query)[0] == 0


def test_the_limits_are_those_of_the_language_unless_they_are_set():
    assert script.limits() == Limits()


@pytest.mark.parametrize("name", HIGHEST)
def test_a_limit_that_would_let_a_query_hurt_is_refused(command, monkeypatch, name):
    monkeypatch.setattr(settings, f"QUERY_{name.upper()}", HIGHEST[name])
    assert script.limits()
    monkeypatch.setattr(settings, f"QUERY_{name.upper()}", HIGHEST[name] + 1)
    with pytest.raises(UsageError):
        script.limits()
    assert command("空白")[0] == 2


def searched(home, query, **environment):
    return subprocess.run(
        [sys.executable, "-m", "newscrawl.search", query],
        env=os.environ | {"NEWSCRAWL_HOME": str(home.root), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_c5_a_search_that_takes_too_long_is_ended_in_a_line(home):
    done = searched(home, "空白", NEWSCRAWL_QUERY_SECONDS="0.001")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("the search took longer than 0.001 seconds and was ended: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("setting", "value"), [("SECONDS", "0"), ("MEGABYTES", "1")])
def test_a_bound_in_which_nothing_is_found_is_refused(home, setting, value):
    done = searched(home, "空白", **{f"NEWSCRAWL_QUERY_{setting}": value})
    assert done.returncode == 2
    assert done.stderr.startswith(f"NEWSCRAWL_QUERY_{setting} {value}: ")


def test_the_environment_sets_a_limit(home):
    done = searched(home, "空 白 没", NEWSCRAWL_QUERY_CLAUSES="2")
    assert done.returncode == 2
    assert done.stderr.startswith("cannot read the query at character 5: it has more than 2 words")
