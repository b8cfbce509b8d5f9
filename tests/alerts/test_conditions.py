from __future__ import annotations

from datetime import date

from newscrawl.alerts.conditions import Conditions
from newscrawl.query.literals import laid_out
from newscrawl.query.subject import Subject
from tests.alerts.test_gathered import gathered

TEXT = laid_out(Subject(headline="莫干山", body=("临空经济", "莫干山路")))


def holding(*queries: str, day: date | None = None) -> tuple[list[int], list[int]]:
    sure, doubtful = Conditions(gathered(*queries)).holding(TEXT, day)
    return sorted(sure.tolist()), sorted(doubtful.tolist())


def test_what_is_sure_and_what_is_in_doubt() -> None:
    queries = ("临空 莫干", '"临空 经济"~3', '"临空 没有"~3', "没有", '-"临空 经济"~3')
    assert holding(*queries) == ([0], [1, 4])


def test_guards_are_sure_in_the_places_where_they_stand_apart() -> None:
    queries = ("莫干山!莫干山路", "body:莫干山!莫干山路", "headline:莫干山!莫干山路")
    assert holding(*queries, "-body:莫干山!莫干山路") == ([0, 2, 3], [])


def test_days_hold_of_dated_articles_only() -> None:
    queries = ("date:2023-12", "-date:2023-12", "临空 date:[2023-12-15 TO *]")
    assert holding(*queries, day=date(2023, 12, 15)) == ([0, 2], [])
    assert holding(*queries, day=date(2023, 11, 30)) == ([1], [])
    assert holding(*queries) == ([1], [])


def test_what_one_article_has_is_forgotten_before_the_next() -> None:
    conditions = Conditions(gathered("临空 莫干山", "临空", "莫干山!莫干山路 临空", "-临空"))
    other = laid_out(Subject(body=("临空经济",)))
    for text, expected in ((TEXT, [0, 1, 2]), (other, [1]), ("", [3]), (TEXT, [0, 1, 2])):
        assert sorted(conditions.holding(text, None)[0].tolist()) == expected
