"""People and their addresses, in a real catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from newscrawl.catalogue import subscribers
from newscrawl.catalogue.subscribers import NoSuchSubscriber, Subscriber
from newscrawl.catalogue.subscriptions import Secret
from newscrawl.errors import UsageError
from tests.makers import NOW, catalogue
from tests.people import address, person, subscription

LATER = NOW.replace("00:45", "00:50")


@pytest.fixture
def tx(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    with made.write() as connection:
        yield connection
    made.close()


def test_a_person_is_kept_and_changed(tx):
    me, other = person(tx), person(tx, "林", language="en", quiet=("22:00", "07:00"))
    found = subscribers.named(tx, "林")
    assert (found.id, found.language, found.quiet) == (other, "en", ("22:00", "07:00"))
    subscribers.change(tx, replace(found, language="zh", quiet=None))
    changed = subscribers.by_ids(tx, [other, me, 99])
    assert changed[other] == replace(found, language="zh", quiet=None)
    assert [each.name for each in subscribers.everybody(tx)] == ["me", "林"]


def test_nobody_of_a_name_is_said_so(tx):
    assert subscribers.found(tx, "林") is None
    with pytest.raises(NoSuchSubscriber, match="林"):
        subscribers.named(tx, "林")
    with pytest.raises(UsageError):
        Subscriber(0, "林 一", "zh", None, NOW)


def test_an_address_says_nothing_of_what_is_sealed_in_it(tx):
    me = person(tx)
    address(tx, me)
    [kept] = subscribers.addresses_of(tx, me)
    assert (kept.shown, kept.state, kept.confirmed) == ("ntfy://a.example", "confirmed", NOW)
    assert (kept.sealed, kept.fingerprint) == ("sealed a", "fingerprint a")
    assert "sealed" not in repr(kept)
    assert "fingerprint" not in repr(kept)


def test_one_person_has_an_address_once_and_two_may_share_it(tx):
    me, other = person(tx), person(tx, "林")
    address(tx, me)
    address(tx, other)
    with pytest.raises(IntegrityError), tx.begin_nested():
        address(tx, me)


def test_an_address_is_confirmed_by_its_token_and_stays_so(tx):
    me = person(tx)
    waiting = address(tx, me, state="pending", confirmed=None, token="digest 1")
    assert subscribers.confirm(tx, "digest 2", LATER) is None
    confirmed = subscribers.confirm(tx, "digest 1", LATER)
    assert (confirmed.id, confirmed.state, confirmed.confirmed) == (waiting, "confirmed", LATER)
    assert subscribers.confirm(tx, "digest 1", "2024-01-01T00:00:00.000000+00:00") == confirmed
    assert subscribers.address_by(tx, "digest 1") == confirmed
    assert subscribers.address_by(tx, "digest 2") is None


def test_an_address_that_ended_is_confirmed_by_no_old_token(tx):
    me = person(tx)
    waiting = address(tx, me, state="pending", confirmed=None, token="digest 1")
    subscribers.ask_confirmation(tx, waiting, "digest 2")
    assert subscribers.confirm(tx, "digest 1", LATER) is None
    subscribers.end_address(tx, waiting)
    assert subscribers.confirm(tx, "digest 2", LATER) is None
    assert subscribers.addresses_of(tx, me)[0].state == "ended"
    subscribers.reopen(tx, waiting, LATER)
    assert subscribers.addresses_by_ids(tx, [waiting])[waiting].state == "confirmed"


def test_something_sealed_is_there_to_try_a_key_on(tx):
    assert subscribers.any_sealed(tx) is None
    subscription(tx, person(tx), feed=Secret("sealed feed", "digest"))
    assert subscribers.any_sealed(tx) == "sealed feed"
