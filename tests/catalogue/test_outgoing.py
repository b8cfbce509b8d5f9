"""Which versions and captures may leave this house."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from newscrawl.catalogue import outgoing
from newscrawl.catalogue.illegible import Damaged
from newscrawl.catalogue.outgoing import Scope
from tests.makers import article, catalogue, record

EVERYTHING = Scope()
TITLES = {"hangzhou_daily": "杭州日报", "metro_express": "都市快报"}


@pytest.fixture
def made(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db", TITLES)
    yield made
    made.close()


def held(made, scope=EVERYTHING):
    with made.read() as connection:
        every = list(outgoing.held(connection, scope))
        seqs = [seq for each in every for seq in each.seqs]
        return [
            (each.version.article_id, each.version.n)
            for each in outgoing.outgoing(connection, seqs)
        ]


def test_articles_come_by_paper_day_page_and_number(made):
    record(
        made,
        article(11, paper="metro_express"),
        article(3, edition="2023-12-16"),
        article(2, page="A02"),
        article(10),
        article(9),
    )
    assert [name for name, _n in held(made)] == [
        "hangzhou_daily/2023-12-15/A01/9",
        "hangzhou_daily/2023-12-15/A01/10",
        "hangzhou_daily/2023-12-15/A02/2",
        "hangzhou_daily/2023-12-16/A01/3",
        "metro_express/2023-12-15/A01/11",
    ]


def test_the_newest_version_goes_out_or_every_one(made):
    record(made, article(1), article(2))
    record(made, article(1, headline="第1号渡口停航", record_id="<urn:uuid:edited>"))
    first, second = (f"hangzhou_daily/2023-12-15/A01/{number}" for number in (1, 2))
    assert held(made) == [(first, 2), (second, 1)]
    assert held(made, Scope(every=True)) == [(first, 1), (first, 2), (second, 1)]


@pytest.mark.parametrize(
    ("scope", "days"),
    [
        (Scope(since=date(2023, 12, 15)), ["15", "16"]),
        (Scope(until=date(2023, 12, 15)), ["14", "15"]),
        (Scope(since=date(2023, 12, 15), until=date(2023, 12, 15)), ["15"]),
        (Scope(papers=["metro_express"]), []),
        (Scope(papers=[]), []),
    ],
)
def test_days_and_papers_narrow(made, scope, days):
    record(made, *(article(int(day), edition=f"2023-12-{day}") for day in ("14", "15", "16")))
    assert [name.split("/")[1][-2:] for name, _n in held(made, scope)] == days


def test_an_article_that_has_moved_to_another_day_is_of_that_day_as_in_a_search(made):
    record(made, article(1))
    record(
        made, article(1, edition="2023-12-20", headline="第1号渡口又停", record_id="<urn:uuid:e>")
    )
    the_15th, the_20th = date(2023, 12, 15), date(2023, 12, 20)
    assert held(made, Scope(since=the_15th, until=the_15th)) == []
    assert held(made, Scope(since=the_20th)) == [("hangzhou_daily/2023-12-15/A01/1", 2)]
    assert len(held(made, Scope(since=the_20th, every=True))) == 2


def test_what_has_no_day_is_of_no_range_of_days(made):
    record(made, article(1, edition="2023-12-45"))
    assert len(held(made)) == 1
    assert held(made, Scope(since=date(2023, 1, 1))) == []


def test_a_quarantined_version_never_goes_out(made):
    spoilt = {"decode_errors": 9, "characters": 100}
    record(made, article(1), article(2, **spoilt))
    record(made, article(1, headline="第1号渡�停航", record_id="<urn:uuid:e>", **spoilt))
    assert held(made, Scope(every=True)) == [("hangzhou_daily/2023-12-15/A01/1", 1)]


def test_no_version_goes_out_of_an_article_of_which_none_may_be_found(made):
    record(made, article(1))
    with made.write() as tx:
        tx.exec_driver_sql("UPDATE versions SET live = 0")
    assert held(made, Scope(every=True)) == []


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE versions SET fields = '{' WHERE seq = 1", "cannot be read from the catalogue"),
        ("DELETE FROM snapshots WHERE id = 1", "what version 1 was read from is not known"),
    ],
)
@pytest.mark.parametrize("scope", [EVERYTHING, Scope(since=date(2023, 1, 1))])
def test_what_is_damaged_is_named_and_keeps_nothing_else_from_being_found(
    made, damage, what, scope
):
    record(made, article(1), article(2))
    with closing(sqlite3.connect(made.path)) as damaged, damaged:  # no foreign keys here
        damaged.execute(damage)
    with pytest.raises(Damaged, match=f"A01/1: {what}.*newscrawl doctor"):
        held(made, scope)
    with made.read() as connection:
        found = [each.seq for each in outgoing.held(connection, scope)]
        assert found == [1, 2]
        assert len(list(outgoing.outgoing(connection, [2]))) == 1
