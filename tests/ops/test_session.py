"""A run's stores, beside those of other runs."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from newscrawl.catalogue import snapshots, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops.session import Session
from newscrawl.text.dates import iso, today
from tests.homes import small_home
from tests.makers import PAPER, article, capture


def begin_beside(tmp_path, late: timedelta):
    """Begin a run while another one holds the catalogue and captures something at its end."""
    home = small_home(tmp_path / "家")
    catalogue = Catalogue.open(home.catalogue)
    run = threading.Thread(target=lambda: Session(home, "express", "都市快报").close())
    with catalogue.write() as connection:
        run.start()
        time.sleep(0.5)
        taken = iso(datetime.now(UTC) + late)
        row = capture(article(900, record_id="<urn:900>", snapshot_time=taken))
        snapshots.add_all(connection, [row])
    run.join()
    catalogue.close()


def test_f10_who_waits_for_another_run_says_nothing_of_the_clock(tmp_path, caplog):
    begin_beside(tmp_path, timedelta())
    assert "clock" not in caplog.text


def test_f10_a_clock_that_went_back_is_told_of(tmp_path, caplog):
    begin_beside(tmp_path, timedelta(hours=1))
    assert "the clock went back" in caplog.text


def recorded(tmp_path, *days: date, alert: bool = False) -> list[bool]:
    """Whether articles of these days are silent, in the order in which a run recorded them."""
    items = [
        article(900 + number, record_id=f"<urn:{number}>", edition=day.isoformat())
        for number, day in enumerate(days)
    ]
    return silences(small_home(tmp_path / "家"), *items, alert=alert)


def silences(home, *items, alert=False):
    """Whether they are silent once a run has recorded them."""
    session = Session(home, PAPER, None)
    session.alert = alert
    rows = [capture(each) for each in items]
    session.submit(lambda tx: snapshots.add_all(tx, rows)).result()
    seqs = [asyncio.run(session.record(each)).seq for each in items]
    session.close()
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.read() as connection:
        found = versions.by_seq(connection, seqs)
    catalogue.close()
    return [found[seq].article.silent for seq in seqs]


def test_nobody_is_told_of_a_back_fill_unless_that_is_asked_for(tmp_path):
    here = today(datetime.now(UTC))
    days = [here - timedelta(days=each) for each in (0, 1, 4, 900)]
    assert recorded(tmp_path, *days) == [False, False, True, True]
    assert recorded(tmp_path / "asked", *days, alert=True) == [False] * 4


@pytest.mark.parametrize(
    ("brought", "later", "silent"),
    [
        ({"alert": True}, {"paragraphs": [*article(901).paragraphs, "莫干山昨日下雪。"]}, False),
        ({}, {"paragraphs": [*article(901).paragraphs, "莫干山昨日下雪。"]}, True),
        ({"alert": True}, {"headline": "食堂开张", "paragraphs": ["社区食堂开张。" * 9]}, True),
    ],
    ids=["what was news", "a back-fill", "another article at its address"],
)
def test_an_edit_of_the_past_is_news_where_what_it_edits_was(tmp_path, brought, later, silent):
    home = small_home(tmp_path / "家")
    day = (today(datetime.now(UTC)) - timedelta(days=5)).isoformat()
    silences(home, article(901, edition=day, record_id="<urn:1>"), **brought)
    assert silences(home, article(901, edition=day, record_id="<urn:2>", **later)) == [silent]
