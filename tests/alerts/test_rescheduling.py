"""Who changes when they are told is told so from then on, also of what waits already."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.rhythm import AT_ONCE, Quiet, Rhythm, due
from newscrawl.alerts.subscribing import Desk
from newscrawl.alerts.wishes import Change
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.home import Home
from newscrawl.query.limits import DEFAULT
from newscrawl.text.dates import SHANGHAI, iso
from tests.alerts.sent import KEY, Told
from tests.makers import article, catalogue, record

NTFY = "ntfy://news.example/a"


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
    with closing(catalogue(tmp_path / "newscrawl.db")) as made:
        yield Told(made)


@pytest.fixture
def desk(told, tmp_path):
    return Desk(told.catalogue, Home(tmp_path), Policy(DEFAULT, 9, 9, ""), check=parsed)


def clock(**later):
    """A time of day from now on, of Shanghai."""
    return (datetime.now(SHANGHAI) + timedelta(**later)).strftime("%H:%M")


def quiet(since, until):
    return Quiet.parse(f"{clock(hours=since)}-{clock(hours=until)}")


def news(told):
    record(told.catalogue, article(1))
    told.match()


def waiting(told):
    [delivery] = told.outbox()
    assert delivery.slot == delivery.due
    return datetime.fromisoformat(delivery.due)


def soon(moment):
    return moment <= datetime.now(UTC)


def test_who_ends_their_quiet_hours_is_told_now(told, desk):
    told.subscribe("渡口", NTFY)
    desk.person("p0", None, quiet(-1, 3))
    news(told)
    assert waiting(told) > datetime.now(UTC) + timedelta(hours=2)
    desk.person("p0", "en", None)
    assert waiting(told) > datetime.now(UTC) + timedelta(hours=2), "the language is no matter"
    desk.person("p0", None, quiet(-1, 2))
    now = datetime.now(UTC)
    assert now + timedelta(hours=1) < waiting(told) <= now + timedelta(hours=2), "sooner"
    desk.person("p0", None, "none")
    assert soon(waiting(told))


def test_what_is_to_be_told_at_once_now_is_and_a_digest_is_told_in_its_new_time(told, desk):
    told.subscribe("渡口", NTFY, rhythm=f"daily {clock(hours=3)}")
    news(told)
    before = waiting(told)
    later = Rhythm.parse(f"daily {clock(hours=5)}")
    desk.edit("p0", "渡口", Change(rhythm=later))
    assert waiting(told) == before + timedelta(hours=2), "the new rhythm says so"
    desk.edit("p0", "渡口", Change(rhythm=AT_ONCE))
    assert soon(waiting(told))
    desk.edit("p0", "渡口", Change(rhythm=later))
    assert soon(waiting(told)), "what is due already stays so"


def test_it_is_not_told_in_hours_that_are_quiet_from_now_on(told, desk):
    told.subscribe("渡口", NTFY, rhythm=f"daily {clock(hours=3)}")
    news(told)
    hours = quiet(-1, 1)
    desk.person("p0", None, hours)
    desk.edit("p0", "渡口", Change(rhythm=AT_ONCE))
    assert waiting(told) == due(AT_ONCE, hours, datetime.now(UTC))


def test_what_was_tried_waits_as_it_did(told, desk):
    told.subscribe("渡口", NTFY, rhythm=f"daily {clock(hours=3)}")
    news(told)
    then = iso(datetime.now(UTC) + timedelta(hours=1))
    with told.catalogue.write() as tx:
        tx.execute(update(deliveries).values(attempts=1, error="answered 503", due=then))
    desk.edit("p0", "渡口", Change(rhythm=AT_ONCE))
    [delivery] = told.outbox()
    assert delivery.due == then
