"""Nobody is told of an article twice, whatever is done to the home in between."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts import consent, matcher
from newscrawl.alerts.journal import Journal
from newscrawl.catalogue import heard, ledger, matches, sqlite, subscriptions
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.routes import Route, lay_routes, routes_of
from newscrawl.catalogue.subscriptions import Secret
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from newscrawl.pace import Pace
from newscrawl.text.dates import iso
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import Told, body_of, key_of
from tests.makers import NOW, article, catalogue, record
from tests.people import subscription
from tests.reports import FERRY, LIBRARY

PAPERS = {"hangzhou_daily": "杭州日报", "x": "都市快报"}


class House:
    """A home with somebody who is told at a sink; its catalogue may be put back to an older one."""

    def __init__(self, root, sink):
        self.home = Home(root)
        self.home.indexes.mkdir()
        self.sink = sink
        self.allowed = sink.allowed
        self.told = Told(catalogue(self.home.catalogue, PAPERS))

    def subscribe(self, **more):
        return self.told.subscribe("渡口", f"json://127.0.0.1:{self.sink.port}", **more)

    def news(self, *items):
        """Record articles, match them, send what is due; what of that was passed over."""
        record(self.told.catalogue, *items)
        self.told.match()
        return self.deliver().told

    def deliver(self, **policy):
        deliverer = self.told.deliverer(self.allowed, Pace(self.home.run), **policy)
        deliverer.run(0)
        deliverer.close()
        return deliverer.report

    def hasten(self):
        """Let digests be due now."""
        with self.told.catalogue.write() as tx:
            tx.execute(update(deliveries).values(due=iso(datetime.now(UTC) - timedelta(seconds=1))))

    def hasten_waiting(self):
        with self.told.catalogue.write() as tx:
            now = iso(datetime.now(UTC) - timedelta(seconds=1))
            tx.execute(update(deliveries).where(deliveries.c.state == "waiting").values(due=now))

    def back_up(self):
        sqlite.back_up(self.home.catalogue, self.home.root / "backup")

    def restore(self):
        self.told.catalogue.close()
        for path in self.home.root.glob("newscrawl.db*"):
            path.unlink()
        shutil.copy(self.home.root / "backup", self.home.catalogue)
        self.told.catalogue = Catalogue.open(self.home.catalogue)

    def subscribe_too(self, number, query):
        """One more subscription of whoever has that one, told where it is told."""
        with self.told.catalogue.write() as tx:
            of = subscriptions.by_ids(tx, [number])[number]
            place = routes_of(tx, [number])[number][0].address_id
            secrets = {"feed": self.told.secret(), "unsubscribe": self.told.secret()}
            subscription(tx, of.subscriber_id, query, (place,), query=query, **secrets)

    def states(self):
        return [(each.state, each.error) for each in self.told.outbox()]

    def noted(self):
        """Bytes in the journal."""
        return sum(path.stat().st_size for path in self.home.told.iterdir())

    def headlines(self):
        return [item["headline"]["text"] for one in self.sink.got for item in body_of(one)["items"]]


@pytest.fixture
def house(tmp_path):
    with serving(answering()) as sink:
        made = House(tmp_path, sink)
        yield made
        made.told.catalogue.close()


EDITED = [*article().paragraphs, "渡口今日更正：首班船载客九人。"]
AGAIN = {
    "crawled again": article(snapshot_time=NOW.replace("00:45", "02:45"), record_id="<urn:2>"),
    "edited": article(paragraphs=EDITED, record_id="<urn:2>"),
    "under a variant of its URL": article(url=f"{article().url}?from=x", record_id="<urn:2>"),
    "under another URL": article(url="http://example.com/m/1.html", record_id="<urn:2>"),
    "in another paper": article(paper="x", url="https://x.example/1", record_id="<urn:2>"),
}  # fmt: skip


@pytest.mark.parametrize("how", AGAIN)
def test_h5_an_article_that_comes_again_is_told_once(house, how):
    house.subscribe()
    house.news(article())
    house.news(AGAIN[how])
    house.news(AGAIN[how], article(9, record_id="<urn:9>"))
    assert house.headlines() == ["第1号渡口恢复通航", "第9号渡口恢复通航"]


def test_h5_an_index_that_is_built_anew_tells_nothing(house):
    house.subscribe()
    house.news(article())
    rebuild(Store.of(house.home), house.told.catalogue)
    house.news()
    assert len(house.sink.got) == 1


def test_h5_a_backup_that_is_put_back_tells_nothing_again(house):
    house.subscribe()
    house.news(article(1))
    house.back_up()
    house.news(article(2))
    house.news(article(3))
    house.restore()
    assert house.news(article(3), article(2)) == 2
    assert house.news(article(4)) == 0
    assert house.headlines() == [f"第{number}号渡口恢复通航" for number in (1, 2, 3, 4)]
    passed = ("cancelled", "told before")
    assert house.states() == [("sent", None), passed, passed, ("sent", None)]
    with house.told.catalogue.read() as view:
        assert len(list(ledger.sent_since(view, ""))) == 2, "what was not sent took no time"


def test_h5_what_was_not_sent_before_a_backup_was_put_back_is_sent(house):
    house.subscribe()
    house.back_up()
    record(house.told.catalogue, article(1))
    house.told.match()
    house.restore()
    assert house.news(article(1)) == 0
    assert house.headlines() == ["第1号渡口恢复通航"]


def test_h5_a_number_that_is_given_anew_suppresses_nothing(house):
    """What comes first after the backup has the numbers of what came first before."""
    house.subscribe()
    house.back_up()
    house.news(article(1))
    house.restore()
    assert house.news(article(2)) == 0
    keys = [key_of(one) for one in house.sink.got]
    assert len(set(keys)) == len(keys) == 2


@pytest.mark.parametrize("late", [False, True])
def test_h5_a_reprint_is_not_told_after_a_backup_was_put_back(house, late):
    """Also where it comes first now, and whether or not the story was sent when it came."""
    house.subscribe()
    house.back_up()
    first = article(1, paragraphs=[*FERRY])
    reprint = replace(first, paper="x", url="https://x.example/1", record_id="<urn:2>")
    house.news(*([first] if late else [first, reprint]))
    house.news(*([reprint] if late else []))
    house.restore()
    assert house.news(reprint) == 1
    assert house.news(first) == 0
    assert len(house.sink.got) == 1


def test_h5_of_a_digest_only_what_is_new_is_told_under_a_key_of_its_own(house):
    house.subscribe(rhythm="hourly")
    house.back_up()
    record(house.told.catalogue, article(1), article(2))
    house.told.match()
    house.hasten()
    assert house.deliver().sent == 1
    house.restore()
    record(house.told.catalogue, *map(article, (1, 2, 3)))
    house.told.match()
    house.hasten()
    assert (house.deliver().told, house.deliver().sent) == (1, 0)
    assert house.headlines() == [f"第{number}号渡口恢复通航" for number in (1, 2, 3)]
    keys = [key_of(one) for one in house.sink.got]
    assert len(set(keys)) == 2


def test_what_has_arrived_of_a_message_in_parts_is_in_no_other(house):
    """Where the journal knows another article of the same message."""
    house.subscribe(rhythm="hourly")
    record(house.told.catalogue, *map(article, (1, 2, 3)))
    house.told.match()
    with house.told.catalogue.write() as tx:
        told = [each.id for each in matches.of_deliveries(tx, [1])[1]]
        values = {"division": [[each] for each in told], "parts": 1}
        tx.execute(update(deliveries).values(**values))
        known = heard.of_deliveries(tx, [1])[1][told[2]].told
    house.told.journal().note({known})
    house.hasten()
    assert (house.deliver().told, house.deliver().sent) == (1, 0)
    assert house.headlines() == ["第2号渡口恢复通航"]


def test_h5_without_the_journal_the_same_is_sent_under_the_same_key(house):
    """Where all of the home is put back: the receiver can tell."""
    house.subscribe()
    house.back_up()
    house.news(article(1), article(2))
    house.restore()
    shutil.rmtree(house.home.told)
    house.news(article(2), article(1))
    keys = [key_of(one) for one in house.sink.got]
    assert len(keys) == 4
    assert set(keys[:2]) == set(keys[2:])


def test_h5_two_people_at_one_webhook_are_both_told(house):
    house.subscribe()
    house.back_up()
    house.news(article(1))
    house.restore()
    house.subscribe()
    assert house.news(article(1)) == 1
    assert len(house.sink.got) == 2


def test_what_was_sent_and_noted_in_the_journal_only_is_not_sent_again(house, monkeypatch):
    """The process was killed between the two."""
    house.subscribe()
    record(house.told.catalogue, article(1))
    house.told.match()
    deliverer = house.told.deliverer(house.sink.allowed, Pace(house.home.run), lease=-1.0)
    with monkeypatch.context() as patch:
        patch.setattr("newscrawl.alerts.delivering.leases.sent", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            deliverer.run(0)
    assert house.deliver().told == 1
    assert len(house.sink.got) == 1
    assert house.states() == [("cancelled", "told before")]


FIRST = article(1, paragraphs=[*FERRY])
REPRINT = replace(FIRST, paper="x", url="https://x.example/1", record_id="<urn:2>")
REWRITTEN = replace(REPRINT, paragraphs=[*LIBRARY, "昨夜暴雨。"], record_id="<urn:3>")


def test_a_reprint_that_becomes_another_report_is_told(house):
    """Its text before was not told, because it was a reprint; this one is."""
    number = house.subscribe()
    house.subscribe_too(number, "暴雨")
    house.news(FIRST)
    assert house.news(REPRINT) == 0
    assert house.news(REWRITTEN) == 0
    with house.told.catalogue.read() as view:
        told = matches.of_deliveries(view, [each.id for each in house.told.outbox()])
    assert [(each.kind, each.seq) for of in told.values() for each in of] == [
        ("new", 1),
        ("edited", 3),
    ]
    assert len(house.sink.got) == 2


def elsewhere(house, number, url, **more):
    """One more subscription of that person, to what the other paper prints, told at this URL."""
    told = house.told
    with told.catalogue.write() as tx:
        who = subscriptions.by_ids(tx, [number])[number].subscriber_id
        secrets = {"feed": told.secret(), "unsubscribe": told.secret()}
        place = told._address(tx, who, url)
        subscription(tx, who, "别处", (place,), query="渡口", papers=("x",), **secrets, **more)


def test_a_story_whose_message_never_arrived_does_not_silence_its_reprints(house):
    with serving(answering("410 Gone")) as gone:
        house.allowed = AllowedPrivate(house.allowed.pairs | gone.allowed.pairs)
        number = house.told.subscribe(
            "渡口", f"json://127.0.0.1:{gone.port}", papers=("hangzhou_daily",)
        )
        elsewhere(house, number, f"json://127.0.0.1:{house.sink.port}/b")
        house.news(FIRST)
        house.news(REPRINT)
    assert [state for state, _error in house.states()] == ["dead", "sent"]
    assert len(house.sink.got) == 1
    house.news(another(list(FERRY)))
    assert len(house.sink.got) == 1, "now it is heard"


@pytest.mark.parametrize("rhythm", ["at once", "daily 08:00"])
def test_what_could_not_be_told_is_told_by_another_where_both_match_the_reprint(house, rhythm):
    """The one whose message has died comes after it, also where it would be told sooner."""
    with serving(answering("410 Gone")) as gone:
        house.allowed = AllowedPrivate(house.allowed.pairs | gone.allowed.pairs)
        number = house.told.subscribe("渡口", f"json://127.0.0.1:{gone.port}")
        elsewhere(house, number, f"json://127.0.0.1:{house.sink.port}/b", rhythm=rhythm)
        house.news(FIRST)
        house.news(REPRINT)
        house.hasten_waiting()
        house.deliver()
    assert [state for state, _error in house.states()] == ["dead", "sent"]
    assert len(house.sink.got) == 1


def test_a_story_of_a_digest_that_was_cancelled_does_not_silence_its_reprints(house):
    number = house.subscribe(rhythm="daily 08:00")
    elsewhere(house, number, f"json://127.0.0.1:{house.sink.port}/b")
    house.news(FIRST)
    with house.told.catalogue.write() as tx:
        consent.end(tx, subscriptions.by_ids(tx, [number])[number])
    house.news(REPRINT)
    assert house.states() == [("cancelled", "unsubscribed"), ("sent", None)]


def test_a_story_that_was_gathered_into_another_message_is_heard(house):
    """What it waited in is cancelled, and the other tells it."""
    house.subscribe()
    record(house.told.catalogue, article(5), FIRST)
    house.told.match()
    with house.told.catalogue.write() as tx:
        then = iso(datetime.now(UTC) - timedelta(hours=1))
        tx.execute(update(deliveries).values(slot=then, due=then))
    house.deliver()
    assert [state for state, _error in house.states()] == ["sent", "cancelled"]
    house.news(REPRINT)
    assert len(house.headlines()) == len(set(house.headlines())) == 2


def test_what_was_told_before_a_backup_was_put_back_is_heard(house):
    house.subscribe()
    house.back_up()
    house.news(FIRST)
    house.restore()
    assert house.news(FIRST) == 1
    house.news(REPRINT)
    assert house.states() == [("cancelled", "told before")]
    assert len(house.sink.got) == 1


def test_a_reprint_is_noted_once_its_match_is_written_and_not_before(house, monkeypatch):
    house.subscribe()
    house.news(FIRST)
    before = house.noted()
    record(house.told.catalogue, REPRINT)
    write = Catalogue.write

    @contextmanager
    def failing(self):
        with write(self) as tx:
            yield tx
            raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Catalogue, "write", failing)
        with pytest.raises(ZeroDivisionError):
            house.told.match()
    assert house.noted() == before
    house.told.match()
    assert house.noted() == before + 8


def test_nobody_waits_for_the_journal_to_be_on_the_disk(house, monkeypatch):
    """While it is written the catalogue is not locked."""
    writing, noted = [], []
    write, note = Catalogue.write, Journal.note

    @contextmanager
    def watched(self):
        with write(self) as tx:
            writing.append(tx)
            yield tx
        writing.remove(tx)

    def noting(self, told):
        assert not writing
        noted.extend(told)
        note(self, told)

    monkeypatch.setattr(Catalogue, "write", watched)
    monkeypatch.setattr(Journal, "note", noting)
    house.subscribe()
    house.news(FIRST, REPRINT)
    house.news(article(5, paragraphs=[*FERRY]))
    assert len(noted) == 3


def another(paragraphs, **changes):
    """The same article in the other paper."""
    changes = {"paper": "x", "url": "https://x.example/2", "record_id": "<urn:x2>"} | changes
    return article(2, paragraphs=paragraphs, **changes)


def test_a_matcher_that_ends_between_slices_keeps_nobody_from_hearing(house, monkeypatch):
    """What was matched for a feed only is not heard, when it is met again after an edit."""
    told = house.told
    number = told.subscribe("恢复", f"json://127.0.0.1:{house.sink.port}", who="王", papers=("x",))
    with told.catalogue.write() as tx:
        wanted = subscriptions.by_ids(tx, [number])[number]
        [route] = routes_of(tx, [number])[number]
        own = {"feed": Secret("f", "f"), "unsubscribe": Secret("u", "u")}
        only = {"query": "渡口", "papers": ("hangzhou_daily",), **own}
        feed = subscription(tx, wanted.subscriber_id, "只看订阅源", (), **only)
    record(told.catalogue, article(1, paragraphs=list(FERRY)), another(list(FERRY)))
    monkeypatch.setattr(matcher, "SLICE", 1)
    tell, calls = matcher.tell, iter(range(9))

    def ends(*given):
        if next(calls) == 1:
            raise KeyboardInterrupt
        return tell(*given)

    monkeypatch.setattr(matcher, "tell", ends)
    with pytest.raises(KeyboardInterrupt):
        told.match()
    with told.catalogue.write() as tx:
        lay_routes(tx, feed, [Route(feed, route.address_id, fallback=False)])
    told.match()
    assert house.deliver().sent == 1
