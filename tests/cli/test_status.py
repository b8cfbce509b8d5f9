"""`newscrawl status` as a terminal, a pipe and a program see it."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from newscrawl import settings
from newscrawl.catalogue import runs
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli.status import status
from newscrawl.home import Home
from tests.homes import small_home
from tests.makers import DAY, NOW, PAPER, TITLE

REASONS = [(f"https://example.com/{'x' * 90}/{number}", "连接被拒绝") for number in range(30)]


@pytest.fixture
def home(tmp_path, monkeypatch):
    made = small_home(tmp_path / "家")
    catalogue = Catalogue.open(made.catalogue)
    with catalogue.write() as tx:
        run = runs.begin(tx, PAPER, NOW)
        runs.end(tx, run, now=NOW, state="failed", line="", reasons=REASONS, stats={})
    catalogue.close()
    monkeypatch.setattr(settings, "home", lambda: made)
    return made


@pytest.mark.parametrize("columns", [40, 60, 100, 200])
def test_chinese_is_whole_and_no_line_is_wider_than_the_screen(home, monkeypatch, capsys, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    status()
    table, mark, below = capsys.readouterr().out.partition("\n! ")
    assert mark
    assert "连接被拒绝" in below
    assert max(cell_len(line) for line in table.splitlines()) <= columns
    joined = "".join(line.strip() for line in table.splitlines())
    for wanted in (TITLE, PAPER, "1/1 版", "5/5 篇", "连接被拒绝"):
        assert wanted.replace(" ", "") in joined.replace(" ", "")
    assert "overdue" in joined


def test_json_has_every_reason(home, capsys):
    status(as_json=True)
    data = json.loads(capsys.readouterr().out)
    [paper] = data["papers"]
    assert paper["edition"]["day"] == DAY
    assert paper["edition"]["tally"]["articles_held"] == 5
    assert [each["url"] for each in paper["last_run"]["reasons"]] == [url for url, _ in REASONS]
    assert paper["last_failure"] == paper["last_run"]
    assert any("last run failed" in line for line in data["attention"])
    assert data["index"] == {"behind": 0, "problem": None}


def test_before_the_first_crawl_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(settings, "home", lambda: Home(tmp_path / "none"))
    status()
    assert "nothing collected yet" in capsys.readouterr().out
