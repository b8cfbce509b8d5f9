"""The times of what was sent: each article of each message, from page to receiver."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from newscrawl.catalogue import index_marks, leases, ledger, letters, matches, outbox
from newscrawl.catalogue.ledger import Times
from newscrawl.catalogue.outbox import Wanted
from newscrawl.text.dates import iso
from tests.makers import DAY, PAPER, article, catalogue, record
from tests.people import address, match, person, subscription

START = datetime(2023, 12, 15, 1, tzinfo=UTC)
EXPRESS = "metro_express"


def at(seconds):
    return iso(START + timedelta(seconds=seconds))


@pytest.fixture
def made(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db", {PAPER: "杭州日报", EXPRESS: "都市快报"})
    record(made, article(1), article(2), article(3, paper=EXPRESS))
    yield made
    made.close()


def matched(tx, subscription, numbers, **times):
    """Matches of these articles of the three, written down; their numbers."""
    ids = {1: f"{PAPER}/{DAY}/A01/1", 2: f"{PAPER}/{DAY}/A01/2", 3: f"{EXPRESS}/{DAY}/A01/3"}
    known = {"published": DAY, "first_seen": at(1), "recorded": at(2), "matched": at(4)} | times
    wanted = [match(subscription, ids[number], number, **known) for number in numbers]
    return [each.id for each in matches.add(tx, wanted)]


def put(tx, subscription, address, ids, key, **changes):
    values = {"due": at(4), "joins": True} | changes
    now = values.pop("now", at(4))
    outbox.put(tx, [Wanted(subscription, address, each, key, **values) for each in ids], now)


def send(tx, moment, confirmed=None):
    """Send all that is due, as a deliverer does."""
    for leased in leases.take(tx, at(moment), at(moment + 60), 9):
        leases.sent(tx, leased, at(moment), confirmed)


def test_every_time_of_every_article_of_a_message(made):
    with made.write() as tx:
        index_marks.note(tx, 0, 2, START + timedelta(seconds=3))
        me = person(tx)
        mine, to = subscription(tx, me), address(tx, me, kind="email")
        put(tx, mine, to, matched(tx, mine, (1, 3)), "key", due=at(60))
        assert list(ledger.sent_since(tx, at(0))) == [], "it was not sent yet"
        send(tx, 61, at(62))
        told = list(ledger.sent_since(tx, at(61)))
        assert list(ledger.sent_since(tx, at(62))) == []
    first = Times(
        paper=PAPER,
        channel="email",
        published=DAY,
        first_seen=at(1),
        recorded=at(2),
        indexed=at(3),
        matched=at(4),
        begun=at(4),
        due=at(60),
        sent=at(61),
        confirmed=at(62),
        attempts=1,
    )
    assert told == [first, first._replace(paper=EXPRESS, indexed=None)]


def test_an_article_counts_in_every_message_and_only_in_what_was_sent(made):
    with made.write() as tx:
        me, other = person(tx), person(tx, "林")
        mine, second = subscription(tx, me), subscription(tx, other)
        mail, phone = address(tx, me, kind="email"), address(tx, other, kind="ntfy")
        put(tx, mine, mail, matched(tx, mine, (1,)), "one")
        put(tx, second, phone, matched(tx, second, (1, 2)), "two")
        send(tx, 5)
        put(tx, mine, mail, matched(tx, mine, (2,)), "three", due=at(99))
        letters.cancel_of_address(tx, mail, "ended")
        told = [(each.channel, each.paper) for each in ledger.sent_since(tx, at(0))]
    assert sorted(told) == [("email", PAPER), ("ntfy", PAPER), ("ntfy", PAPER)]


def test_of_some_papers_only(made):
    with made.write() as tx:
        me = person(tx)
        mine, to = subscription(tx, me), address(tx, me)
        put(tx, mine, to, matched(tx, mine, (1, 2, 3)), "key")
        send(tx, 5)
        papers = [each.paper for each in ledger.sent_since(tx, at(0), [EXPRESS])]
        assert papers == [EXPRESS]
        assert len(list(ledger.sent_since(tx, at(0), [EXPRESS, PAPER]))) == 3


def test_what_was_tried_again_says_so_and_what_was_renewed_is_begun_anew(made):
    with made.write() as tx:
        me = person(tx)
        mine, to = subscription(tx, me), address(tx, me)
        put(tx, mine, to, matched(tx, mine, (1,)), "key")
        (leased,) = leases.take(tx, at(5), at(60), 9)
        leases.later(tx, leased, at(8), "no answer")
        (leased,) = leases.take(tx, at(8), at(60), 9)
        leases.dead(tx, leased, "refused")
        letters.again(tx, [leased.id], at(100))
        (leased,) = leases.take(tx, at(100), at(160), 9)
        leases.later(tx, leased, at(108), "no answer")
        send(tx, 108)
        (told,) = ledger.sent_since(tx, at(0))
    assert (told.matched, told.begun, told.due, told.attempts) == (at(4), at(100), at(100), 2)


def test_of_all_that_was_ever_sent_only_what_is_asked_for_is_read(made):
    asked = []
    engine = made._engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, *given: asked.append(given[:2]))
    with made.read() as view:
        list(ledger.sent_since(view, at(0), [PAPER]))
        statement, values = asked[-1]
        plan = [row[-1] for row in view.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert "USING INDEX ix_deliveries_sent (sent>?)" in plan[0], plan
    assert not any(line.startswith("SCAN") for line in plan), plan
