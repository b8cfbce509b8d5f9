"""Deliveries: begun or joined, gathered after an outage, cancelled and expired."""

from __future__ import annotations

from newscrawl.catalogue import expiry, leases, letters, matches, outbox
from newscrawl.catalogue.outbox import Wanted
from tests.catalogue.box import at


def test_a_key_that_is_there_begins_nothing(box):
    assert box.put(0) == 1
    assert box.put(0, 1) == 1
    assert box.states() == {"key 0": "waiting", "key 1": "waiting"}


def test_a_digest_is_joined_while_it_waits_for_the_same_time(box):
    assert box.put(0, due=10, joins=True) == 1
    assert box.put(1, 2, due=10, joins=True) == 0
    assert box.put(3, due=20, joins=True) == 1
    assert box.put(4, due=10, joins=True, to=box.two) == 1
    [first, other] = box.lease(10)
    assert (box.told(first), first.address_id) == ([0, 1, 2], box.one)
    assert (box.told(other), other.address_id) == ([4], box.two)
    assert box.put(5, due=10, joins=True) == 1, "it is on its way: what comes now is another"


def test_a_digest_that_was_tried_is_joined_by_nothing(box):
    box.put(0, due=10, joins=True)
    [first] = box.lease(10)
    leases.later(box.tx, first, at(12), "HTTP 503")
    assert box.put(1, due=10, joins=True) == 1


def test_after_an_outage_one_tells_what_waits_behind_it(box):
    box.put(0, 1, 2)
    box.put(3, due=40)
    [first] = box.lease(20)
    assert outbox.gather(box.tx, first, at(20)) == 2
    assert box.told(first) == [0, 1, 2]
    leases.sent(box.tx, first, at(21))
    assert box.states() == {
        "key 0": "sent",
        "key 1": "cancelled",
        "key 2": "cancelled",
        "key 3": "waiting",
    }


def test_what_may_have_arrived_already_gathers_nothing(box):
    box.put(0, 1)
    [first] = box.lease()
    leases.later(box.tx, first, at(5), "no answer")
    [again] = box.lease(5)
    assert outbox.gather(box.tx, again, at(5)) == 0
    assert box.told(again) == [0]
    leases.dead(box.tx, again, "no answer")
    letters.again(box.tx, [again.id], at(6))
    [once_more] = box.lease(6)
    assert (once_more.id, once_more.attempts) == (again.id, 1)
    assert outbox.gather(box.tx, once_more, at(6)) == 0


def test_what_is_old_expires_by_when_it_was_to_go_out(box):
    box.put(0, due=10)
    [first] = box.lease(10)
    leases.later(box.tx, first, at(50), "HTTP 503")
    box.put(1, due=30)
    box.put(2, due=5, to=box.two)
    [leased] = box.lease(10, until=59)
    assert leased.key == "key 2"
    assert len(expiry.expire(box.tx, at(20), str)) == 1
    assert box.states() == {"key 0": "expired", "key 1": "waiting", "key 2": "leased"}
    assert [each.key for each in box.lease(30)] == ["key 1"]


def test_an_article_that_is_taken_down_is_told_to_nobody_any_more(box):
    box.put(0)
    box.put(1, 2, due=10, joins=True, to=box.two)
    box.put(3, to=box.two)
    [leased, other] = box.lease()
    assert {leased.key, other.key} == {"key 0", "key 3"}
    leases.sent(box.tx, other, at(0))
    taken = [each.article_id for each in matches.newest(box.tx, box.mine, 9)][::-1]
    assert letters.cancel_of_article(box.tx, taken[0], "taken down") == 1
    assert not leases.holds(box.tx, leased)
    assert not leases.sent(box.tx, leased, at(1))
    assert letters.cancel_of_article(box.tx, taken[1], "taken down") == 0
    assert letters.cancel_of_article(box.tx, taken[3], "taken down") == 0, "it was sent"
    [digest] = box.lease(10)
    assert box.told(digest) == [2]
    assert letters.cancel_of_article(box.tx, taken[2], "taken down") == 1
    assert not leases.holds(box.tx, digest)


def test_what_a_subscription_or_an_address_no_longer_wants_is_cancelled(box):
    box.put(0)
    box.put(1, to=box.two)
    wanted = Wanted(box.other, box.two, box.others[0], "other", at(0), joins=False)
    outbox.put(box.tx, [wanted], at(0))
    assert letters.cancel_of_subscription(box.tx, box.mine, "redirected", but=[box.two]) == 1
    assert box.states() == {"key 0": "cancelled", "key 1": "waiting", "other": "waiting"}
    assert letters.cancel_of_address(box.tx, box.two, "ended") == 2
    assert box.lease() == []


def test_what_cannot_be_told_by_another_is_left_where_it_is(box):
    box.put(0, 1, due=10, joins=True)
    box.put(5, to=box.two)
    [digest] = box.lease(10, but=[box.two])
    assert not outbox.part(box.tx, digest, [box.ids[1]], "key 5", at(10))
    assert box.told(digest) == [0, 1]
    assert outbox.part(box.tx, digest, [box.ids[1]], "fresh", at(10))
    assert box.told(digest) == [0]
