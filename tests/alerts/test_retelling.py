"""A reprint that was silent because of a message that has died is heard all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from newscrawl.addresses import AllowedPrivate
from newscrawl.catalogue import letters, matches, subscriptions
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.alert_schema import matches as matched
from newscrawl.catalogue.schema import versions
from newscrawl.text.dates import iso
from tests.alerts.channels.sinks import answering, request, serving
from tests.alerts.sent import body_of
from tests.alerts.test_once import FIRST, REPRINT, House, elsewhere
from tests.makers import article, record


def reprint(number):
    """One more, on a page of its own."""
    url, record_id = f"https://x.example/{number}", f"<urn:{number}>"
    return replace(REPRINT, url=url, page=f"A0{number}", record_id=record_id)


THIRD = reprint(7)


@pytest.fixture
def house(tmp_path):
    """Its server answers in turn what is in `says`, and then always 200."""
    says = []

    def talk(sink, connection):
        sink.got.append(request(connection))
        status = says.pop(0) if says else "200 OK"
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    with serving(talk) as sink:
        made = House(tmp_path, sink)
        made.says = says
        yield made
        made.told.catalogue.close()


def arrives(house, *items):
    """Recorded and matched while nobody sends."""
    for each in items:
        record(house.told.catalogue, each)
        house.told.match()


def states(house):
    return [state for state, _error in house.states()]


def told(house):
    return [item for one in house.sink.got for item in body_of(one)["items"]]


@pytest.mark.parametrize(("status", "tries"), [("503 Busy", 1), ("410 Gone", 20)])
def test_the_newest_tells_the_story_when_its_message_has_died(house, status, tries):
    house.subscribe()
    arrives(house, FIRST, REPRINT, THIRD)
    house.says.append(status)
    house.deliver(tries=tries)
    assert states(house) == ["dead", "sent"]
    last = told(house)[-1]
    assert (last["page"][:3], last["paper"], last["kind"]) == ("A07", "都市快报", "new")
    assert last["also"] == ["杭州日报"]
    assert house.news(reprint(8)) == 0
    assert len(house.sink.got) == 2, "now it is heard"


def test_it_ends_with_the_newest_and_begins_again_with_the_next_that_comes(house):
    house.subscribe()
    arrives(house, FIRST, REPRINT, THIRD)
    house.says += ["410 Gone"] * 3
    house.deliver()
    house.deliver()
    assert states(house) == ["dead", "dead"]
    house.news(reprint(8))
    assert states(house) == ["dead"] * 3
    house.news(reprint(9))
    assert states(house) == ["dead"] * 3 + ["sent"]


def test_what_is_dead_names_those_that_came_meanwhile_when_it_is_sent_again(house):
    house.subscribe(papers=("hangzhou_daily",))
    arrives(house, FIRST)
    house.says.append("410 Gone")
    house.deliver()
    arrives(house, REPRINT)
    with house.told.catalogue.write() as tx:
        letters.again(tx, [1], iso(datetime.now(UTC)))
    house.deliver()
    assert [each["also"] for each in told(house)] == [[], ["都市快报"]]


def test_another_that_has_matched_it_tells_it_rather_than_the_one_that_has_failed(house):
    with serving(answering("410 Gone")) as gone:
        house.allowed = AllowedPrivate(house.allowed.pairs | gone.allowed.pairs)
        number = house.told.subscribe("渡口", f"json://127.0.0.1:{gone.port}")
        elsewhere(house, number, f"json://127.0.0.1:{house.sink.port}/b")
        arrives(house, FIRST, REPRINT)
        house.deliver()
        assert len(gone.got) == 1
    assert states(house) == ["dead", "sent"]
    assert [each["paper"] for each in told(house)] == ["都市快报"]


def test_what_was_told_where_it_goes_then_is_heard(house):
    house.subscribe(fallback=f"json://127.0.0.1:{house.sink.port}/b")
    arrives(house, FIRST, REPRINT)
    house.says.append("410 Gone")
    house.deliver()
    assert states(house) == ["dead", "sent"]
    assert [each["paper"] for each in told(house)] == ["杭州日报"] * 2


def test_one_that_is_paused_tells_nothing(house):
    number = house.subscribe(papers=("hangzhou_daily",))
    elsewhere(house, number, f"json://127.0.0.1:{house.sink.port}/b")
    arrives(house, FIRST, REPRINT)
    with house.told.catalogue.write() as tx:
        every = subscriptions.by_ids(tx, [number, number + 1])
        subscriptions.change(tx, replace(every[number + 1], state="paused"))
    house.says.append("410 Gone")
    house.deliver()
    assert states(house) == ["dead"]


@pytest.mark.parametrize(
    "meanwhile",
    [
        update(versions).where(versions.c.seq == 2).values(live=False),
        update(matched).values(matched=iso(datetime.now(UTC) - timedelta(days=4))),
    ],
    ids=["withdrawn", "old"],
)
def test_what_cannot_be_found_any_more_or_is_old_news_is_not_told(house, meanwhile):
    house.subscribe()
    arrives(house, FIRST, REPRINT)
    with house.told.catalogue.write() as tx:
        tx.execute(meanwhile)
    house.says.append("410 Gone")
    house.deliver()
    assert states(house) == ["dead"]


def test_of_a_digest_only_the_stories_are_told_that_have_reprints(house):
    house.subscribe(rhythm="hourly")
    arrives(house, article(5), FIRST, REPRINT)
    house.hasten()
    house.says.append("410 Gone")
    house.deliver()
    assert states(house) == ["dead", "waiting"], "it is told as often as the others"
    house.hasten_waiting()
    house.deliver()
    assert states(house) == ["dead", "sent"]
    assert [each["paper"] for each in told(house)] == ["杭州日报", "杭州日报", "都市快报"]


def test_what_had_arrived_of_a_message_in_parts_is_heard(house):
    house.subscribe(rhythm="hourly")
    arrives(house, FIRST, article(5), REPRINT)
    with house.told.catalogue.write() as tx:
        of = [each.id for each in matches.of_deliveries(tx, [1])[1]]
        tx.execute(update(deliveries).values(division=[[each] for each in of], parts=1))
    house.hasten()
    house.says.append("410 Gone")
    house.deliver()
    assert states(house) == ["dead"]
