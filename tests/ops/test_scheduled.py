"""What is scheduled and does not come is found, by the crontab or by how it came before."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.catalogue import retention, runs
from newscrawl.catalogue.retention import Retention
from newscrawl.home import Home
from newscrawl.ops import crontab, scheduled
from newscrawl.ops.crontab import Installation
from newscrawl.text.dates import iso
from tests.makers import PAPER, catalogue

NOW = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "家 of 50%")


@pytest.fixture
def scrapy(tmp_path):
    program = tmp_path / "bin of ours" / "scrapy"
    program.parent.mkdir()
    program.touch()
    return program


@pytest.fixture
def found(home):
    """What is found where crawls were begun so many hours ago."""

    def found(*hours, cron="", state="complete"):
        home.root.mkdir(exist_ok=True)
        with closing(catalogue(home.catalogue)) as made:
            for each in sorted(hours, reverse=True):
                with made.write() as tx:
                    begun = iso(NOW - timedelta(hours=each))
                    run = runs.begin(tx, PAPER, begun)
                    runs.end(tx, run, now=begun, state=state, line="", reasons=[], stats={})
            return [each.what for each in scheduled.examine(home, made, cron, NOW)]

    return found


@pytest.fixture
def cron(home, scrapy):
    """A crontab that was written for this home, and what another program has in it."""
    place = Installation(Path("/srv/news crawl"), scrapy, home.root, 3600)
    written = crontab.block(place, [PAPER, "metro_express"], None, NOW)
    return f"0 4 * * * backup\n{written}5 5 * * * crawl other\n"


def test_what_runs_as_it_is_scheduled_is_sound(found, cron):
    assert found(3, 27, 51, cron=cron) == []


def test_a_scheduled_paper_that_did_not_run_for_a_day_is_found(found, cron):
    [what] = found(30, cron=cron)
    assert what == "scheduled, and no run has begun for 30 h"


def test_a_paper_that_came_every_day_and_then_no_more_is_found_without_a_crontab(found):
    [what] = found(30, 54, 78, 102)
    assert what == "crawled daily before, and no run has begun for 30 h"


@pytest.mark.parametrize("hours", [(), (500,), (500, 501, 502), (30, 500, 1000, 2000)])
def test_what_was_crawled_now_and_then_is_not_missed(found, hours):
    assert found(*hours) == []


def test_imports_have_no_rhythm(found):
    assert found(30, 54, 78, 102, state=runs.IMPORTED) == []


def test_lines_for_another_home_are_not_ours(found, cron, home):
    assert found(30, cron=cron.replace(str(home.root), "/srv/other")) == []


def test_lines_that_start_what_is_gone_are_found(found, cron, scrapy):
    scrapy.unlink()
    [what] = found(3, cron=cron)
    assert what == f"starts {scrapy}, which is not there"


def test_lines_of_another_zone_are_found(found, cron):
    here = f"UTC{NOW.astimezone():%z}"
    [what] = found(3, cron=cron.replace(here, "UTC-0330"))
    assert what.startswith("written for UTC-0330, and this host has ")


def test_a_crontab_that_takes_nothing_down_is_said_where_a_paper_is_kept_for_some_days(
    home, scrapy, found, cron
):
    home.root.mkdir()
    with closing(catalogue(home.catalogue)) as made, made.write() as tx:
        retention.decide(tx, [Retention(PAPER, 365, "erase")])
    what = "kept for some days only, and nothing takes down what is older"
    assert found(3, cron=cron) == [what]
    assert found(3) == []
    place = Installation(Path("/srv/news crawl"), scrapy, home.root, 3600, retention=True)
    assert found(3, cron=crontab.block(place, [PAPER, "metro_express"], None, NOW)) == []
