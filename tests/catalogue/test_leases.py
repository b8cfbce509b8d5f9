"""Deliveries are leased by one, in order, until they are sent or dead."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from subprocess import PIPE

from newscrawl.catalogue import leases, letters, outbox, subscribers, subscriptions, upcoming
from newscrawl.catalogue.outbox import Wanted
from tests.catalogue.box import at
from tests.makers import NOW, article, catalogue, record
from tests.people import address, matched, person, subscription


def test_what_is_put_is_leased_when_it_is_due_and_sent_once(box):
    assert box.put(0, due=3) == 1
    assert upcoming.next_due(box.tx) == at(3)
    assert box.lease(2) == []
    [leased] = box.lease(3)
    assert (leased.key, leased.state, leased.attempts) == ("key 0", "leased", 1)
    assert box.told(leased) == [0]
    assert upcoming.next_due(box.tx) == at(8)
    assert box.lease(4) == []
    assert leases.holds(box.tx, leased)
    assert leases.sent(box.tx, leased, at(4), at(4))
    assert not leases.sent(box.tx, leased, at(5))
    assert box.lease(30) == []
    [kept] = letters.listed(box.tx, ["sent"], 5)
    assert (kept.sent, kept.confirmed, kept.lease, kept.error) == (at(4), at(4), None, None)
    assert upcoming.next_due(box.tx) is None


def test_one_is_on_its_way_at_a_time_in_the_order_in_which_they_were_put(box):
    box.put(0, 1, 2)
    box.put(3, to=box.two)
    [first, other] = box.lease(0, until=59)
    assert (first.key, other.key) == ("key 0", "key 3")
    assert box.lease() == []
    leases.later(box.tx, first, at(9), "HTTP 503")
    assert box.lease(3) == [], "what waits to be tried again holds up what comes after it"
    [again] = box.lease(9)
    assert (again.key, again.attempts, again.error) == ("key 0", 2, "HTTP 503")
    leases.sent(box.tx, again, at(9))
    assert [each.key for each in box.lease(9)] == ["key 1"]


def test_a_dead_one_lets_the_next_pass_and_can_be_sent_again_under_its_key(box):
    box.put(0, 1)
    [first] = box.lease()
    assert leases.dead(box.tx, first, "HTTP 410")
    [second] = box.lease()
    assert second.key == "key 1"
    leases.sent(box.tx, second, at(1))
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
    assert not leases.holds(box.tx, mine)
    assert not leases.sent(box.tx, mine, at(6))
    assert not leases.later(box.tx, mine, at(20), "late")
    assert not leases.dead(box.tx, mine, "late")
    assert leases.sent(box.tx, theirs, at(6))


def test_who_was_too_slow_may_still_say_so_while_nobody_else_has_it(box):
    """It has arrived: to send it again would be a duplicate for nothing."""
    box.put(0)
    box.put(1, to=box.two)
    [mine, _other] = box.lease(0, until=5)
    assert box.lease(6, but=[box.one, box.two]) == []
    assert not leases.holds(box.tx, mine)
    assert leases.sent(box.tx, mine, at(6))
    assert [each.key for each in box.lease(6)] == ["key 1"]


def test_an_address_that_is_to_wait_is_left_out(box):
    box.put(0)
    box.put(1, to=box.two)
    assert [each.key for each in box.lease(but=[box.one])] == ["key 1"]


def test_at_an_address_that_rests_nothing_is_taken_until_then(box):
    box.put(0)
    wanted = [Wanted(box.other, box.one, box.others[0], "other", at(0), joins=False)]
    outbox.put(box.tx, wanted, at(0))
    box.put(1, to=box.two)
    leases.rest(box.tx, box.one, at(30))
    leases.rest(box.tx, box.one, at(20))
    [free] = box.lease(1)
    assert free.key == "key 1"
    leases.sent(box.tx, free, at(1))
    assert upcoming.next_due(box.tx) == at(30)
    assert box.lease(29) == []
    assert [each.attempts for each in box.lease(30)] == [1, 1]


def test_an_address_has_rested_also_where_nothing_waits(box):
    leases.rest(box.tx, box.one, at(5))
    assert box.lease(5) == []
    assert upcoming.next_due(box.tx) is None


def test_the_same_url_of_another_person_rests_too(box):
    you = person(box.tx, "you")
    same = address(box.tx, you, "a")
    theirs = subscription(box.tx, you, "临空", (same,))
    [match] = matched(box.tx, theirs, "hangzhou_daily/2023-12-15/A01/1")
    outbox.put(box.tx, [Wanted(theirs, same, match, "theirs", at(0), joins=False)], at(0))
    leases.rest(box.tx, box.one, at(5))
    assert box.lease(4) == []
    assert [each.key for each in box.lease(5)] == ["theirs"]


def test_at_most_so_many_those_first_that_are_due_longest(box):
    box.put(0, due=2)
    box.put(1, due=1, to=box.two)
    assert [each.key for each in box.lease(3, most=1)] == ["key 1"]


def test_what_is_paused_or_not_confirmed_waits(box):
    box.put(0)
    subscribers.ask_confirmation(box.tx, box.one, "digest")
    assert box.lease() == []
    assert upcoming.next_due(box.tx) is None
    subscribers.confirm(box.tx, "digest", at(1))
    assert upcoming.next_due(box.tx) == at(0)
    kept = subscriptions.named(box.tx, box.me, "临空")
    subscriptions.change(box.tx, replace(kept, state="paused"))
    assert box.lease() == []
    subscriptions.change(box.tx, kept)
    assert [each.key for each in box.lease()] == ["key 0"]


def test_nobody_holds_what_is_paused_ended_or_unconfirmed_meanwhile(box):
    box.put(0)
    [leased] = box.lease()
    kept = subscriptions.named(box.tx, box.me, "临空")
    subscriptions.change(box.tx, replace(kept, state="paused"))
    assert not leases.holds(box.tx, leased)
    subscriptions.change(box.tx, kept)
    assert leases.holds(box.tx, leased)
    subscribers.end_address(box.tx, box.one)
    assert not leases.holds(box.tx, leased)


def test_what_is_given_back_was_never_tried_unless_parts_of_it_have_arrived(box):
    box.put(0)
    [leased] = box.lease()
    leases.release(box.tx, leased)
    [leased] = box.lease()
    assert leased.attempts == 1
    leases.divide(box.tx, leased, [[1, 2], [3]])
    leases.release(box.tx, leased, parts=1)
    [leased] = box.lease()
    assert (leased.attempts, leased.parts, leased.division) == (2, 1, [[1, 2], [3]])
    leases.release(box.tx, leased)
    [leased] = box.lease()
    assert (leased.attempts, leased.parts, leased.division) == (2, 1, [[1, 2], [3]])


def test_of_two_leases_the_first_that_runs_out_is_the_next_due(box):
    box.put(0)
    box.put(1, to=box.two)
    box.put(2, due=30, to=box.two)
    box.lease(0, until=9, most=1)
    box.lease(0, until=7, most=1)
    assert upcoming.next_due(box.tx) == at(7)


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


def test_a_lease_is_renewed_also_when_it_has_run_out_unless_another_has_it(box):
    box.put(0)
    [mine] = box.lease(0, until=5)
    leases.renew(box.tx, [mine], at(20))
    assert box.lease(19) == []
    assert box.lease(20, but=[box.one]) == []
    leases.renew(box.tx, [mine], at(30))
    assert leases.holds(box.tx, mine)
    [theirs] = box.lease(30, until=40)
    leases.renew(box.tx, [mine], at(50))
    assert not leases.holds(box.tx, mine)
    assert leases.holds(box.tx, theirs)
    assert len(box.lease(40)) == 1


def test_what_is_dead_or_expired_at_an_address_rests_and_nothing_else(box):
    box.put(0)
    box.put(1, to=box.two)
    box.put(2, due=9)
    for each in box.lease(0):
        leases.dead(box.tx, each, "410")
    assert letters.drop_at(box.tx, box.one) == 1
    assert box.states() == {"key 0": "cancelled", "key 1": "dead", "key 2": "waiting"}


def test_what_was_taken_from_an_address_may_come_back_to_it(box):
    box.put(0, 1)
    letters.cancel_of_address(box.tx, box.one, letters.FORGOTTEN)
    assert letters.ever_at(box.tx, box.ids[:2]) == set()
    box.put(2)
    [leased] = box.lease(0)
    leases.cancel(box.tx, leased, "told before")
    assert letters.ever_at(box.tx, box.ids[:3]) == {(box.one, box.ids[2])}
    assert letters.told_at(box.tx, box.ids[:3]) == set()


def test_several_leases_are_renewed_together(box):
    box.put(0)
    box.put(1, to=box.two)
    both = box.lease(0, until=5)
    leases.renew(box.tx, both, at(20))
    assert len(both) == 2
    assert box.lease(19) == []


def test_parts_that_have_arrived_are_never_fewer_whoever_says_so(box):
    box.put(0)
    [mine] = box.lease(0, until=5)
    [theirs] = box.lease(5)
    leases.arrived(box.tx, mine, 2)
    leases.later(box.tx, theirs, at(6), "late", parts=1)
    [again] = box.lease(6)
    assert again.parts == 2
    leases.dead(box.tx, again, "late", parts=3)
    [dead] = letters.listed(box.tx, ["dead"], 5)
    assert dead.parts == 3
    assert not leases.divide(box.tx, again, [[1], [2]])
