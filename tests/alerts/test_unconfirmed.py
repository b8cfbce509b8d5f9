"""What comes before an address is confirmed: nothing is missed, told twice, or kept for ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from newscrawl import settings
from newscrawl.alerts import consent
from newscrawl.alerts.redirecting import redirect
from newscrawl.alerts.secrets import digest
from newscrawl.catalogue import arrears, subscribers, subscriptions
from newscrawl.catalogue.alert_schema import addresses, deliveries, delivery_matches
from newscrawl.catalogue.routes import Route, lay_routes
from newscrawl.pace import Pace
from newscrawl.text.dates import iso
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import Told, body_of
from tests.makers import article, catalogue, record
from tests.people import subscription
from tests.reports import FERRY

FIRST = article(1, paragraphs=[*FERRY])
REPRINT = replace(FIRST, paper="x", url="https://x.example/1", record_id="<urn:2>")
REPRINT_TOO = replace(FIRST, paper="y", url="https://y.example/1", record_id="<urn:3>")
PAPERS = {"hangzhou_daily": "杭州日报", "x": "都市快报", "y": "宁波日报"}


class Post:
    """A person with addresses at a sink, the first of which nobody has confirmed."""

    def __init__(self, root, sink):
        self.root, self.sink = root, sink
        self.told = Told(catalogue(root / "newscrawl.db", PAPERS))

    def url(self, place):
        return f"json://127.0.0.1:{self.sink.port}/{place}"

    def subscribe(self, *places, fallback="", waits="a", **more):
        """Told at these places, of which that one waits."""
        spare = self.url(fallback) if fallback else ""
        number = self.told.subscribe("渡口", *map(self.url, places), fallback=spare, **more)
        with self.told.catalogue.write() as tx:
            tx.execute(
                update(addresses)
                .where(addresses.c.id == self.place(tx, waits))
                .values(state="pending", confirmed=None, token=digest(waits))
            )
        return number

    def place(self, tx, name):
        mark = self.told.secrets.fingerprint(self.url(name))
        return tx.scalar(select(addresses.c.id).where(addresses.c.fingerprint == mark))

    def another(self, number, name, place, **more):
        """One more subscription of the person, told there."""
        with self.told.catalogue.write() as tx:
            who = subscriptions.by_ids(tx, [number])[number].subscriber_id
            at = self.place(tx, place) or self.told._address(tx, who, self.url(place))
            secrets = {"feed": self.told.secret(), "unsubscribe": self.told.secret()}
            return subscription(tx, who, name, (at,), query="渡口", **secrets, **more)

    def news(self, *items):
        """Record them; what is sent by now, by place."""
        record(self.told.catalogue, *items)
        self.told.match()
        return self.sent()

    def confirm(self, secret="a", now=None):
        with self.told.catalogue.write() as tx:
            assert consent.confirm(tx, secret, now or datetime.now(UTC))
        return self.sent()

    def sent(self):
        """The headlines of each message that has arrived since, by place."""
        before = len(self.sink.got)
        deliverer = self.told.deliverer(self.sink.allowed, Pace(self.root / "channels"))
        deliverer.run(0)
        deliverer.close()
        return [
            (one.split(b" ", 2)[1][1:].decode(), sorted(_numbers(one)))
            for one in self.sink.got[before:]
        ]

    def age(self, **ago):
        """Let what waits have been due so long ago."""
        then = iso(datetime.now(UTC) - timedelta(**ago))
        with self.told.catalogue.write() as tx:
            tx.execute(update(deliveries).values(slot=then, due=then))

    def rows(self):
        with self.told.catalogue.read() as view:
            return [
                view.scalar(select(func.count()).select_from(each))
                for each in (deliveries, delivery_matches)
            ]


def _numbers(request):
    return [int(item["headline"]["text"][1]) for item in body_of(request)["items"]]


@pytest.fixture
def post(tmp_path):
    with serving(answering()) as sink:
        made = Post(tmp_path, sink)
        yield made
        made.told.catalogue.close()


def test_who_confirms_gets_in_one_message_what_came_since_subscribing(post):
    post.subscribe("a")
    assert post.news(article(1), article(2)) == []
    post.age(hours=30)
    assert post.news(article(3)) == []
    assert post.confirm() == [("a", [1, 2, 3])]
    assert post.confirm() == [], "who presses the button twice"
    assert post.news(article(4)) == [("a", [4])]


def test_each_subscription_has_a_message_of_its_own(post):
    number = post.subscribe("a", papers=("杭州日报",))
    post.another(number, "别处", "a", papers=("都市快报",))
    other = article(2, paper="x", url="https://x.example/2")
    assert post.news(article(1), other, article(3)) == []
    assert sorted(post.confirm()) == [("a", [1, 3]), ("a", [2])]


def test_a_digest_that_is_not_due_yet_comes_when_it_is(post):
    post.subscribe("a", rhythm="daily 07:30")
    post.news(article(1))
    post.age(hours=30)
    post.news(article(2))
    assert post.confirm() == [("a", [1])]
    [waiting] = [each for each in post.told.outbox() if each.state == "waiting"]
    assert waiting.due > iso(datetime.now(UTC))


def test_a_confirmed_address_for_that_case_is_told_at_once(post):
    post.subscribe("a", fallback="b")
    assert post.news(article(1)) == [("b", [1])]
    assert post.confirm() == [], "it was told"
    assert post.news(article(2)) == [("a", [2])]


def test_an_address_beside_one_that_is_confirmed_gets_what_that_got(post):
    """Several are told alike."""
    post.subscribe("a", "b", fallback="c")
    assert post.news(FIRST) == [("b", [1])]
    assert post.news(REPRINT, article(2)) == [("b", [2])]
    assert post.confirm() == [("a", [1, 2])]


def test_a_story_is_told_once_whatever_came_while_nobody_had_heard_of_it(post):
    number = post.subscribe("a", papers=("杭州日报", "都市快报"))
    post.another(number, "又一", "a", papers=("杭州日报",))
    post.news(FIRST)
    post.news(REPRINT)
    assert post.confirm() == [("a", [1])]
    assert post.news(REPRINT_TOO) == []


def test_what_is_held_keeps_nothing_from_another_and_is_not_told_after_it(post):
    number = post.subscribe("a", papers=("杭州日报",))
    post.another(number, "别处", "b", papers=("都市快报",))
    assert post.news(FIRST) == []
    assert post.news(REPRINT, article(2)) == [("b", [1])]
    assert post.confirm() == [("a", [2])]


def test_what_is_held_goes_once_where_the_subscription_is_told_instead(post):
    number = post.subscribe("a", papers=("杭州日报",))
    post.another(number, "别处", "b", papers=("都市快报",))
    post.news(FIRST, article(2))
    assert post.news(REPRINT) == [("b", [1])]
    with post.told.catalogue.write() as tx:
        [place] = subscribers.addresses_by_ids(tx, [post.place(tx, "b")]).values()
        lay_routes(tx, number, [Route(number, place.id, fallback=False)])
        now = iso(datetime.now(UTC))
        redirect(tx, number, [place], [], (), post.told.secrets.fingerprint, now)
    assert post.sent() == [("b", [2])]


def test_nothing_is_gathered_for_ever_for_an_address_that_nobody_confirms(post):
    post.subscribe("a")
    for number in range(1, 10):
        post.news(article(number))
        post.age(hours=settings.DELIVERY_KEPT_HOURS + 1)
    assert post.rows() == [1, 1]
    post.news(article(9))
    with post.told.catalogue.write() as tx:
        arrears.forget(tx, iso(datetime.now(UTC)))
    assert post.rows() == [0, 0]


def test_who_sends_takes_it_away_too_and_nothing_of_others(post):
    """Also where nothing is matched any more."""
    post.subscribe("a")
    post.news(article(1))
    post.told.subscribe("渡口", post.url("b"))
    record(post.told.catalogue, article(2))
    post.told.match()
    post.age(hours=settings.DELIVERY_KEPT_HOURS + 1)
    record(post.told.catalogue, article(3))
    post.told.match()
    assert post.sent() == [("b", [3])]
    states = Counter((each.address_id, each.state) for each in post.told.outbox())
    assert states == {(1, "waiting"): 1, (2, "expired"): 1, (2, "sent"): 1}


def test_of_very_much_that_is_held_few_messages_are_made(post):
    post.subscribe("a")
    for number in range(1, 9):
        post.news(article(number))
    assert post.rows()[0] <= 2, "one for each hour"
    [(place, told)] = post.confirm()
    assert (place, told) == ("a", [*range(1, 9)])


def test_what_is_old_when_it_is_confirmed_is_not_told(post):
    post.subscribe("a")
    post.news(article(1))
    later = datetime.now(UTC) + timedelta(hours=settings.DELIVERY_KEPT_HOURS + 1)
    assert post.confirm(now=later) == []
    assert post.rows() == [0, 0]
