"""Articles become one story as they are recorded, in whatever order they come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from newscrawl.catalogue import articles, placement, snapshots, stories
from newscrawl.catalogue.schema import stories as table
from newscrawl.catalogue.schema import story_marks
from tests import makers
from tests.makers import DAY, capture, catalogue, record
from tests.reports import FERRY, LIBRARY, MARKET, cut, edited, led, weather

PAPERS = {"hangzhou_daily": "杭州日报", "metro_express": "都市快报", "city_evening": "城市晚报"}
TEXTS = (FERRY, cut(FERRY), edited(FERRY), LIBRARY, led(LIBRARY), MARKET, MARKET[:1], ["见图。"])


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db", PAPERS)
    yield opened
    opened.close()


def item(number, paragraphs, days=0, **changes):
    day = (date.fromisoformat(DAY) + timedelta(days)).isoformat()
    values = {"paragraphs": paragraphs, "edition": day, "headline": f"标题{number}"}
    return makers.article(number, **(values | changes))


def placed(connection, recorded):
    """The numbers of the articles of each story, by the ids that `item` leads to."""
    found = stories.of_seqs(connection, [each.seq for each in recorded])
    together = {}
    for each in recorded:
        together.setdefault(found[each.seq], set()).add(number_of(each.article_id))
    return sorted(map(sorted, together.values()))


def number_of(article_id):
    return int(article_id.rpartition("/")[2])


def held(made):
    """The same for everything that is held."""
    with made.read() as connection:
        every = stories.members_of(connection, connection.scalars(select(table.c.id)).all())
    return sorted(sorted(number_of(each.article_id) for each in found) for found in every.values())


def test_reprints_join_and_others_stay_apart(made):
    record(made, item(1, FERRY), item(2, LIBRARY), item(3, cut(FERRY)), item(4, edited(FERRY)))
    assert held(made) == [[1, 3, 4], [2]]


def test_a_crawl_an_import_and_a_later_run_join_alike(made):
    record(made, item(1, FERRY))
    record(made, item(2, cut(FERRY), paper="city_evening", own_id="2", page="", url="import:c/2"))
    assert held(made) == [[1, 2]]


def test_the_first_appearance_is_the_earliest_day_then_what_was_seen_first(made):
    late, early = "2023-12-20T02:00:00.000000+00:00", "2023-12-20T01:00:00.000000+00:00"
    record(
        made,
        item(1, FERRY, 1, paper="metro_express", page="B02", source="杭州日报"),
        item(2, cut(FERRY), 0, snapshot_time=late),
        item(3, edited(FERRY), 0, snapshot_time=early, paper="city_evening", source="新华社"),
    )
    with made.read() as connection:
        [story] = set(stories.of_seqs(connection, [1, 2, 3]).values())
        members = stories.members(connection, story)
    assert [number_of(each.article_id) for each in members] == [3, 2, 1]
    first, _second, third = members
    assert (first.paper_title, first.source, first.first_seen) == ("城市晚报", "新华社", early)
    assert (third.paper, third.page, third.page_name, third.seq) == (
        "metro_express",
        "B02",
        "要闻",
        1,
    )


@pytest.mark.parametrize(("days", "together"), [(3, True), (4, False), (-3, True), (-4, False)])
def test_72_hours_are_the_limit(made, days, together):
    record(made, item(1, FERRY), item(2, FERRY, days))
    assert (held(made) == [[1, 2]]) is together


def test_a_back_fill_that_connects_two_stories_makes_them_one(made):
    record(made, item(1, FERRY, -3), item(2, FERRY, 3))
    assert held(made) == [[1], [2]]
    record(made, item(3, cut(FERRY)))
    assert held(made) == [[1, 2, 3]]
    with made.read() as connection:
        assert connection.scalars(select(table.c.id)).all() == [1]


def test_daily_forms_stay_apart(made):
    record(made, *(item(n, weather(13 + n, n, 8 + n), n) for n in range(1, 5)))
    assert held(made) == [[1], [2], [3], [4]]


def test_bodies_that_say_nothing_join_nothing(made):
    record(made, item(1, []), item(2, []), item(3, ["见图。"]), item(4, ["见图。"]))
    assert held(made) == [[1], [2], [3], [4]]


def test_a_new_version_leaves_a_story_or_joins_one(made):
    record(made, item(1, FERRY), item(2, cut(FERRY)), item(3, LIBRARY))
    record(made, item(2, led(LIBRARY), record_id="<urn:2b>"))
    assert held(made) == [[1], [2, 3]]
    record(made, item(2, MARKET, record_id="<urn:2c>"))
    assert held(made) == [[1], [2], [3]]


def test_a_small_correction_keeps_the_story_and_its_number(made):
    record(made, item(1, FERRY), item(2, cut(FERRY)))
    corrected = [FERRY[0].replace("128名", "126名"), *FERRY[1:]]
    [recorded] = record(made, item(1, corrected, record_id="<urn:1b>"))
    with made.read() as connection:
        assert stories.of_seqs(connection, [1, 2, recorded.seq]) == {1: 1, 2: 1, recorded.seq: 1}


def test_what_only_the_old_version_connected_becomes_two_stories(made):
    record(made, item(1, FERRY, -3), item(2, FERRY), item(3, FERRY, 3))
    assert held(made) == [[1, 2, 3]]
    record(made, item(2, MARKET, record_id="<urn:2b>"))
    assert held(made) == [[1], [2], [3]]


def test_a_quarantined_text_joins_nothing_and_moves_nothing(made):
    garbled = {"decode_errors": 500, "characters": 1_000}
    [bad] = record(made, item(1, FERRY, **garbled))
    record(made, item(2, FERRY), item(3, cut(FERRY)))
    assert held(made) == [[2, 3]]
    record(made, item(3, LIBRARY, record_id="<urn:3b>", **garbled))
    assert held(made) == [[2, 3]]
    [good] = record(made, item(1, FERRY, record_id="<urn:1b>", headline="标题"))
    assert (good.article_id, good.n) == (bad.article_id, 2)
    assert held(made) == [[1, 2, 3]]


def test_the_same_again_changes_nothing(made):
    given = [item(1, FERRY), item(2, cut(FERRY)), item(3, LIBRARY)]
    record(made, *given)
    before = counted(made)
    assert [each.seq for each in record(made, *given)] == [None] * 3
    assert counted(made) == before


def counted(made):
    with made.read() as connection:
        return [
            connection.scalar(select(func.count()).select_from(t)) for t in (table, story_marks)
        ]


def test_what_was_not_committed_is_placed_again_as_if_for_the_first_time(made):
    record(made, item(1, FERRY))
    with made.write() as connection:
        snapshots.add_all(connection, [capture(item(2, cut(FERRY)))])
        articles.record(connection, item(2, cut(FERRY)))
        connection.rollback()  # what a kill comes to
    assert held(made) == [[1]]
    record(made, item(2, cut(FERRY)))
    assert held(made) == [[1, 2]]


def test_judging_everything_anew_comes_to_the_same(made):
    record(made, *(item(n, text) for n, text in enumerate(TEXTS, 1)))
    before = held(made)
    with made.write() as connection:
        placement.judge_all(connection)
    assert held(made) == before
    record(made, item(9, FERRY))
    assert [1, 2, 3, 9] in held(made)


def test_an_item_of_a_day_that_is_none_stays_alone(made):
    days = ("someday", "", DAY.replace("-", ""), DAY)
    record(made, *(item(n, FERRY, edition=day) for n, day in enumerate(days, 1)))
    assert held(made) == [[1], [2], [3], [4]]


def test_unknown_numbers_are_left_out(made):
    with made.read() as connection:
        assert stories.of_seqs(connection, [7]) == {}
        assert stories.members(connection, 7) == []


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    opened = catalogue(tmp_path_factory.mktemp("stories") / "newscrawl.db", PAPERS)
    yield opened
    opened.close()


def rolled_back(made, items):
    """Who is together when these are recorded one after another; nothing is kept."""
    with made.write() as connection:
        snapshots.add_all(connection, [capture(each) for each in items])
        last = {}
        for each in items:
            recorded = articles.record(connection, each)
            if recorded.seq is not None:
                last[recorded.article_id] = recorded
        together = placed(connection, list(last.values()))
        connection.rollback()
    return together


CHOICES = st.lists(
    st.tuples(st.integers(0, len(TEXTS) - 1), st.integers(-4, 4)), min_size=1, max_size=8
)
PROPERTY = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@PROPERTY
@given(chosen=CHOICES, dice=st.randoms(use_true_random=False))
def test_who_comes_first_makes_no_difference(shared, chosen, dice):
    items = [item(n, TEXTS[text], days) for n, (text, days) in enumerate(chosen, 1)]
    shuffled = list(items)
    dice.shuffle(shuffled)
    assert rolled_back(shared, items) == rolled_back(shared, shuffled)


@PROPERTY
@given(chosen=CHOICES, edits=st.lists(st.integers(0, len(TEXTS) - 1), max_size=8))
def test_only_the_newest_versions_count(shared, chosen, edits):
    def version(number, text, n):
        return item(number, TEXTS[text], chosen[number - 1][1], record_id=f"<urn:{number}:{n}>")

    first = [version(n, text, 1) for n, (text, _day) in enumerate(chosen, 1)]
    second = [version(n, text, 2) for n, text in enumerate(edits[: len(chosen)], 1)]
    newest = [*second, *first[len(second) :]]
    assert rolled_back(shared, first + second) == rolled_back(shared, newest)


@PROPERTY
@given(chosen=CHOICES)
def test_the_same_text_within_the_window_is_always_together(shared, chosen):
    items = [item(n, TEXTS[text], days) for n, (text, days) in enumerate(chosen, 1)]
    together = rolled_back(shared, items)
    for n, (text, day) in enumerate(chosen, 1):
        for m, (other, another) in enumerate(chosen, 1):
            if text == other and TEXTS[text] != ["见图。"] and abs(day - another) <= 3:
                assert any({n, m} <= set(each) for each in together)


def test_members_as_they_were_at_a_sequence_number(made):
    bad = {"decode_errors": 9, "characters": 10}
    record(made, item(1, FERRY), item(2, cut(FERRY)))
    record(made, item(1, edited(FERRY), record_id="<a>"), item(2, FERRY, record_id="<b>", **bad))
    record(made, item(3, edited(FERRY)))
    with made.read() as connection:
        [story] = set(stories.of_seqs(connection, [1, 2, 5]).values())
        then = [
            [each.seq for each in stories.members_of(connection, [story], upto).get(story, [])]
            for upto in (0, 1, 2, 3, 4, 5, None)
        ]
    assert then == [[], [1], [1, 2], [2, 3], [2, 3], [2, 3, 5], [2, 3, 5]]
