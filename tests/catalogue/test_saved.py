"""Searches kept by name, in a real catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from newscrawl.catalogue import saved
from newscrawl.catalogue.saved import NoSuchSearch, SavedSearch
from newscrawl.errors import UsageError
from tests.makers import NOW, catalogue

AIRPORT = SavedSearch(
    name="临空-周报",
    query="临空经济 -广告",
    papers=("杭州日报", "metro_express"),
    since=date(2023, 12, 1),
    until=None,
    sort="newest",
    created=NOW,
)


@pytest.fixture
def made(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    yield made
    made.close()


def test_a_search_is_kept_as_it_is(made):
    other = replace(AIRPORT, name="airport", papers=(), since=None, sort="relevance")
    with made.write() as connection:
        saved.save(connection, AIRPORT)
        saved.save(connection, other)
    with made.read() as connection:
        assert saved.searches(connection) == [other, AIRPORT]
        assert saved.named(connection, "临空-周报") == AIRPORT


def test_a_name_is_given_once(made):
    with made.write() as connection:
        saved.save(connection, AIRPORT)
        with pytest.raises(UsageError, match="taken"):
            saved.save(connection, replace(AIRPORT, query="机场"))
        saved.remove(connection, AIRPORT.name)
        saved.save(connection, replace(AIRPORT, query="机场"))
        assert saved.named(connection, AIRPORT.name).query == "机场"


def test_what_is_not_kept_is_said_so(made):
    with made.write() as connection:
        for ask in (saved.named, saved.remove):
            with pytest.raises(NoSuchSearch, match="saved list"):
                ask(connection, "没有的")


@pytest.mark.parametrize("name", ["", "a b", "-a", "甲" * 41, "a/b", "a\n", "--json"])
def test_what_cannot_be_a_name_is_refused(name):
    with pytest.raises(UsageError):
        replace(AIRPORT, name=name)
