"""What holds in an article, by arrays and by plain Python."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import pytest

from newscrawl.alerts.conditions import Conditions
from newscrawl.alerts.few import Few
from newscrawl.query.literals import laid_out
from newscrawl.query.subject import Subject
from tests.alerts.test_gathered import gathered

TEXT = laid_out(Subject(headline="莫干山", body=("临空经济", "莫干山路"), source="安吉"))
Kind: TypeAlias = type[Conditions] | type[Few]

pytestmark = pytest.mark.parametrize("kind", [Conditions, Few])


def made(kind: Kind, *queries: str) -> Conditions | Few:
    return kind(gathered(*queries), range(len(queries)))


def holding(kind: Kind, *queries: str, day: date | None = None) -> tuple[list[int], list[int]]:
    sure, doubtful = made(kind, *queries).holding(TEXT, day)
    return sorted(map(int, sure)), sorted(map(int, doubtful))


def test_what_is_sure_and_what_is_in_doubt(kind: Kind) -> None:
    queries = ("临空 莫干", '"临空 经济"~3', '"临空 没有"~3', "没有", '-"临空 经济"~3')
    assert holding(kind, *queries) == ([0], [1, 4])


def test_guards_are_sure_in_the_places_where_they_stand_apart(kind: Kind) -> None:
    queries = ("莫干山!莫干山路", "body:莫干山!莫干山路", "headline:莫干山!莫干山路")
    assert holding(kind, *queries, "-body:莫干山!莫干山路") == ([0, 2, 3], [])


def test_days_hold_of_dated_articles_only(kind: Kind) -> None:
    queries = ("date:2023-12", "-date:2023-12", "临空 date:[2023-12-15 TO *]")
    assert holding(kind, *queries, day=date(2023, 12, 15)) == ([0, 2], [])
    assert holding(kind, *queries, day=date(2023, 11, 30)) == ([1], [])
    assert holding(kind, *queries) == ([1], [])


def test_of_many_words_all_must_stand_and_none_that_are_excluded(kind: Kind) -> None:
    queries = (
        "临空 莫干 经济",
        "临空 莫干 没有",
        "没有 临空 莫干",
        "临空 莫干 -没有",
        "临空 莫干 经济 -路",
    )
    assert holding(kind, *queries) == ([0, 3], [])


def test_a_literal_is_asked_for_in_several_places_at_once(kind: Kind) -> None:
    queries = ("莫干山 -headline:莫干山", "body:莫干山 莫干山", "安吉", "source:安吉 临空")
    assert holding(kind, *queries) == ([1, 3], [])


def test_what_one_article_has_is_forgotten_before_the_next(kind: Kind) -> None:
    conditions = made(kind, "临空 莫干山", "临空", "莫干山!莫干山路 临空", "-临空")
    other = laid_out(Subject(body=("临空经济",)))
    nothing = laid_out(Subject())
    for text, expected in ((TEXT, [0, 1, 2]), (other, [1]), (nothing, [3]), (TEXT, [0, 1, 2])):
        assert sorted(map(int, conditions.holding(text, None)[0])) == expected


def test_the_ids_of_those_that_stand_ascend(kind: Kind) -> None:
    queries = ("临空", '"临空 经济"~3', "莫干山", '临空 OR "莫干 路"~3', '"临空 山"~3')
    conditions = kind(gathered(*queries), [1 << 40, 7, 3, 5, 1])
    asked: list[int] = []

    def true(number: int) -> bool:
        asked.append(number)
        return number == 1

    assert conditions.matching(TEXT, None, true) == [3, 5, 7, 1 << 40]
    assert sorted(asked) == [1, 4]
    conditions.drop([0, 4])
    asked.clear()
    assert conditions.matching(TEXT, None, true) == [3, 5, 7]
    assert asked == [1]


def test_what_is_true_in_several_ways_matches_once(kind: Kind) -> None:
    conditions = made(kind, "临空 OR 莫干山", "(临空 OR 莫干山) 经济", "临空")
    assert conditions.matching(TEXT, None, bool) == [0, 1, 2]


@pytest.mark.parametrize(("queries", "expected"), [(("临空", "没有"), []), (("没有", "临空"), [5])])
def test_an_id_that_was_given_twice_is_that_of_the_last(
    kind: Kind, queries: tuple[str, str], expected: list[int]
) -> None:
    conditions = kind(gathered(*queries), [5, 5])
    conditions.drop([0])
    assert conditions.matching(TEXT, None, bool) == expected
    conditions.drop([1])
    assert conditions.matching(TEXT, None, bool) == []
