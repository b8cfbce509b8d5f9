"""Subscriptions in a real catalogue, as they are kept and as they are followed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from newscrawl.catalogue import active, subscribers, subscriptions
from newscrawl.catalogue.routes import Route, lay_routes, routes_of
from newscrawl.catalogue.subscriptions import NoSuchSubscription
from newscrawl.errors import UsageError
from tests.makers import catalogue
from tests.people import address, person, secret, subscription


@pytest.fixture
def tx(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    with made.write() as connection:
        yield connection
    made.close()


def test_a_subscription_is_kept_as_it_is(tx):
    me = person(tx)
    feed = secret()
    added = subscription(tx, me, papers=("杭州日报",), sieve="s", since_seq=7, feed=feed)
    kept = subscriptions.named(tx, me, "临空")
    assert (kept.id, kept.papers, kept.sieve, kept.since_seq) == (added, ("杭州日报",), "s", 7)
    assert kept.feed == feed
    assert feed.sealed not in repr(kept)
    assert subscriptions.by_ids(tx, [added, 99]) == {added: kept}


def test_a_name_is_given_once_a_person_until_it_is_removed(tx):
    me, other = person(tx), person(tx, "林")
    first = subscription(tx, me)
    subscription(tx, other)
    with pytest.raises(UsageError, match="临空: this name is taken"):
        subscription(tx, me)
    kept = subscriptions.named(tx, me, "临空")
    subscriptions.change(tx, replace(kept, state="removed"))
    with pytest.raises(NoSuchSubscription, match="临空"):
        subscriptions.named(tx, me, "临空")
    second = subscription(tx, me)
    assert [each.id for each in subscriptions.of_subscriber(tx, me)] == [second]
    assert subscriptions.count(tx, me) == 1
    assert subscriptions.by_ids(tx, [first])[first].state == "removed"
    with pytest.raises(UsageError, match="taken"):
        subscriptions.change(tx, replace(kept, state="active"))


def test_who_has_a_subscription_of_a_name(tx):
    for each in "甲乙丙":
        subscription(tx, person(tx, each), state="removed" if each == "乙" else "active")
    assert subscribers.subscribed_to(tx, "临空") == ["甲", "丙"]
    assert subscribers.subscribed_to(tx, "渡口") == []


def test_a_subscription_may_keep_its_own_name_and_take_no_other(tx):
    me = person(tx)
    subscription(tx, me, "临空")
    subscription(tx, me, "渡口")
    kept = subscriptions.named(tx, me, "渡口")
    subscriptions.change(tx, replace(kept, query="渡口 复航"))
    assert subscriptions.named(tx, me, "渡口").query == "渡口 复航"
    with pytest.raises(UsageError, match="临空: this name is taken"):
        subscriptions.change(tx, replace(kept, name="临空"))


def test_two_writers_cannot_give_a_name_twice(tx):
    """Where PostgreSQL lets two transactions look at once, the index still refuses the second."""
    subscription(tx, person(tx))
    columns = "subscriber_id, name, query, papers, rhythm, since_seq, created, feed, unsubscribe"
    again = text(
        f"INSERT INTO subscriptions ({columns}, state, feed_digest, unsubscribe_digest, revision) "
        f"SELECT {columns}, :state, 'a', 'b', 9 FROM subscriptions"
    )
    with pytest.raises(IntegrityError), tx.begin_nested():
        tx.execute(again, {"state": "paused"})
    tx.execute(again, {"state": "removed"})


def test_what_is_followed_is_what_has_changed(tx):
    me = person(tx)
    assert subscriptions.revision(tx) == 0
    first, second = subscription(tx, me, "一"), subscription(tx, me, "二", papers=("杭州日报",))
    start = subscriptions.revision(tx)
    read = [(each.id, each.papers) for each in active.everything(tx)]
    assert read == [(first, ()), (second, ("杭州日报",))]
    assert active.changes(tx, start) == active.Changes([], [], start)
    third = subscription(tx, me, "三", query="渡口", since_seq=5)
    one = subscriptions.named(tx, me, "一")
    subscriptions.change(tx, replace(one, state="paused"))
    changed = active.changes(tx, start)
    assert [(each.id, each.query, each.since_seq) for each in changed.put] == [(third, "渡口", 5)]
    assert changed.dropped == [first]
    assert changed.revision > start
    subscriptions.change(tx, replace(one, state="active"))
    subscriptions.change(tx, replace(subscriptions.named(tx, me, "二"), state="removed"))
    again = active.changes(tx, changed.revision)
    assert [each.id for each in again.put] == [first]
    assert again.dropped == [second]
    assert {each.id for each in active.everything(tx)} == {first, third}
    assert active.changes(tx, start).dropped == [second]


def test_a_revision_is_never_given_again(tx):
    me = person(tx)
    subscription(tx, me, "一")
    last = subscriptions.revision(tx)
    subscriptions.change(tx, replace(subscriptions.named(tx, me, "一"), state="removed"))
    assert subscriptions.revision(tx) == last + 1
    subscription(tx, me, "二")
    assert subscriptions.revision(tx) == last + 2


def test_addresses_stay_in_their_order(tx):
    me = person(tx)
    one, two, three = (address(tx, me, mark) for mark in "abc")
    added = subscription(tx, me, "临空", (three, one))
    other = subscription(tx, me, "渡口")
    assert [each.address_id for each in routes_of(tx, [added, other])[added]] == [
        three,
        one,
    ]
    to = [Route(added, two, fallback=False), Route(added, one, fallback=True)]
    lay_routes(tx, added, to)
    assert routes_of(tx, [added, other]) == {added: to}


def test_a_subscription_is_found_by_its_secrets_also_when_it_is_removed(tx):
    me = person(tx)
    feed, ends = secret(), secret()
    added = subscription(tx, me, feed=feed, unsubscribe=ends)
    kept = subscriptions.by_ids(tx, [added])[added]
    assert subscriptions.by_feed(tx, feed.digest) == kept
    assert subscriptions.by_unsubscribe(tx, ends.digest) == kept
    assert subscriptions.by_feed(tx, ends.digest) is None
    subscriptions.change(tx, replace(kept, state="removed"))
    assert subscriptions.by_feed(tx, feed.digest).state == "removed"
    assert subscriptions.by_unsubscribe(tx, ends.digest).state == "removed"
