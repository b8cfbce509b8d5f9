"""`newscrawl status` as a terminal, a pipe and a program see it."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from newscrawl import settings
from newscrawl.archive.layout import archive_files
from newscrawl.catalogue import runs
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli.status import status
from newscrawl.home import Home
from newscrawl.ops.usage import Usage
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


@pytest.mark.parametrize("columns", [40, 200])
def test_an_address_is_never_broken_and_no_line_is_padded(home, monkeypatch, capsys, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    status()
    printed = capsys.readouterr().out
    assert f"{TITLE}  {PAPER}\n" in printed
    assert f": {REASONS[0][0]}: 连接被拒绝 (and 29 more)\n" in printed
    assert "  1/1 版  5/5 篇" in printed
    assert "overdue" in printed
    assert not any(line.endswith(" ") for line in printed.splitlines())


def test_an_import_is_nothing_to_be_alarmed_at(home, monkeypatch, capsys):
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        runs.register(tx, "express", "快报")
        run = runs.begin(tx, "express", NOW)
        runs.end(tx, run, now=NOW, state=runs.IMPORTED, line="", reasons=[], stats={})
    catalogue.close()
    monkeypatch.setenv("FORCE_COLOR", "1")
    status(["express"])
    assert "\x1b[32mimported\x1b[0m" in capsys.readouterr().out


def test_json_has_every_reason(home, capsys):
    status(as_json=True)
    data = json.loads(capsys.readouterr().out)
    [paper] = data["papers"]
    assert paper["edition"]["day"] == DAY
    assert paper["edition"]["tally"]["articles_held"] == 5
    assert [each["url"] for each in paper["last_run"]["reasons"]] == [url for url, _ in REASONS]
    assert paper["last_failure"] == paper["last_run"]
    assert any("last run failed" in line for line in data["attention"])
    assert data["index"] == {"behind": 0, "problem": None, "aside": []}


@pytest.mark.parametrize(("columns", "days"), [(40, 2), (80, 6), (200, 7)])
def test_sizes_fit_the_terminal(home, monkeypatch, capsys, columns, days):
    monkeypatch.setenv("COLUMNS", str(columns))
    status()
    lines = capsys.readouterr().out.splitlines()
    [head] = [line for line in lines if line.startswith("archive, MB")]
    row = lines[lines.index(head) + 1]
    assert len(head.split()) == days + 4
    assert row.split() == [TITLE, *["-"] * (days - 1), "<0.1", "<0.1"]
    assert cell_len(row) == cell_len(head) <= columns
    assert any(line.startswith("growth: too little to say") for line in lines)


def test_json_has_sizes_in_bytes(home, capsys):
    status(as_json=True)
    usage = json.loads(capsys.readouterr().out)["usage"]
    [archived] = archive_files(home.snapshots)
    size = archived.stat().st_size
    assert usage["archive"] == usage["papers"][0]["bytes"] == size
    assert usage["papers"][0]["by_day"] == [0] * 6 + [size]
    assert len(usage["days"]) == 7
    assert usage["growth"] == {"over_days": 0.0, "bytes_a_day": None, "days_left": None}
    assert usage["catalogue"] > 0
    assert usage["index"] > 0


def test_a_disk_that_is_soon_full_asks_for_attention(home, monkeypatch, capsys):
    monkeypatch.setattr(Usage, "shortage", "the disk is full in 3 days")
    status(as_json=True)
    attention = json.loads(capsys.readouterr().out)["attention"]
    assert f"{home.root}: the disk is full in 3 days: make room" in attention


def test_before_the_first_crawl_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(settings, "home", lambda: Home(tmp_path / "none"))
    status()
    assert "nothing collected yet" in capsys.readouterr().out
