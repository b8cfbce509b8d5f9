"""What is due is sent, at least once and in order, whatever the other side does."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts import composing, delivering, errand
from newscrawl.alerts.channels.limits import limits
from newscrawl.alerts.links import Links
from newscrawl.alerts.secrets import Secrets, SecretsError
from newscrawl.catalogue import letters, subscribers, subscriptions
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.routes import Route, lay_routes, routes_of
from newscrawl.pace import Pace
from newscrawl.text.dates import SHANGHAI, iso
from tests.alerts.channels.sinks import answering, request, serving
from tests.alerts.sent import KEY, Told, body_of, key_of
from tests.makers import article, catalogue, record


@pytest.fixture
def told(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    yield Told(made)
    made.close()


@pytest.fixture
def pace(tmp_path):
    return Pace(tmp_path / "channels")


def deliver(told, sink, pace, **policy):
    deliverer = told.deliverer(sink.allowed, pace, **policy)
    deliverer.run(0)
    deliverer.close()
    return deliverer.report


def failing(times, status="503 Unavailable"):
    """A server that fails so often before it takes anything."""
    left = [times]

    def talk(sink, connection):
        got = request(connection)
        if left[0]:
            left[0] -= 1
            connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        sink.got.append(got)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    return talk


def test_what_matched_arrives_with_its_key_passage_and_links(told, pace):
    told.links = Links.parse("https://news.example.org")
    with serving(answering()) as sink:
        told.subscribe("渡口 恢复", f"json://127.0.0.1:{sink.port}/hook")
        record(told.catalogue, article(1))
        told.match()
        assert deliver(told, sink, pace).sent == 1
    (got,) = sink.got
    (delivery,) = told.outbox()
    assert key_of(got) == delivery.key
    assert delivery.state == "sent"
    assert delivery.sent
    text = json.dumps(body_of(got), ensure_ascii=False)
    assert "第1号渡口恢复通航" in text
    assert "首班船载客7人" in text
    assert "https://news.example.org/s/hangzhou_daily/2023-12-15/A01/1/1" in text
    assert article(1).url in text
    assert "https://news.example.org/u/token" in text


def test_h1_what_was_matched_before_a_crash_is_sent_by_the_next_run(told, pace):
    with serving(answering()) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        record(told.catalogue, article(1))
        told.match()
        assert [each.state for each in told.outbox()] == ["waiting"]
        assert deliver(told, sink, pace).sent == 1
        assert deliver(told, sink, pace).sent == 0
    assert len(sink.got) == 1


def test_what_fails_is_tried_again_later_with_the_same_key(told, pace):
    with serving(failing(1)) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        record(told.catalogue, article(1))
        told.match()
        report = deliver(told, sink, pace, first_retry=3600)
        assert (report.sent, report.later) == (0, 1)
        (waiting,) = told.outbox()
        assert waiting.state == "waiting"
        assert waiting.due > waiting.slot
        assert waiting.error
        deliverer = told.deliverer(sink.allowed, pace)
        assert not deliverer.due_within(60)
        assert deliverer.due_within(2 * 3600)
        deliverer.close()


def test_retries_go_on_until_it_arrives(told, pace):
    with serving(failing(3)) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        record(told.catalogue, article(1))
        told.match()
        deliverer = told.deliverer(sink.allowed, pace, first_retry=0.01)
        deliverer.run(5)
        deliverer.close()
    assert len(sink.got) == 1
    assert deliverer.report.later == 3
    (delivery,) = told.outbox()
    assert (delivery.state, delivery.attempts) == ("sent", 4)


def test_order_is_kept_and_a_dead_letter_lets_the_next_pass(told, pace):
    with serving(failing(2)) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        for number in (1, 2, 3):
            record(told.catalogue, article(number))
            told.match()
        deliverer = told.deliverer(sink.allowed, pace, first_retry=0.01, tries=2)
        deliverer.run(5)
        deliverer.close()
    first, second, third = told.outbox()
    assert (first.state, second.state, third.state) == ("dead", "sent", "sent")
    assert [key_of(each) for each in sink.got] == [second.key, third.key]
    assert deliverer.report.dead == 1
    assert deliverer.report.errors


def test_what_is_refused_goes_to_the_address_for_that_case(told, pace):
    with serving(answering("410 Gone")) as gone, serving(answering()) as spare:
        told.subscribe(
            "渡口", f"json://127.0.0.1:{gone.port}", fallback=f"json://127.0.0.1:{spare.port}"
        )
        record(told.catalogue, article(1))
        told.match()
        both = told.deliverer(AllowedPrivate(spare.allowed.pairs | gone.allowed.pairs), pace)
        both.run(0)
        both.close()
    assert [each.state for each in told.outbox()] == ["dead", "sent"]
    assert len(spare.got) == 1


def test_h4_one_bad_address_stops_nobody_else(told, pace):
    with serving(answering("410 Gone")) as gone, serving(answering()) as good:
        told.subscribe("渡口", f"json://127.0.0.1:{gone.port}")
        told.subscribe("渡口", f"json://127.0.0.1:{good.port}")
        for number in (1, 2):
            record(told.catalogue, article(number))
            told.match()
        both = told.deliverer(AllowedPrivate(gone.allowed.pairs | good.allowed.pairs), pace)
        both.run(0)
        both.close()
    assert len(good.got) == 2
    assert len(gone.got) == 2, "the dead one lets the next pass"
    assert sorted(each.state for each in told.outbox()) == ["dead", "dead", "sent", "sent"]
    assert {each.error for each in told.outbox() if each.state == "dead"} == {"answered 410"}


def test_papers_that_are_damaged_stop_nobody(told, pace):
    with serving(answering()) as sink:
        damaged, sound = (
            told.subscribe("渡口", f"json://127.0.0.1:{sink.port}/{each}", who=each)
            for each in ("a", "b")
        )
        record(told.catalogue, article(1))
        told.match()
        with told.catalogue.write() as tx:
            statement = text("UPDATE subscriptions SET papers = '{x' WHERE id = :id")
            tx.execute(statement, {"id": damaged})
        record(told.catalogue, article(2))
        told.match()
        report = deliver(told, sink, pace)
    assert (report.sent, report.dead) == (3, 0), "what it matched while it could be read is sent"
    counts = Counter(each.subscription_id for each in told.outbox())
    assert counts == {damaged: 1, sound: 2}


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("120", 119, 400), ("99999999", 6 * 3600 - 5, 6 * 3600 + 5), ("-5", 0, 60)],
)
def test_h9_the_time_that_is_asked_for_is_kept_within_bounds(told, pace, asked, least, most):
    with serving(answering("429 Too Many", f"Retry-After: {asked}")) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        record(told.catalogue, article(1))
        told.match()
        now = datetime.now(UTC)
        assert deliver(told, sink, pace, first_retry=1).later == 1
    (waiting,) = told.outbox()
    after = (datetime.fromisoformat(waiting.due) - now).total_seconds()
    assert least <= after <= most


def asking_to_wait(seconds, until):
    """A server that asks for time, and after so many requests takes everything."""

    def talk(sink, connection):
        sink.got.append(request(connection))
        status = "429 Too Many" if len(sink.got) <= until else "200 OK"
        head = f"HTTP/1.1 {status}\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())

    return talk


def test_h9_the_time_that_is_asked_for_is_kept_by_all_that_goes_there(told, pace, tmp_path):
    with serving(asking_to_wait(3600, 99)) as busy, serving(answering()) as other:
        allowed = AllowedPrivate(busy.allowed.pairs | other.allowed.pairs)
        for name in ("a", "b", "c"):
            told.subscribe("渡口", f"json://127.0.0.1:{busy.port}", who=name)
        told.subscribe("渡口", f"json://127.0.0.1:{other.port}")
        record(told.catalogue, article(1))
        told.match()
        for run in (1, 2):
            deliverer = told.deliverer(allowed, Pace(tmp_path / f"{run}"), in_flight=1)
            deliverer.run(0)
            assert not deliverer.due_within(3000)
            assert deliverer.due_within(3700)
            deliverer.close()
    assert (len(busy.got), len(other.got)) == (1, 1)
    states = Counter((each.state, each.attempts) for each in told.outbox())
    assert states == {("waiting", 1): 1, ("waiting", 0): 2, ("sent", 1): 1}


def test_h9_after_that_time_everything_goes_there(told, pace):
    with serving(asking_to_wait(1, 2)) as sink:
        for name in ("a", "b", "c"):
            told.subscribe("渡口", f"json://127.0.0.1:{sink.port}", who=name)
        record(told.catalogue, article(1))
        told.match()
        deliverer = told.deliverer(sink.allowed, pace, first_retry=0.01, in_flight=1)
        deliverer.run(10)
        deliverer.close()
    assert len(sink.got) == 5
    assert (deliverer.report.sent, deliverer.report.later) == (3, 2)


def test_h3_after_an_outage_comes_a_digest_and_old_news_expires(told, pace, monkeypatch):
    with serving(answering()) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        for number in range(1, 9):
            record(told.catalogue, article(number))
            told.match()
        moved = {1: 100 * 3600, **dict.fromkeys(range(2, 8), 3600), 8: 0}
        backdate(told, moved)
        report = deliver(told, sink, pace)
    assert (report.sent, report.expired) == (1, 1)
    states = [each.state for each in told.outbox()]
    assert states == ["expired", "sent", *["cancelled"] * 6]
    text = json.dumps(body_of(sink.got[0]), ensure_ascii=False)
    assert all(f"第{number}号渡口" in text for number in range(2, 9))
    assert "第1号渡口" not in text


def backdate(told, seconds):
    """Let deliveries have been due so long ago."""
    with told.catalogue.write() as tx:
        for number, ago in seconds.items():
            then = iso(datetime.now(UTC) - timedelta(seconds=ago))
            tx.execute(
                update(deliveries).where(deliveries.c.id == number).values(slot=then, due=then)
            )


def test_h8_what_is_taken_down_before_it_is_sent_is_told_to_nobody(told, pace):
    with serving(failing(1)) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        first, _second, third = record(told.catalogue, *map(article, (1, 2, 3)))
        told.match()
        assert deliver(told, sink, pace, first_retry=3600).later == 1
        with told.catalogue.write() as tx:
            assert letters.cancel_of_article(tx, first.article_id, "taken down") == 1
            assert letters.cancel_of_article(tx, third.article_id, "taken down") == 1
        assert deliver(told, sink, pace).sent == 1
    (got,) = sink.got
    text = json.dumps(body_of(got), ensure_ascii=False)
    assert "第2号渡口" in text
    assert "第1号渡口" not in text
    assert "第3号渡口" not in text
    assert [each.state for each in told.outbox()] == ["cancelled", "sent", "cancelled"]


def test_h8_what_is_taken_down_once_a_digest_is_composed_is_left_out(told, pace, monkeypatch):
    """It may wait for its turn at its channel for minutes."""
    with serving(answering()) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        first, _second = record(told.catalogue, article(1), article(2))
        told.match()
        backdate(told, {1: 3600, 2: 3600})
        gone = iter((first, None))

        def limited(url):
            if taken := next(gone):
                with told.catalogue.write() as tx:
                    letters.cancel_of_article(tx, taken.article_id, "taken down")
            return limits(url)

        monkeypatch.setattr(errand, "limits", limited)
        report = deliver(told, sink, pace)
    assert (report.sent, report.later, report.dead) == (1, 0, 0)
    (got,) = sink.got
    assert [item["headline"]["text"] for item in body_of(got)["items"]] == ["第2号渡口恢复通航"]
    assert (told.outbox()[0].state, told.outbox()[0].attempts) == ("sent", 1)


def test_h8_what_is_all_taken_down_once_it_is_composed_is_not_sent(told, pace, monkeypatch):
    with serving(answering()) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        (only,) = record(told.catalogue, article(1))
        told.match()

        def limited(url):
            with told.catalogue.write() as tx:
                letters.cancel_of_article(tx, only.article_id, "taken down")
            return limits(url)

        monkeypatch.setattr(errand, "limits", limited)
        assert deliver(told, sink, pace).sent == 0
    assert sink.got == []
    assert [(each.state, each.error) for each in told.outbox()] == [("cancelled", "taken down")]


def test_a_paused_subscription_waits_and_one_removed_meanwhile_is_not_told(told, pace):
    with serving(answering()) as sink:
        number = told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        record(told.catalogue, article(1))
        told.match()
        with told.catalogue.write() as tx:
            held = subscriptions.by_ids(tx, [number])[number]
            subscriptions.change(tx, replace(held, state="paused"))
        assert deliver(told, sink, pace).sent == 0
        with told.catalogue.write() as tx:
            subscriptions.change(tx, held)
        assert deliver(told, sink, pace).sent == 1


def test_what_waits_for_a_retry_before_it_is_not_due(told, pace):
    with serving(failing(1)) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        for number in (1, 2):
            record(told.catalogue, article(number))
            told.match()
        report = deliver(told, sink, pace, first_retry=3600)
        assert (report.sent, report.later) == (0, 1)
        assert not told.deliverer(sink.allowed, pace).due_within(60)


def test_addresses_for_that_case_have_none_themselves(told, pace):
    with serving(answering("410 Gone")) as gone:
        urls = [f"json://127.0.0.1:{gone.port}/{number}" for number in range(3)]
        number = told.subscribe("渡口", urls[0], fallback=urls[1])
        with told.catalogue.write() as tx:
            held = routes_of(tx, [number])[number]
            me = subscriptions.by_ids(tx, [number])[number].subscriber_id
            third = Route(number, told._address(tx, me, urls[2]), fallback=True)
            lay_routes(tx, number, [*held, third])
        record(told.catalogue, article(1))
        told.match()
        assert deliver(told, gone, pace).dead == 3
    assert [each.state for each in told.outbox()] == ["dead"] * 3


def test_nobody_is_told_in_the_quiet_hours_whatever_was_due(told, pace, monkeypatch):
    with serving(answering()) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        record(told.catalogue, article(1))
        told.match()
        clock = datetime.now(SHANGHAI)
        quiet = [(clock + timedelta(hours=hours)).strftime("%H:%M") for hours in (-1, 2)]
        with told.catalogue.write() as tx:
            [person] = subscribers.everybody(tx)
            subscribers.change(tx, replace(person, quiet=tuple(quiet)))
        assert deliver(told, sink, pace).sent == 0
        (waiting,) = told.outbox()
        assert (waiting.state, waiting.attempts) == ("waiting", 0)
        assert timedelta(hours=1) < datetime.fromisoformat(waiting.due) - clock < timedelta(hours=3)
        with told.catalogue.write() as tx:
            subscribers.change(tx, person)
        assert deliver(told, sink, pace).sent == 0, "it is due in the morning"
    assert sink.got == []


def test_what_fails_in_our_own_code_befalls_one_message(told, pace, monkeypatch):
    with serving(answering()) as sink:
        for number in range(3):
            told.subscribe("渡口", f"json://127.0.0.1:{sink.port}/{number}")
        record(told.catalogue, article(1))
        told.match()
        sends = iter([ValueError("no room"), None, None])

        def send(*given, **more):
            if error := next(sends):
                raise error
            return real(*given, **more)

        real = delivering.send
        monkeypatch.setattr(delivering, "send", send)
        report = deliver(told, sink, pace)
    assert (report.sent, report.later) == (2, 1)
    assert report.errors == {"failed here: ValueError": 1}


def two(told, sink):
    """Two people, each of whom an article waits for."""
    for query in ("第1号", "第2号"):
        told.subscribe(query, f"json://127.0.0.1:{sink.port}/{query}")
    record(told.catalogue, article(1), article(2))
    told.match()


def test_h4_what_cannot_be_composed_befalls_one_message(told, pace, monkeypatch):
    real = composing.mark

    def mark(node, said, field):
        if "第1号" in said:
            raise ValueError("no room")
        return real(node, said, field)

    with serving(answering()) as sink:
        two(told, sink)
        monkeypatch.setattr(composing, "mark", mark)
        report = deliver(told, sink, pace)
    assert (report.sent, report.later) == (1, 1)
    assert report.errors == {"failed here: ValueError": 1}
    assert [(each.state, each.attempts) for each in told.outbox()] == [("waiting", 1), ("sent", 1)]


def test_h4_an_article_that_cannot_be_read_befalls_one_message(told, pace):
    with serving(answering()) as sink:
        two(told, sink)
        with told.catalogue.write() as tx:
            tx.execute(text("UPDATE versions SET fields = '{x' WHERE seq = 1"))
        report = deliver(told, sink, pace)
    assert (report.sent, report.later) == (1, 1)
    assert report.errors == {"failed here: JSONDecodeError": 1}
    assert [(each.state, each.attempts) for each in told.outbox()] == [("waiting", 1), ("sent", 1)]


def test_h4_a_damaged_address_befalls_its_own_messages(told, pace):
    with serving(answering()) as sink:
        two(told, sink)
        with told.catalogue.write() as tx:
            tx.execute(text("UPDATE addresses SET sealed = 'x' WHERE id = 1"))
        report = deliver(told, sink, pace)
    assert (report.sent, report.later) == (1, 1)
    assert report.errors == {"failed here: SecretsError": 1}


@pytest.mark.parametrize("links", [None, Links.parse("https://news.example.org")])
def test_another_key_stops_everything_says_so_and_costs_no_attempt(told, pace, links):
    told.links = links
    with serving(answering()) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        record(told.catalogue, article(1))
        told.match()
        told.secrets = Secrets("f" * 64, "another")
        with pytest.raises(SecretsError, match="another"):
            deliver(told, sink, pace)
        (waiting,) = told.outbox()
        assert (waiting.state, waiting.attempts) == ("waiting", 0)
        told.secrets = Secrets(KEY, "the right one")
        assert deliver(told, sink, pace).sent == 1
