"""What is known of a paper between two polls."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from newscrawl.catalogue import runs
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.home import Home
from newscrawl.ops.bulletin import bulletin, crawled
from newscrawl.ops.rhythms import WITHOUT_HISTORY, Span
from tests.homes import small_home
from tests.makers import NOW, PAPER, TITLE, article, record

SEEN = datetime.fromisoformat(NOW)


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家")


def change(home, work):
    catalogue = Catalogue.open(home.catalogue)
    work(catalogue)
    catalogue.close()


def test_a_held_edition(home):
    found = bulletin(home, PAPER, SEEN + timedelta(hours=1))
    assert (found.title, found.newest, found.came) == (TITLE, 5, ())
    assert found.complete
    assert found.news == SEEN
    assert found.hours == WITHOUT_HISTORY
    assert found.run is not None
    assert found.run.state == "complete"


def test_the_next_day_nothing_has_come_yet(home):
    found = bulletin(home, PAPER, SEEN + timedelta(days=1))
    assert not found.complete
    assert found.news is None


def test_what_came_since(home):
    change(home, lambda catalogue: record(catalogue, article(6)))
    found = bulletin(home, PAPER, SEEN, 5)
    assert [each.seq for each in found.came] == [6]
    assert found.newest == 6


def test_the_hours_are_those_of_the_last_weeks(home):
    def earlier(catalogue):
        for number in range(1, 40):
            seen = SEEN - timedelta(days=number)
            hour = 2 if number < 25 else 7  # UTC
            day, moment = f"{seen:%Y-%m-%d}", seen.replace(hour=hour, minute=10)
            url = f"https://example.com/{number}.html"
            record(
                catalogue,
                article(10 + number, edition=day, url=url, snapshot_time=moment.isoformat()),
            )

    change(home, earlier)
    assert bulletin(home, PAPER, SEEN).hours == (Span(9 * 60 + 30, 10 * 60 + 30),)


def test_papers_that_were_crawled_are_those_that_were_not_only_imported(home):
    def imports(catalogue):
        with catalogue.write() as tx:
            runs.register(tx, "express", "快报")
            run = runs.begin(tx, "express", NOW)
            runs.end(tx, run, now=NOW, state=runs.IMPORTED, line="", reasons=[], stats={})

    change(home, imports)
    assert crawled(home) == [PAPER]


def test_where_nothing_was_collected_nothing_is_made(tmp_path):
    with pytest.raises(CatalogueError, match="nothing collected yet"):
        bulletin(Home(tmp_path), PAPER, SEEN)
    assert list(tmp_path.iterdir()) == []
