"""Between which two expressions a query lies."""

from __future__ import annotations

import numpy as np
import pytest

from newscrawl.index.plan import (
    EVERYTHING,
    NOTHING,
    All,
    Listed,
    Plan,
    Run,
    Some,
    Without,
    plan,
    text_plan,
)
from newscrawl.query.parse import parse
from newscrawl.query.tree import Near

ANYWHERE = ("headline", "around", "body")
MOUNTAIN, ROAD = (
    Run(grams, False, ANYWHERE) for grams in (("莫干", "干山"), ("莫干", "干山", "山路"))
)
GAP = Run(("王", "¦", "伟"), True, ANYWHERE)


def planned(query: str) -> Plan:
    return plan(parse(query), {"hangzhou_daily": "杭州日报"})


@pytest.mark.parametrize(
    "query",
    [
        "莫干山",
        "莫干山 -莫干山路",
        "AI OR 5G手机",
        "headline:莫干* 之",
        "paper:杭州日报",
        "date:2023",
    ],
)
def test_what_an_engine_decides_is_one_expression(query):
    assert planned(query).exact


def test_where_no_exception_stands_a_guard_is_no_matter_of_doubt():
    sure = All((MOUNTAIN, Without(Some((ROAD,)))))
    assert planned("莫干山!莫干山路") == Plan(sure, MOUNTAIN)


def test_what_stands_near_each_other_is_never_sure():
    assert planned('"莫干山 莫干山路"~5') == Plan(NOTHING, All((MOUNTAIN, ROAD)))


def test_punctuation_is_never_sure():
    assert planned('"王，伟"') == Plan(NOTHING, GAP)


def test_what_is_possible_for_a_part_is_not_sure_without_it():
    inner = planned("莫干山!莫干山路")
    assert planned("-莫干山!莫干山路") == Plan(Without(inner.possible), Without(inner.sure))


def test_all_and_any_lie_between_those_of_their_parts():
    guarded = planned("莫干山!莫干山路")
    assert planned("莫干山路 莫干山!莫干山路") == Plan(
        All((ROAD, guarded.sure)), All((ROAD, guarded.possible))
    )
    assert planned("莫干山路 OR 莫干山!莫干山路") == Plan(
        Some((ROAD, guarded.sure)), Some((ROAD, guarded.possible))
    )


def test_what_is_known_of_a_leaf_settles_it():
    near = Near(("莫干山", "莫干山路"), 5)
    listed = Listed(np.array([3], np.int64))
    settled = plan(parse('-"莫干山 莫干山路"~5'), {}, {near: listed})
    assert settled.exact
    assert settled.sure == Without(Some((text_plan(near).sure, listed)))


def test_in_doubt_is_what_is_possible_and_not_sure():
    assert planned("莫干山!莫干山路").doubt == All(
        (MOUNTAIN, Without(planned("莫干山!莫干山路").sure))
    )
    assert Plan.of(EVERYTHING).exact
