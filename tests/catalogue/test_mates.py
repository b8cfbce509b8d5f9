from __future__ import annotations

import pytest

from newscrawl.catalogue.mates import MOST_COMPARED, Mates
from newscrawl.text.reprints import Body
from tests.makers import DAY
from tests.reports import FERRY, LIBRARY, cut, edited


def body(report):
    return Body.of("\n".join(report))


def asked(mates, upto, *reports):
    """What is said of each, under names by its number."""
    return [mates.verdicts(upto, str(n), DAY, body(each)) for n, each in enumerate(reports)]


def test_each_is_compared_with_those_before_it_that_share_a_mark():
    assert asked(Mates(), 1, FERRY, LIBRARY, cut(FERRY)) == [{}, {}, {"0": True}]


def test_of_one_report_one_is_compared():
    assert asked(Mates(), 1, FERRY, cut(FERRY), edited(FERRY))[2] == {"0": True}


def test_what_shares_marks_and_is_no_reprint_is_said_to_be_none():
    digest = [*FERRY, *LIBRARY, *FERRY]
    assert asked(Mates(), 1, digest, LIBRARY) == [{}, {"0": False}]


def test_a_newer_view_shows_what_was_asked_before():
    mates = Mates()
    asked(mates, 1, FERRY)
    assert asked(mates, 2, cut(FERRY)) == [{}]


@pytest.mark.parametrize(("day", "said"), [("2023-12-18", {"0": True}), ("2023-12-19", {})])
def test_those_of_other_days_are_left_out(day, said):
    mates = Mates()
    asked(mates, 1, FERRY)
    assert mates.verdicts(1, "cut", day, body(cut(FERRY))) == said


def test_a_day_that_is_none_has_no_mates():
    mates = Mates()
    assert [mates.verdicts(1, each, "someday", body(FERRY)) for each in "ab"] == [{}, {}]


def test_no_more_are_compared_than_a_search_compares():
    many = [[f"{n}号启事：{FERRY[0]}{n * 7}。{LIBRARY[n % 3]}"] for n in range(MOST_COMPARED + 20)]
    assert all(len(each) <= MOST_COMPARED for each in asked(Mates(), 1, *many))


def test_what_is_made_for_comparing_is_not_kept():
    mates, compared = Mates(), body(cut(FERRY))
    asked(mates, 1, FERRY)
    mates.verdicts(1, "cut", DAY, compared)
    assert "shingles" not in vars(compared)
