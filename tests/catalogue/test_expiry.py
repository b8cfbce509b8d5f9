"""What is old expires, by when each article was to be told; what is younger goes on."""

from __future__ import annotations

from newscrawl.catalogue import expiry, leases, letters, outbox
from tests.catalogue.box import at


def expire(box, minute):
    assert expiry.any_old(box.tx, at(minute))
    return expiry.expire(box.tx, at(minute), lambda text: f"<{text}>")


def gathered(box):
    """One delivery that was tried, of articles due at the minutes 0, 10 and 20."""
    for number, due in enumerate((0, 10, 20)):
        box.put(number, due=due)
    [first] = box.lease(20)
    assert outbox.gather(box.tx, first, at(20)) == 2
    leases.later(box.tx, first, at(30), "HTTP 503", now=at(21))
    return first


def kept(box, key):
    [found] = [each for each in letters.listed(box.tx, ["waiting"], 9) if each.key == key]
    return found


def test_the_younger_articles_of_a_delivery_go_on_under_its_key(box):
    first = gathered(box)
    [number] = expire(box, 15)
    delivery = kept(box, first.key)
    assert (delivery.id, delivery.left_out, delivery.slot) == (first.id, 2, at(20))
    assert box.told(delivery) == [2]
    [apart] = letters.by_ids(box.tx, [number])
    assert (apart.state, apart.error) == ("expired", "left out of key 0")
    assert box.told(apart) == [0, 1]
    assert not expiry.any_old(box.tx, at(15))
    [again] = box.lease(30)
    assert (again.key, again.attempts) == ("key 0", 2)


def test_what_becomes_old_later_expires_then(box):
    gathered(box)
    assert [len(expire(box, minute)) for minute in (5, 15, 25)] == [1, 1, 1]
    assert "waiting" not in box.states().values()
    assert list(box.states().values()).count("expired") == 3


def test_what_expired_apart_can_be_sent_all_the_same(box):
    gathered(box)
    [number] = expire(box, 5)
    assert letters.again(box.tx, [number], at(40)) == 1
    assert not expiry.any_old(box.tx, at(5))
    assert sorted(each.slot for each in letters.listed(box.tx, ["waiting"], 9)) == [at(10), at(40)]


def test_what_has_arrived_of_a_delivery_does_not_expire(box):
    for number, due in enumerate((0, 10, 20)):
        box.put(number, due=due)
    [first] = box.lease(20)
    outbox.gather(box.tx, first, at(20))
    leases.divide(box.tx, first, [[box.ids[0]], [box.ids[1]], [box.ids[2]]])
    leases.later(box.tx, first, at(30), "HTTP 503", parts=1)
    [number] = expire(box, 15)
    [apart] = letters.by_ids(box.tx, [number])
    assert box.told(apart) == [1]
    assert box.told(kept(box, first.key)) == [0, 2]


def test_a_digest_is_as_old_as_its_time(box):
    box.put(0, 1, due=10, joins=True)
    assert not expiry.any_old(box.tx, at(10))
    assert len(expire(box, 11)) == 1
    assert box.states() == {"key 0": "expired"}
