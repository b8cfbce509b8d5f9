"""What waits when the addresses of a subscription change: it goes where the others are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.matcher import Matcher
from newscrawl.alerts.rhythm import Rhythm
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.subscribing import Desk
from newscrawl.alerts.wishes import ME, Change
from newscrawl.catalogue import leases, letters, matches, outbox
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.outbox import Wanted
from newscrawl.text.dates import iso
from tests.alerts.sent import EVERY
from tests.alerts.test_subscribing import BARK, EMAIL, NTFY, PUBLIC, home, made, wish
from tests.makers import article, record

__all__ = ["home", "made"]
ICE = NTFY.replace("canary", "ice")
SOON = timedelta(minutes=1)


@pytest.fixture
def desk(made, home):
    return Desk(made, home, replace(PUBLIC, addresses_each=9), check=parsed)


@pytest.fixture
def comes(made, home):
    """Records an article and lets it match."""

    def comes(number):
        record(made, article(number))
        follower = Matcher(made, Secrets.of("", home.secret_key).fingerprint)
        while follower.step():
            pass

    return comes


@pytest.fixture
def begun(desk, comes):
    """Subscribes to 渡口, and lets articles come."""

    def begun(*numbers, **changes):
        done = desk.subscribe(wish(name="渡口", query="渡口", **changes))
        for number in numbers:
            comes(number)
        return done

    return begun


def waiting(made, done):
    """What waits at each of these addresses: the articles by message."""
    with made.read() as view:
        held = [
            each for each in letters.listed(view, EVERY, 99) if each.state in ("waiting", "leased")
        ]
        told = matches.of_deliveries(view, [each.id for each in held])
    found = {each.id: [] for each in done.addresses}
    for each in sorted(held, key=lambda one: one.id):
        articles = [int(match.article_id.rpartition("/")[2]) for match in told[each.id]]
        found.setdefault(each.address_id, []).append(articles)
    return list(found.values())


def everything(made):
    with made.read() as view:
        return letters.listed(view, EVERY, 99)


def leased(made):
    now = datetime.now(UTC) + SOON
    with made.write() as tx:
        return leases.take(tx, iso(now), iso(now + SOON), 9)


def edit(desk, **change):
    return desk.edit(ME, "渡口", Change(**change))


def test_a_digest_that_waits_comes_at_the_new_address_when_it_was_due(made, desk, begun):
    begun(4, 5, to=(NTFY,), rhythm=Rhythm.parse("daily 07:30"))
    [before] = everything(made)
    done = edit(desk, to=(BARK,))
    assert waiting(made, done) == [[[4, 5]]]
    after, _old = everything(made)
    assert (after.due, after.slot, after.attempts) == (before.due, before.slot, 0)
    assert after.key != before.key
    assert [each.state for each in everything(made)] == ["waiting", "cancelled"]


def test_what_comes_later_joins_the_digest_that_was_moved(made, desk, begun, comes):
    begun(4, to=(NTFY,), rhythm=Rhythm.parse("daily 07:30"))
    done = edit(desk, to=(BARK,))
    comes(5)
    assert waiting(made, done) == [[[4, 5]]]


def test_each_article_waits_once_at_each_address(made, desk, begun):
    begun(4, 5, to=(NTFY, BARK))
    done = edit(desk, to=(BARK,))
    assert waiting(made, done) == [[[4], [5]]], "it was told there already"
    done = edit(desk, to=(NTFY, ICE))
    assert waiting(made, done) == [[[4], [5]], [[4], [5]]]


def test_it_comes_back_to_an_address_that_it_had_left(made, desk, begun):
    begun(4, to=(NTFY,))
    for url in (BARK, NTFY, BARK, NTFY):
        done = edit(desk, to=(url,))
        assert waiting(made, done) == [[[4]]]
    [last] = leased(made)
    assert last.address_id == done.addresses[0].id


def test_what_could_not_be_sent_yet_is_moved_and_what_has_begun_to_arrive_is_not(made, desk, begun):
    begun(4, 5, to=(NTFY,))
    [one] = leased(made)
    with made.write() as tx:
        leases.later(tx, one, iso(datetime.now(UTC) + 60 * SOON), "503")
    done = edit(desk, to=(BARK,))
    assert waiting(made, done) == [[[4], [5]]]
    [one] = leased(made)
    with made.write() as tx:
        leases.later(tx, one, iso(datetime.now(UTC)), "503", parts=1)
    assert waiting(made, edit(desk, to=(NTFY,))) == [[[5]]]


def test_what_is_on_its_way_is_told_at_the_new_address_and_not_begun_at_the_old(made, desk, begun):
    begun(4, to=(NTFY,))
    [one] = leased(made)
    done = edit(desk, to=(BARK,))
    with made.read() as view:
        assert not leases.holds(view, one)
    assert waiting(made, done) == [[[4]]]


def test_an_address_that_waits_to_be_confirmed_gets_it_then(made, desk, begun):
    begun(4, to=(NTFY,))
    done = edit(desk, to=(EMAIL,))
    assert leased(made) == []
    desk.confirm(done.unconfirmed[0].token)
    assert [each.address_id for each in leased(made)] == [done.addresses[0].id]


def test_what_has_failed_elsewhere_stays_with_those_for_that_case(made, desk, begun):
    done = begun(4, to=(NTFY,), otherwise=(BARK,))
    [one] = leased(made)
    with made.write() as tx:
        leases.dead(tx, one, "410")
        [told] = matches.of_deliveries(tx, [one.id])[one.id]
        put(tx, done, told)
    done = edit(desk, otherwise=(ICE,))
    assert waiting(made, done) == [[], [[4]]]
    assert waiting(made, edit(desk, to=(BARK,), otherwise=())) == [[[4]]]


def test_what_waits_where_it_is_told_first_no_more_goes_to_where_it_is(made, desk, begun):
    begun(4, to=(NTFY,))
    done = edit(desk, to=(BARK,), otherwise=(NTFY,))
    assert waiting(made, done) == [[[4]], []]


def test_what_a_digest_has_gathered_stays_as_young_as_it_is(made, desk, begun):
    begun(4, 5, to=(NTFY,))
    old = iso(datetime.now(UTC) - 4_000 * SOON)
    with made.write() as tx:
        first = min(letters.listed(tx, EVERY, 9), key=lambda each: each.id)
        tx.execute(update(deliveries).where(deliveries.c.id == first.id).values(slot=old))
        outbox.gather(tx, replace(first, slot=old), iso(datetime.now(UTC)))
    done = edit(desk, to=(BARK,))
    assert waiting(made, done) == [[[4], [5]]]
    assert [each.slot == old for each in everything(made) if each.state == "waiting"] == [
        False,
        True,
    ]


def put(tx, done, told):
    now = iso(datetime.now(UTC))
    spare = done.addresses[1].id
    outbox.put(tx, [Wanted(done.subscription.id, spare, told.id, "spare", now, joins=False)], now)


def test_without_an_address_nothing_is_sent(made, desk, begun):
    begun(4, to=(NTFY,))
    edit(desk, to=())
    assert [each.state for each in everything(made)] == ["cancelled"]
