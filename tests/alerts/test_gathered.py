from __future__ import annotations

import pytest

from newscrawl.alerts.gathered import ALWAYS, Gathered
from newscrawl.query.parse import parse
from newscrawl.query.sieve import sieve


def gathered(*queries: str) -> Gathered:
    made = Gathered()
    for number, query in enumerate(queries):
        made.append(number, sieve(parse(query)))
    return made


def anchors(*queries: str) -> list[str]:
    made = gathered(*queries)
    literals = made.literals()
    return [literals[number] for number in made.anchors().tolist()]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("的 临空经济 2023", ["临空经济"]),
        ("临空 -临空经济示范区", ["临空"]),
        ("paper:杭州日报 的", ["的"]),
        ("paper:杭州日报 date:2023", ["［杭州日报］"]),
        ("临空!临空经济", ["临空"]),
        ("-临空!临空经济", [ALWAYS.literal]),
        ("date:2023 -临空", [ALWAYS.literal]),
        ("临空 OR -的", ["临空", ALWAYS.literal]),
    ],
)
def test_the_anchor_is_what_is_likely_to_be_rarest(query: str, expected: list[str]) -> None:
    assert anchors(query) == expected


def test_of_equally_long_ones_it_is_what_fewest_ask_for() -> None:
    assert anchors("中国 渡口", "中国 通航", "中国") == ["渡口", "通航", "中国"]


def test_equal_literals_are_one() -> None:
    made = gathered("临空 的", "headline:临空", "-临空")
    assert made.literals() == [ALWAYS.literal, "临空", "的"]
    assert made.owners().tolist() == [0, 1, 2]
    assert made.sizes().tolist() == [2, 1, 2]


def test_without_queries_there_is_no_anchor() -> None:
    assert anchors() == anchors("临空 -临空") == []
