"""How long the disk lasts, and when nobody can say."""

from __future__ import annotations

import pytest

from newscrawl.ops.growth import LONGEST_DAYS, Growth, forecast


def said(**changes):
    given = {"written": 3000, "over_days": 30, "archive": 9000, "derived": 0, "room": 5000}
    return forecast(**(given | changes))


@pytest.mark.parametrize(
    ("changes", "growth"),
    [
        ({}, Growth(30, 100, 50)),
        ({"derived": 4500}, Growth(30, 150, 33)),  # catalogue and index grow as well
        ({"over_days": 3}, Growth(3, 1000, 5)),
        ({"over_days": 2.94}, Growth(2.9, None, None)),
        ({"archive": 0, "written": 0}, Growth(30, None, None)),
        ({"written": 0}, Growth(30, 0, None)),
        ({"room": -1}, Growth(30, 100, 0)),
        ({"room": 99}, Growth(30, 100, 0)),
        ({"room": 10**12}, Growth(30, 100, LONGEST_DAYS)),
    ],
)
def test_the_days_that_are_left(changes, growth):
    assert said(**changes) == growth
