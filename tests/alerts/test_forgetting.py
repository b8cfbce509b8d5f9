"""Ending an address of a person."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from newscrawl.alerts import falling
from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.overview import held, one_held
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.rhythm import Rhythm
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.subscribing import Desk
from newscrawl.alerts.wishes import ME, Change, Wish
from newscrawl.catalogue import leases, letters, matches, subscribers
from newscrawl.catalogue.alert_schema import addresses
from newscrawl.catalogue.subscribers import NoSuchSubscriber
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.pace import Pace
from newscrawl.query.limits import Limits
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import KEY, Told, body_of
from tests.makers import NOW, article, catalogue, record
from tests.people import dead_letter

CANARY = "canary-91c4"
NTFY = f"ntfy://news.example/{CANARY}"
BARK = f"bark://news.example/{CANARY}"
EMAIL = f"mailto://{CANARY}@post.example"
SOON = "2999-01-01T00:00:00.000000+00:00"
LATER = SOON.replace("2999", "3999")
POLICY = Policy(Limits(), 9, 9, "https://news.example")


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
    with closing(catalogue(tmp_path / "newscrawl.db")) as made:
        record(made, article(90))
        yield Told(made, Secrets(KEY, "the key"))


@pytest.fixture
def desk(told, tmp_path):
    return Desk(told.catalogue, Home(tmp_path), POLICY, check=parsed)


def wish(name="渡口", *to, otherwise=()):
    return Wish(name, "渡口", to or (NTFY,), otherwise)


def matched(told, *numbers):
    record(told.catalogue, *map(article, numbers))
    told.match()


def states(told):
    return [each.state for each in told.outbox()]


@pytest.mark.parametrize("given", [NTFY, "ntfy://news.example/…"])
def test_what_waits_is_cancelled_and_nothing_goes_there_any_more(told, desk, given):
    done = desk.subscribe(wish("渡口", NTFY, BARK))
    ended = done.addresses[0]
    matched(told, 1)
    with told.catalogue.write() as tx:
        dead_letter(tx, done.subscription.id, ended.id)
    gone = desk.forget(ME, given)
    assert (gone.address.id, gone.cancelled, gone.silent) == (ended.id, 1, ())
    assert [(each.state, each.error) for each in told.outbox() if each.address_id == ended.id] == [
        ("cancelled", "forgotten"),
        ("cancelled", "answered 410"),
    ]
    matched(told, 2)
    assert states(told).count("waiting") == 2
    assert {each.address_id for each in told.outbox() if each.state == "waiting"} == {
        done.addresses[1].id
    }
    with told.catalogue.read() as view:
        assert letters.dead(view) == {}
        assert [each.kind for each in one_held(view, ME, "渡口").addresses] == ["bark"]


def test_its_url_is_in_no_byte_of_the_catalogue_and_no_key_opens_it(told, desk, tmp_path):
    desk.subscribe(wish("渡口", NTFY, EMAIL))
    desk.forget(ME, NTFY)
    desk.forget(ME, EMAIL)
    with told.catalogue.read() as view:
        rows = view.execute(select(addresses.c.sealed, addresses.c.token, addresses.c.state)).all()
    assert [(told.secrets.opened(sealed), *rest) for sealed, *rest in rows] == [
        ("", None, "ended")
    ] * 2


def test_it_begins_anew_where_it_is_given_again_and_is_asked_again(told, desk):
    first = desk.subscribe(wish("渡口", NTFY, EMAIL))
    desk.confirm(first.unconfirmed[0].token)
    desk.forget(ME, NTFY)
    assert desk.forget(ME, EMAIL).silent == ("渡口",)
    assert desk.confirm(first.unconfirmed[0].token) is None
    matched(told, 1)
    assert told.outbox() == []
    second = desk.edit(ME, "渡口", Change(to=(NTFY, EMAIL)))
    assert [each.state for each in second.addresses] == ["confirmed", "pending"]
    assert [each.id for each in second.addresses] == [each.id for each in first.addresses]
    [asked] = second.unconfirmed
    assert told.secrets.opened(asked.address.sealed) == EMAIL
    with told.catalogue.read() as view:
        held_now = subscribers.addresses_of(view, second.subscription.subscriber_id)
    assert [told.secrets.opened(each.sealed) for each in held_now] == [NTFY, EMAIL]


def test_those_that_are_told_otherwise_take_its_place(told, desk):
    desk.subscribe(wish("一", NTFY, otherwise=(BARK,)))
    desk.subscribe(wish("二", NTFY))
    desk.subscribe(wish("三", BARK))
    assert desk.forget(ME, NTFY).silent == ("二",)
    with told.catalogue.read() as view:
        kinds = {
            each.subscription.name: [one.kind for one in each.addresses] for each in held(view)
        }
        assert all(each.otherwise == () for each in held(view))
    assert kinds == {"一": ["bark"], "二": [], "三": ["bark"]}


def places(told):
    """Where what waits does, and of which articles it tells."""
    with told.catalogue.read() as view:
        held = [each for each in told.outbox() if each.state in ("waiting", "leased")]
        of = matches.of_deliveries(view, [each.id for each in held])
    return [(each.address_id, [one.article_id[-1] for one in of[each.id]]) for each in held]


@pytest.mark.parametrize("rhythm", ["at once", "daily 07:30"])
def test_what_waits_goes_to_those_that_take_its_place_when_it_was_due(told, desk, rhythm):
    mine = wish("渡口", NTFY, otherwise=(BARK,))
    done = desk.subscribe(replace(mine, rhythm=Rhythm.parse(rhythm)))
    matched(told, 1, 2)
    before = [each.due for each in told.outbox()]
    assert desk.forget(ME, NTFY).cancelled == len(before)
    after = told.outbox()[len(before) :]
    assert [each.due for each in after] == before
    assert [article for _, some in places(told) for article in some] == ["1", "2"]
    assert {place for place, _ in places(told)} == {done.addresses[1].id}
    assert {each.error for each in told.outbox()[: len(before)]} == {"forgotten"}


def test_what_waits_goes_nowhere_where_it_was_told_already(told, desk):
    """At an address that is told beside it, or that was told for it was failing."""
    both = desk.subscribe(wish("渡口", NTFY, BARK))
    matched(told, 1)
    other = desk.edit(ME, "渡口", Change(to=(NTFY,), otherwise=(BARK,)))
    assert [each.id for each in other.addresses] == [each.id for each in both.addresses]
    [(place, articles)] = places(told)
    with told.catalogue.write() as tx:
        falling.fall_back(tx, [told.outbox()[0].id], told.secrets.fingerprint, NOW)
    desk.forget(ME, NTFY)
    assert (place, articles) == (both.addresses[0].id, ["1"])
    assert places(told) == [(both.addresses[1].id, ["1"])]


def test_what_waits_is_held_for_one_that_is_to_be_confirmed_only_where_there_is_no_other(
    told, desk
):
    first = desk.subscribe(wish("一", NTFY, otherwise=(EMAIL,)))
    second = desk.subscribe(replace(wish("二", NTFY, EMAIL, otherwise=(BARK,)), person="林"))
    matched(told, 1)
    desk.forget(ME, NTFY)
    desk.forget("林", NTFY)
    assert places(told) == [
        (second.addresses[1].id, ["1"]),  # held as it was
        (first.addresses[1].id, ["1"]),
        (second.addresses[2].id, ["1"]),
    ]
    with told.catalogue.write() as tx:
        assert [each.address_id for each in leases.take(tx, SOON, LATER, 9)] == [
            second.addresses[2].id
        ]
    desk.confirm(first.unconfirmed[0].token)
    with told.catalogue.write() as tx:
        assert [each.address_id for each in leases.take(tx, SOON, LATER, 9)] == [
            first.addresses[1].id
        ]


def test_what_is_not_there_or_shown_alike_is_refused_and_nothing_ends(told, desk):
    """Alike are those that an earlier version has entered."""
    desk.subscribe(wish("渡口", NTFY, f"{NTFY}-2", BARK))
    Desk.subscribe(desk, replace(wish("渡口", EMAIL), person="林"))
    with told.catalogue.write() as tx:
        alike = update(addresses).where(addresses.c.shown.like("ntfy:%"))
        tx.execute(alike.values(shown="ntfy://news.example/…"))
    for person, given, said in (
        (ME, EMAIL, "me: has no such address; there are: ntfy://news.example/…, bark://"),
        (ME, f"{NTFY}-3", "me: has no such address"),
        (ME, "ntfy://news.example/…", "2 addresses of me are shown so: give the URL itself"),
        ("林", NTFY, "林: has no such address; there are: c…@post.example"),
    ):
        with pytest.raises(UsageError, match=said) as refused:
            desk.forget(person, given)
        assert CANARY not in str(refused.value)
    with pytest.raises(NoSuchSubscriber):
        desk.forget("nobody", NTFY)
    assert desk.forget(ME, f"{NTFY}-2").address.shown == "ntfy://news.example/…"
    with pytest.raises(UsageError, match="has no such address"):
        desk.forget(ME, f"{NTFY}-2")


def test_of_two_that_say_the_same_of_themselves_each_is_ended_as_lists_show_it(told, desk):
    done = desk.subscribe(wish("渡口", NTFY, f"{NTFY}-2"))
    first, second = (each.shown for each in done.addresses)
    assert desk.forget(ME, second).address.id == done.addresses[1].id
    assert desk.forget(ME, first).address.id == done.addresses[0].id


def test_what_was_leased_a_moment_ago_is_not_sent_and_stops_nothing_else(
    told, desk, tmp_path, monkeypatch
):
    with serving(answering()) as sink:
        one, two = (f"json://127.0.0.1:{sink.port}/{number}" for number in (1, 2))
        desk.subscribe(wish("渡口", one, two))
        matched(told, 1)
        deliverer = told.deliverer(sink.allowed, Pace(tmp_path / "channels"))
        begin = deliverer._begin

        def forgotten(leased):
            desk.forget(ME, one)
            monkeypatch.setattr(deliverer, "_begin", begin)
            begin(leased)

        monkeypatch.setattr(deliverer, "_begin", forgotten)
        deliverer.run(0)
        deliverer.close()
    assert len(sink.got) == 1
    assert body_of(sink.got[0])["items"]
    assert states(told) == ["cancelled", "sent"]
    with told.catalogue.write() as tx:
        letters.again(tx, [told.outbox()[0].id], NOW)
        assert leases.take(tx, NOW, NOW, 9) == []
