"""Each pair of a subscription and an article once, and a mark that one hand moves."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from newscrawl.catalogue import hearing, matches, outbox, stories, versions
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.heard import TOLD_BEFORE
from newscrawl.catalogue.outbox import Wanted
from tests.makers import NOW, article, catalogue, record
from tests.people import address, match, matched, person, subscription
from tests.reports import FERRY, LIBRARY


@pytest.fixture
def made(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    yield made
    made.close()


def ferries(made):
    """The ids of two articles of one story, and of one of another."""
    items = [
        article(1, paragraphs=FERRY),
        article(2, paragraphs=FERRY),
        article(3, paragraphs=LIBRARY),
    ]
    return [each.article_id for each in record(made, *items)]


def test_a_pair_is_matched_once_whatever_comes_again(made):
    one, two, three = ferries(made)
    with made.write() as tx:
        mine, other = subscription(tx, person(tx)), subscription(tx, person(tx, "林"))
        first = matches.add(tx, [match(mine, one), match(mine, two), match(other, one)])
        assert [(each.subscription_id, each.article_id) for each in first] == [
            (mine, one),
            (mine, two),
            (other, one),
        ]
        assert len({each.id for each in first}) == 3
        again = [match(mine, one, 4, kind="edited"), match(mine, three), match(mine, three)]
        added = matches.add(tx, again)
        assert [each.article_id for each in added] == [three]
        assert matches.add(tx, []) == []
        assert matches.counts(tx, [mine, other, 99]) == {mine: 3, other: 1}
        assert matches.newest(tx, mine, 2) == [added[0], first[1]]


def test_which_pairs_are_there(made):
    one, two, three = ferries(made)
    with made.write() as tx:
        mine, other = subscription(tx, person(tx)), subscription(tx, person(tx, "林"))
        matched(tx, mine, one, two)
        matched(tx, other, two)
        asked = [(mine, one), (other, one), (other, two), (mine, three), (99, two)]
        assert matches.there(tx, asked) == {(mine, one), (other, two)}
        assert matches.there(tx, []) == set()


def test_a_subscriber_has_heard_of_a_story_by_any_of_his_subscriptions(made):
    _one, two, three = ferries(made)
    with made.write() as tx:
        me = person(tx)
        mine, second = subscription(tx, me, "一"), subscription(tx, me, "二")
        subscription(tx, person(tx, "林"))
        stories_of = stories.of_seqs(tx, [1, 2, 3])
        ferry, library = stories_of[1], stories_of[3]
        assert stories_of[2] == ferry
        asked = {ferry, library}
        assert hearing.heard(tx, asked, 0) == set()
        assert matches.newest_id(tx) == 0
        wanted = [match(second, two, kind="edited"), match(mine, three, kind="reprint")]
        told, reprint = matches.add(tx, wanted)
        assert hearing.heard(tx, asked, 0) == set(), "it is nowhere to be sent"
        at = address(tx, me)
        outbox.put(tx, [Wanted(second, at, told.id, "key", NOW, joins=False)], NOW)
        assert (
            hearing.heard(tx, asked, 0) == hearing.heard(tx, {ferry}, told.id - 1) == {(me, ferry)}
        )
        assert hearing.heard(tx, asked, told.id) == hearing.heard(tx, {library}, 0) == set()
        assert hearing.heard(tx, set(), 0) == set()
        assert matches.newest_id(tx) == reprint.id


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({"state": "waiting"}, True),
        ({"state": "leased"}, True),
        ({"state": "sent"}, True),
        ({"state": "dead", "error": "answered 410"}, False),
        ({"state": "expired"}, False),
        ({"state": "cancelled", "error": "unsubscribed"}, False),
        ({"state": "cancelled", "error": TOLD_BEFORE}, True),
        ({"state": "dead", "parts": 1, "division": [[1], [2]]}, True),
        ({"state": "cancelled", "parts": 1, "division": [[2], [1]]}, False),
        ({"state": "dead", "parts": 1}, False),
    ],
)
def test_only_what_was_sent_or_is_to_be_is_heard(made, values, counts):
    one, _two, _three = ferries(made)
    with made.write() as tx:
        me = person(tx)
        mine, at = subscription(tx, me), address(tx, me)
        [match] = matched(tx, mine, one)
        story = stories.of_seqs(tx, [1])[1]
        outbox.put(tx, [Wanted(mine, at, match, "key", NOW, joins=False)], NOW)
        tx.execute(update(deliveries).values(values))
        assert hearing.heard(tx, {story}, 0) == ({(me, story)} if counts else set())
        other = Wanted(mine, address(tx, me, "b"), match, "other", NOW, joins=False)
        outbox.put(tx, [other], NOW)
        assert hearing.heard(tx, {story}, 0) == {(me, story)}, "another tells it"


def test_which_subscriptions_have_matched_a_story(made):
    one, two, three = ferries(made)
    with made.write() as tx:
        mine, other = subscription(tx, person(tx)), subscription(tx, person(tx, "林"))
        matched(tx, mine, one, two)
        matched(tx, other, three)
        of = stories.of_seqs(tx, [1, 2, 3])
        assert hearing.of_stories(tx, [mine, 99], of.values()) == {(mine, of[1])}
        assert hearing.of_stories(tx, [mine, other], [of[3]]) == {(other, of[3])}
        assert hearing.of_stories(tx, [], [of[3]]) == hearing.of_stories(tx, [mine], []) == set()


def test_the_mark_moves_for_one_of_two(made):
    with made.write() as tx:
        assert matches.matched(tx) == 0
        assert matches.move_matched(tx, 0, 5)
        assert not matches.move_matched(tx, 0, 7)
        assert matches.matched(tx) == 5


def test_what_a_delivery_tells_of_is_in_the_order_of_matching(made):
    one, two, three = ferries(made)
    with made.write() as tx:
        me = person(tx)
        mine, at = subscription(tx, me), address(tx, me)
        ids = matched(tx, mine, two, one, three)
        wanted = [Wanted(mine, at, each, f"key {each}", NOW, joins=True) for each in ids[:2]]
        outbox.put(tx, [*wanted, Wanted(mine, at, ids[2], "other", NOW, joins=False)], NOW)
        told = matches.of_deliveries(tx, [1, 2, 9])
    assert {which: [each.article_id for each in told[which]] for which in told} == {
        1: [two, one],
        2: [three],
    }


def test_a_version_says_when_it_was_recorded(made):
    record(made, article(1))
    with made.read() as tx:
        [version] = versions.after(tx, 0, 10)
    assert version.recorded > NOW
    assert version.recorded.endswith("+00:00")


def test_of_each_story_a_subscription_shows_its_first_match(made):
    one, two, three = ferries(made)
    with made.write() as tx:
        me = person(tx)
        mine, other = subscription(tx, me, "一"), subscription(tx, me, "二")
        matched(tx, other, one)
        second, _reprint, library = matched(tx, mine, two, one, three)
        shown = matches.newest_stories(tx, mine, 10)
        assert [each.id for each in shown] == [library, second]
        assert [each.id for each in matches.newest_stories(tx, mine, 1)] == [library]
        assert [each.article_id for each in matches.newest_stories(tx, other, 10)] == [one]
        assert matches.newest_stories(tx, 99, 10) == []
