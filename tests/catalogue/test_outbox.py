"""Deliveries: begun or joined, leased by one, in order, until they are sent or dead."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from subprocess import PIPE

import pytest

from newscrawl.catalogue import letters, matches, outbox, subscribers, subscriptions
from newscrawl.catalogue.outbox import Wanted
from tests.makers import NOW, article, catalogue, record
from tests.people import address, matched, person, subscription


def at(minute: int) -> str:
    return f"2023-12-15T01:{minute:02}:00.000000+00:00"


class Box:
    """An outbox with a subscription, two addresses and six articles that it asks for."""

    def __init__(self, tx, made):
        self.tx = tx
        self.me = person(tx)
        self.one, self.two = address(tx, self.me, "a"), address(tx, self.me, "b")
        self.mine = subscription(tx, self.me, "临空", (self.one,))
        self.other = subscription(tx, self.me, "渡口", (self.one,))
        self.ids = matched(tx, self.mine, *made)
        self.others = matched(tx, self.other, *made)

    def put(self, *which, due=0, joins=False, to=None, now=0):
        wanted = [
            Wanted(self.mine, to or self.one, self.ids[n], f"key {n}", at(due), joins=joins)
            for n in which
        ]
        return outbox.put(self.tx, wanted, at(now))

    def lease(self, now=0, until=None, most=10, but=()):
        return outbox.lease(self.tx, at(now), at(now + 5 if until is None else until), most, but)

    def told(self, delivery):
        return [
            self.ids.index(each.id)
            for each in matches.of_deliveries(self.tx, [delivery.id])[delivery.id]
        ]

    def states(self):
        return {each.key: each.state for each in letters.listed(self.tx, ALL, 100)}


ALL = ("waiting", "leased", "sent", "dead", "cancelled", "expired")


@pytest.fixture
def box(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    recorded = record(made, *(article(number) for number in range(1, 7)))
    with made.write() as tx:
        yield Box(tx, [each.article_id for each in recorded])
    made.close()


def test_what_is_put_is_leased_when_it_is_due_and_sent_once(box):
    assert box.put(0, due=3) == 1
    assert outbox.next_due(box.tx) == at(3)
    assert box.lease(2) == []
    [leased] = box.lease(3)
    assert (leased.key, leased.state, leased.attempts) == ("key 0", "leased", 1)
    assert box.told(leased) == [0]
    assert outbox.next_due(box.tx) == at(8)
    assert box.lease(4) == []
    assert outbox.holds(box.tx, leased)
    assert outbox.sent(box.tx, leased, at(4), at(4))
    assert not outbox.sent(box.tx, leased, at(5))
    assert box.lease(30) == []
    [kept] = letters.listed(box.tx, ["sent"], 5)
    assert (kept.sent, kept.confirmed, kept.lease, kept.error) == (at(4), at(4), None, None)
    assert outbox.next_due(box.tx) is None


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
    outbox.later(box.tx, first, at(12), "HTTP 503")
    assert box.put(1, due=10, joins=True) == 1


def test_one_is_on_its_way_at_a_time_in_the_order_in_which_they_were_put(box):
    box.put(0, 1, 2)
    box.put(3, to=box.two)
    [first, other] = box.lease(0, until=59)
    assert (first.key, other.key) == ("key 0", "key 3")
    assert box.lease() == []
    outbox.later(box.tx, first, at(9), "HTTP 503")
    assert box.lease(3) == [], "what waits to be tried again holds up what comes after it"
    [again] = box.lease(9)
    assert (again.key, again.attempts, again.error) == ("key 0", 2, "HTTP 503")
    outbox.sent(box.tx, again, at(9))
    assert [each.key for each in box.lease(9)] == ["key 1"]


def test_a_dead_one_lets_the_next_pass_and_can_be_sent_again_under_its_key(box):
    box.put(0, 1)
    [first] = box.lease()
    assert outbox.dead(box.tx, first, "HTTP 410")
    [second] = box.lease()
    assert second.key == "key 1"
    outbox.sent(box.tx, second, at(1))
    [letter] = letters.listed(box.tx, ["dead"], 5)
    assert (letter.key, letter.error) == ("key 0", "HTTP 410")
    assert letters.counts(box.tx) == {"dead": 1, "sent": 1}
    assert letters.again(box.tx, [letter.id, second.id, 99], at(7)) == 1
    [once_more] = box.lease(7)
    assert (once_more.key, once_more.attempts) == ("key 0", 1)


def test_a_digest_of_later_holds_up_nothing(box):
    box.put(0, due=50, joins=True)
    box.put(1, due=0)
    assert [each.key for each in box.lease()] == ["key 1"]


def test_a_lease_that_has_run_out_is_anothers(box):
    box.put(0)
    [mine] = box.lease(0, until=5)
    assert box.lease(4) == []
    [theirs] = box.lease(5, until=9)
    assert (theirs.key, theirs.attempts) == ("key 0", 2)
    assert not outbox.holds(box.tx, mine)
    assert not outbox.sent(box.tx, mine, at(6))
    assert not outbox.later(box.tx, mine, at(20), "late")
    assert not outbox.dead(box.tx, mine, "late")
    assert outbox.sent(box.tx, theirs, at(6))


def test_who_was_too_slow_may_still_say_so_while_nobody_else_has_it(box):
    """It has arrived: to send it again would be a duplicate for nothing."""
    box.put(0)
    box.put(1, to=box.two)
    [mine, _other] = box.lease(0, until=5)
    assert box.lease(6, but=[box.one, box.two]) == []
    assert not outbox.holds(box.tx, mine)
    assert outbox.sent(box.tx, mine, at(6))
    assert [each.key for each in box.lease(6)] == ["key 1"]


def test_an_address_that_is_to_wait_is_left_out(box):
    box.put(0)
    box.put(1, to=box.two)
    assert [each.key for each in box.lease(but=[box.one])] == ["key 1"]


def test_at_most_so_many_those_first_that_are_due_longest(box):
    box.put(0, due=2)
    box.put(1, due=1, to=box.two)
    assert [each.key for each in box.lease(3, most=1)] == ["key 1"]


def test_what_is_paused_or_not_confirmed_waits(box):
    box.put(0)
    subscribers.ask_confirmation(box.tx, box.one, "digest")
    assert box.lease() == []
    assert outbox.next_due(box.tx) is None
    subscribers.confirm(box.tx, "digest", at(1))
    assert outbox.next_due(box.tx) == at(0)
    kept = subscriptions.named(box.tx, box.me, "临空")
    subscriptions.change(box.tx, replace(kept, state="paused"))
    assert box.lease() == []
    subscriptions.change(box.tx, kept)
    assert [each.key for each in box.lease()] == ["key 0"]


def test_after_an_outage_one_tells_what_waits_behind_it(box):
    box.put(0, 1, 2)
    box.put(3, due=40)
    [first] = box.lease(20)
    assert outbox.gather(box.tx, first, at(20)) == 2
    assert box.told(first) == [0, 1, 2]
    outbox.sent(box.tx, first, at(21))
    assert box.states() == {
        "key 0": "sent",
        "key 1": "cancelled",
        "key 2": "cancelled",
        "key 3": "waiting",
    }


def test_what_may_have_arrived_already_gathers_nothing(box):
    box.put(0, 1)
    [first] = box.lease()
    outbox.later(box.tx, first, at(5), "no answer")
    [again] = box.lease(5)
    assert outbox.gather(box.tx, again, at(5)) == 0
    assert box.told(again) == [0]
    outbox.dead(box.tx, again, "no answer")
    letters.again(box.tx, [again.id], at(6))
    [once_more] = box.lease(6)
    assert (once_more.id, once_more.attempts) == (again.id, 1)
    assert outbox.gather(box.tx, once_more, at(6)) == 0


def test_what_is_old_expires_by_when_it_was_to_go_out(box):
    box.put(0, due=10)
    [first] = box.lease(10)
    outbox.later(box.tx, first, at(50), "HTTP 503")
    box.put(1, due=30)
    box.put(2, due=5, to=box.two)
    [leased] = box.lease(10, until=59)
    assert leased.key == "key 2"
    assert letters.expire(box.tx, at(20)) == 1
    assert box.states() == {"key 0": "expired", "key 1": "waiting", "key 2": "leased"}
    assert [each.key for each in box.lease(30)] == ["key 1"]


def test_an_article_that_is_taken_down_is_told_to_nobody_any_more(box):
    box.put(0)
    box.put(1, 2, due=10, joins=True, to=box.two)
    box.put(3, to=box.two)
    [leased, other] = box.lease()
    assert {leased.key, other.key} == {"key 0", "key 3"}
    outbox.sent(box.tx, other, at(0))
    taken = [each.article_id for each in matches.newest(box.tx, box.mine, 9)][::-1]
    assert letters.cancel_of_article(box.tx, taken[0], "taken down") == 1
    assert not outbox.holds(box.tx, leased)
    assert not outbox.sent(box.tx, leased, at(1))
    assert letters.cancel_of_article(box.tx, taken[1], "taken down") == 0
    assert letters.cancel_of_article(box.tx, taken[3], "taken down") == 0, "it was sent"
    [digest] = box.lease(10)
    assert box.told(digest) == [2]
    assert letters.cancel_of_article(box.tx, taken[2], "taken down") == 1
    assert not outbox.holds(box.tx, digest)


def test_what_a_subscription_or_an_address_no_longer_wants_is_cancelled(box):
    box.put(0)
    box.put(1, to=box.two)
    wanted = Wanted(box.other, box.two, box.others[0], "other", at(0), joins=False)
    outbox.put(box.tx, [wanted], at(0))
    assert letters.cancel_of_subscription(box.tx, box.mine, "redirected", but=[box.two]) == 1
    assert box.states() == {"key 0": "cancelled", "key 1": "waiting", "other": "waiting"}
    assert letters.cancel_of_address(box.tx, box.two, "ended") == 2
    assert box.lease() == []


def test_h7_two_deliverers_at_once_claim_each_row_once(tmp_path):
    path = tmp_path / "newscrawl.db"
    made = catalogue(path)
    [article_id] = [each.article_id for each in record(made, article(1))]
    with made.write() as tx:
        me = person(tx)
        to = [address(tx, me, str(number)) for number in range(8)]
        wanted = []
        for number in range(50):
            which = subscription(tx, me, f"{number}", to)
            [match_id] = matched(tx, which, article_id)
            wanted += [
                Wanted(which, each, match_id, f"{which}-{each}", NOW, joins=False) for each in to
            ]
        outbox.put(tx, wanted, NOW)
    made.close()
    command = [sys.executable, "-m", "tests.catalogue.leaser", str(path)]
    two = [subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) for _ in range(2)]
    for each in two:
        assert each.stdout.readline() == "ready\n"
    for each in two:
        each.stdin.write("go\n")
        each.stdin.flush()
    claimed = [each.communicate()[0].split() for each in two]
    assert [each.returncode for each in two] == [0, 0]
    assert all(claimed), "both were at work"
    assert sorted(claimed[0] + claimed[1]) == sorted(each.key for each in wanted)
