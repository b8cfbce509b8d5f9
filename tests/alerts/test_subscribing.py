"""Subscribing as the commands and the pages do it: what is refused, and what nobody may see."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.overview import held, one_held
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.rhythm import Quiet, Rhythm
from newscrawl.alerts.secrets import Secrets, SecretsError
from newscrawl.alerts.subscribing import Desk
from newscrawl.alerts.wishes import ME, Change, Wish
from newscrawl.catalogue import leases, outbox, subscribers, subscriptions, versions
from newscrawl.catalogue.outbox import Wanted
from newscrawl.catalogue.routes import routes_of
from newscrawl.catalogue.subscribers import NoSuchSubscriber
from newscrawl.catalogue.subscriptions import NoSuchSubscription
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.home import Home
from newscrawl.query.errors import QueryError
from newscrawl.query.limits import Limits
from newscrawl.query.parse import parse
from newscrawl.query.sieve import sieve
from tests.makers import NOW, TITLE, article, catalogue, record
from tests.people import matched

CANARY = "canary-7d1e"
NTFY = f"ntfy://news.example/{CANARY}"
BARK = f"bark://news.example/{CANARY}"
EMAIL = f"mailto://{CANARY}@post.example"
POLICY = Policy(Limits(), subscriptions_each=3, addresses_each=2, public_url="")
PUBLIC = Policy(Limits(), 3, 2, "https://news.example")


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.delenv("NEWSCRAWL_SECRET_KEY", raising=False)
    made = catalogue(tmp_path / "newscrawl.db")
    record(made, *(article(number) for number in range(1, 4)))
    yield made
    made.close()


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def desk(made, home):
    return Desk(made, home, POLICY, check=parsed)


def wish(**changes) -> Wish:
    return Wish(**({"name": "临空", "query": "临空经济", "to": (NTFY,)} | changes))


def overview(made, person=None):
    with made.read() as tx:
        return held(tx, person)


def test_a_subscription_concerns_what_comes_from_now_on(made, desk):
    done = desk.subscribe(
        wish(
            query="（临空 AND 经济） -广告",
            otherwise=(BARK,),
            papers=(TITLE,),
            rhythm=Rhythm.parse("daily 7:30"),
            quiet=Quiet.parse("22:00-07:00"),
            language="en",
        )
    )
    [each] = overview(made)
    kept = each.subscription
    assert (kept.query, kept.papers) == ("(临空 经济) -广告", (TITLE,))
    assert (kept.rhythm, kept.state, kept.since_seq) == ("daily 07:30", "active", 3)
    assert (each.subscriber.name, each.subscriber.language) == (ME, "en")
    assert each.subscriber.quiet == ("22:00", "07:00")
    assert [address.kind for address in each.addresses] == ["ntfy"]
    assert [address.kind for address in each.otherwise] == ["bark"]
    assert [address.state for address in done.addresses] == ["confirmed", "confirmed"]
    assert done.unconfirmed == ()
    assert each.matches == 0


def test_its_addresses_and_links_are_opened_with_the_key_of_the_home(made, home, desk):
    done = desk.subscribe(wish())
    secrets = Secrets.of("", home.secret_key)
    assert secrets.opened(done.addresses[0].sealed) == NTFY
    token = secrets.opened(done.subscription.unsubscribe.sealed)
    assert secrets.opened(done.subscription.feed.sealed) != token
    assert desk.unsubscribe(token).name == "临空"
    assert desk.unsubscribe(token).state == "removed"
    assert desk.unsubscribe("") is None
    assert overview(made) == []


def test_a_person_keeps_language_and_hours_until_others_are_given(made, desk):
    desk.subscribe(wish(name="一", quiet=Quiet.parse("22:00-07:00"), language="en"))
    desk.subscribe(wish(name="二"))
    assert overview(made)[0].subscriber.quiet == ("22:00", "07:00")
    desk.subscribe(wish(name="三", quiet="none", language="zh"))
    [person] = {each.subscriber for each in overview(made)}
    assert (person.quiet, person.language) == (None, "zh")


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"query": "（临空"}, QueryError, "cannot read the query at character"),
        ({"query": "的 *"}, QueryError, "cannot read the query at character"),
        ({"papers": ("nosuch",)}, UsageError, "paper nosuch: nothing was collected of it"),
        ({"name": "临 空"}, UsageError, "name '临 空'"),
        ({"person": "a b"}, UsageError, "name 'a b'"),
        ({"to": (CANARY,)}, UsageError, "an address is a URL of a channel"),
        ({"to": (f"ntfy://a b/{CANARY}",)}, UsageError, "an address is a URL of a channel"),
        ({"to": (f"ntfy://[{CANARY}",)}, UsageError, "the address cannot be read"),
        ({"to": (EMAIL,)}, UsageError, "mailto://post.example/…: e-mail needs NEWS"),
        ({"to": (), "otherwise": (NTFY,)}, UsageError, "there is no first"),
        ({"to": (NTFY, BARK, f"gotify://a/{CANARY}")}, UsageError, "3 addresses, and 2 is"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_kept(made, desk, changes, error, said):
    with pytest.raises(error) as refusal:
        desk.subscribe(wish(**changes))
    assert said in str(refusal.value)
    assert CANARY not in str(refusal.value)
    assert "\n" not in str(refusal.value) or error is QueryError
    with made.read() as tx:
        assert subscribers.everybody(tx) == []


def test_d5_a_person_has_so_many_subscriptions_each_of_a_name_of_its_own(desk):
    desk.subscribe(wish())
    with pytest.raises(UsageError, match="临空: this name is taken"):
        desk.subscribe(wish())
    desk.subscribe(wish(person="林"))
    desk.subscribe(wish(name="二"))
    desk.subscribe(wish(name="三"))
    desk.pause(ME, "三")
    with pytest.raises(UsageError, match="me: 3 subscriptions, the most"):
        desk.subscribe(wish(name="四"))
    desk.remove(ME, "三")
    desk.subscribe(wish(name="四"))


def test_addresses_that_no_subscription_is_told_at_leave_room_for_others(made, desk):
    desk.subscribe(wish(name="一", to=(f"{NTFY}-0",)))
    for number in range(1, 9):
        desk.edit(ME, "一", Change(to=(f"{NTFY}-{number}",)))
    desk.subscribe(wish(name="二", to=(f"{NTFY}-8", f"{NTFY}-9")))
    for ask in (
        lambda: desk.subscribe(wish(name="三", to=(f"{NTFY}-10",))),
        lambda: desk.edit(ME, "一", Change(otherwise=(f"{NTFY}-10",))),
    ):
        with pytest.raises(UsageError, match="me: 3 addresses, and 2 is the most"):
            ask()
    desk.remove(ME, "二")
    desk.subscribe(wish(name="三", to=(f"{NTFY}-10",)))
    assert [len(each.addresses) for each in overview(made)] == [1, 1]


def test_an_address_is_entered_once_for_all_subscriptions_of_a_person(made, desk):
    desk.subscribe(wish(name="一", to=(NTFY, NTFY), otherwise=(NTFY, BARK)))
    desk.subscribe(wish(name="二", to=(BARK,)))
    one, two = overview(made)
    assert [each.kind for each in one.addresses] == ["ntfy"]
    assert [each.kind for each in one.otherwise] == ["bark"]
    assert two.addresses == one.otherwise


def test_addresses_of_a_person_are_shown_apart_and_always_alike(made, home):
    desk = Desk(made, home, replace(PUBLIC, addresses_each=9), check=parsed)
    anna, alex = (f"mailto://post.example/?from=a@b.ex&to={name}@c.ex" for name in ("anna", "alex"))
    hooks = "json://a.example/1", "json://a.example/2"
    first = desk.subscribe(wish(to=(anna, hooks[0]), otherwise=(hooks[1],)))
    second = desk.subscribe(wish(name="二", to=(alex, *reversed(hooks))))
    shown = [each.shown for each in first.addresses]
    assert shown[:2] == ["a…@c.ex", "json://a.example/…"]
    assert re.fullmatch(r"json://a.example/… #[0-9a-f]{4}", shown[2])
    assert [each.shown for each in second.addresses] == ["a…x@c.ex", shown[2], shown[1]]
    other = desk.subscribe(wish(person="林", to=(alex,)))
    assert [each.shown for each in other.addresses] == ["a…@c.ex"]
    for name in ("临空", "二"):
        desk.remove(ME, name)
    third = desk.subscribe(wish(name="三", to=("json://a.example/3",)))
    fourth = desk.subscribe(wish(name="四", to=(hooks[0],)))
    assert [each.shown for each in third.addresses] == ["json://a.example/…"], "no other is used"
    assert fourth.addresses[0].shown != third.addresses[0].shown, "also where it is known already"
    [held] = [each for each in overview(made) if each.subscription.name == "四"]
    assert held.addresses == fourth.addresses


def test_an_e_mail_address_waits_until_it_is_confirmed(made, home):
    desk = Desk(made, home, PUBLIC, check=parsed)
    done = desk.subscribe(wish(to=(EMAIL,)))
    [waiting] = done.unconfirmed
    assert [each.state for each in done.addresses] == ["pending"]
    assert waiting.token not in repr(done)
    assert desk.subscribe(wish(name="二", to=(EMAIL,))).unconfirmed == (), "it was asked already"
    [again] = desk.ask_again(ME)
    assert desk.confirm(waiting.token) is None
    assert desk.confirm(again.token).state == "confirmed"
    assert desk.confirm(again.token).state == "confirmed"
    assert {each.addresses[0].state for each in overview(made)} == {"confirmed"}
    assert desk.ask_again(ME) == []


def test_nobody_is_asked_again_at_an_address_that_no_subscription_uses(made, home):
    desk = Desk(made, home, replace(PUBLIC, addresses_each=9), check=parsed)
    left, kept = EMAIL, EMAIL.replace("mailto://", "mailto://other-")
    desk.subscribe(wish(name="一", to=(left,)))
    desk.subscribe(wish(name="二", to=(left, kept)))
    desk.edit(ME, "二", Change(to=(NTFY,), otherwise=(kept,)))
    desk.remove(ME, "一")
    secrets = Secrets.of("", home.secret_key)
    [again] = desk.ask_again(ME)
    assert secrets.opened(again.address.sealed) == kept
    desk.subscribe(wish(name="三", to=(left,)))
    assert len(desk.ask_again(ME)) == 2


def test_an_address_that_ended_begins_anew(made, home):
    desk = Desk(made, home, PUBLIC, check=parsed)
    first = desk.subscribe(wish(name="一", to=(EMAIL, NTFY)))
    desk.confirm(first.unconfirmed[0].token)
    with made.write() as tx:
        for each in first.addresses:
            subscribers.end_address(tx, each.id)
    second = desk.subscribe(wish(name="二", to=(EMAIL, NTFY)))
    assert [each.state for each in second.addresses] == ["pending", "confirmed"]
    assert [each.id for each in second.addresses] == [each.id for each in first.addresses]
    assert len(second.unconfirmed) == 1


def test_it_is_paused_resumed_edited_and_removed(made, desk):
    desk.subscribe(wish())
    desk.pause(ME, "临空")
    assert overview(made)[0].subscription.state == "paused"
    desk.resume(ME, "临空")
    change = Change(query="渡口  复航", rhythm=Rhythm("hourly"))
    edited = desk.edit(ME, "临空", change).subscription
    [each] = overview(made)
    assert (each.subscription.query, each.subscription.rhythm) == ("渡口 复航", "hourly")
    assert edited.papers == ()
    with pytest.raises(QueryError):
        desk.edit(ME, "临空", Change(query="（渡口"))
    with pytest.raises(UsageError, match="nosuch"):
        desk.edit(ME, "临空", Change(papers=("nosuch",)))
    desk.remove(ME, "临空")
    for ask in (desk.pause, desk.resume, desk.remove):
        with pytest.raises(NoSuchSubscription, match="临空"):
            ask(ME, "临空")
        with pytest.raises(NoSuchSubscriber, match="林"):
            ask("林", "临空")
    with made.read() as tx, pytest.raises(NoSuchSubscription):
        one_held(tx, ME, "临空")


def waiting(made, done) -> list[int]:
    """Lets a match wait at every address of a subscription."""
    which = done.subscription.id
    with made.write() as tx:
        [match] = matched(tx, which, "hangzhou_daily/2023-12-15/A01/1")
        wanted = [
            Wanted(which, each.id, match, f"{which}-{each.id}", NOW, joins=False)
            for each in done.addresses
        ]
        outbox.put(tx, wanted, NOW)
    return [each.id for each in done.addresses]


def leased(made) -> list[int]:
    with made.write() as tx:
        return [each.address_id for each in leases.take(tx, NOW, NOW, 9)]


def test_nothing_more_is_sent_of_what_is_removed(made, desk):
    done = desk.subscribe(wish())
    waiting(made, done)
    desk.remove(ME, "临空")
    assert leased(made) == []


def test_what_waits_for_an_address_that_is_left_out_is_not_sent_there(made, desk):
    one, _two = waiting(made, desk.subscribe(wish(to=(NTFY, BARK))))
    done = desk.edit(ME, "临空", Change(to=(BARK,), otherwise=(NTFY,)))
    assert [each.kind for each in done.addresses] == ["bark", "ntfy"]
    done = desk.edit(ME, "临空", Change(to=(NTFY,), otherwise=()))
    assert leased(made) == [one]
    desk.edit(ME, "临空", Change(to=()))
    with made.read() as tx:
        assert routes_of(tx, [done.subscription.id]) == {}


def test_what_is_not_changed_stays(made, home):
    desk = Desk(made, home, PUBLIC, check=parsed)
    begun = desk.subscribe(wish(to=(NTFY,), otherwise=(EMAIL,)))
    ended, mail = begun.addresses
    with made.write() as tx:
        subscribers.end_address(tx, ended.id)
    done = desk.edit(ME, "临空", Change(name="经济"))
    assert [each.state for each in done.addresses] == ["ended", "pending"]
    kept = replace(done.subscription, name="临空", revision=0)
    assert kept == begun.subscription
    done = desk.edit(ME, "经济", Change(otherwise=()))
    assert [(each.id, each.state) for each in done.addresses] == [(ended.id, "ended")]
    done = desk.edit(ME, "经济", Change(otherwise=(EMAIL,)))
    assert [each.id for each in done.addresses] == [ended.id, mail.id]
    assert done.unconfirmed == ()
    done = desk.edit(ME, "经济", Change(to=(NTFY,)))
    assert [each.state for each in done.addresses] == ["confirmed", "pending"]
    with pytest.raises(UsageError, match="there is no first"):
        desk.edit(ME, "经济", Change(to=()))
    assert desk.edit(ME, "经济", Change()).addresses == done.addresses


def test_a_change_that_cannot_be_changes_nothing(made, desk):
    desk.subscribe(wish())
    desk.subscribe(wish(name="二", query="渡口"))
    before = overview(made)
    for change, said in (
        (Change(name="二", rhythm=Rhythm("hourly")), "二: this name is taken"),
        (Change(name="临 空"), "name '临 空'"),
        (Change(query="渡口", to=(EMAIL,)), "e-mail needs"),
        (Change(query="渡口", to=(NTFY, BARK, f"gotify://a/{CANARY}")), "3 addresses, and 2"),
    ):
        with pytest.raises(UsageError, match=said) as refusal:
            desk.edit(ME, "临空", change)
        assert CANARY not in str(refusal.value)
        assert CANARY not in repr(change)
    assert overview(made) == before


def test_a_person_may_have_other_hours_and_another_language(made, desk):
    with pytest.raises(NoSuchSubscriber):
        desk.person(ME, "en", None)
    desk.subscribe(wish())
    desk.person(ME, None, Quiet.parse("22:00-07:00"))
    assert desk.person(ME, "en", None).quiet == ("22:00", "07:00")
    desk.person(ME, None, "none")
    [each] = overview(made)
    assert (each.subscriber.quiet, each.subscriber.language) == (None, "en")


def test_another_key_is_said_so_before_anything_is_sealed_with_it(made, home, desk, monkeypatch):
    desk.subscribe(wish())
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", "another key, that is long enough")
    with pytest.raises(SecretsError, match="NEWSCRAWL_SECRET_KEY: not the key"):
        desk.subscribe(wish(name="二"))
    monkeypatch.delenv("NEWSCRAWL_SECRET_KEY")
    home.secret_key.unlink()
    with pytest.raises(SecretsError, match="missing"):
        desk.subscribe(wish(name="二"))
    assert not home.secret_key.exists()
    assert len(overview(made)) == 1


def test_no_address_is_in_a_repr_or_in_any_byte_of_the_home(made, home, caplog):
    desk = Desk(made, home, PUBLIC, check=parsed)
    asked = wish(to=(NTFY, EMAIL))
    done = desk.subscribe(asked)
    with pytest.raises(NewscrawlError):
        desk.subscribe(wish(name="二", to=(NTFY, EMAIL, BARK)))
    desk.edit(ME, "临空", Change(to=(EMAIL,), otherwise=(NTFY,)))
    seen = [repr(asked), repr(done), repr(overview(made)), caplog.text]
    assert [each for each in seen if CANARY in each] == []
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert home.catalogue in files
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []


@pytest.mark.parametrize(
    "url", ["nosuch://a/b", f"json://news.example/{CANARY}\n", f"json://127.0.0.1:9/{CANARY}"]
)
def test_an_address_that_nothing_can_be_sent_to_is_refused(made, home, url):
    desk = Desk(made, home, POLICY)
    with pytest.raises(UsageError) as refusal:
        desk.subscribe(wish(to=(url,)))
    assert CANARY not in str(refusal.value)
    assert overview(made) == []


def test_what_must_stand_in_an_article_is_derived_with_the_papers(made, desk):
    subscription = desk.subscribe(wish(papers=("hangzhou_daily",))).subscription
    asked = f"({subscription.query}) (paper:hangzhou_daily)"
    assert subscription.sieve == sieve(parse(asked)).text()
    edited = desk.edit(ME, subscription.name, Change(query="渡口", papers=()))
    assert edited.subscription.sieve == sieve(parse("渡口")).text()


def test_what_came_during_a_pause_is_no_news_afterwards(made, desk):
    subscription = desk.subscribe(wish()).subscription
    desk.pause(ME, subscription.name)
    record(made, article(91), article(92))
    desk.resume(ME, subscription.name)
    with made.read() as view:
        held = subscriptions.by_ids(view, [subscription.id])[subscription.id]
        assert held.state == "active"
        assert held.since_seq == versions.newest_seq(view) > subscription.since_seq
