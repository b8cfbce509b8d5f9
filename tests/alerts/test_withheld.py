"""An e-mail that its reader could not end does not go out, and nothing is lost for it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.links import Links
from newscrawl.catalogue import letters
from newscrawl.catalogue.alert_schema import deliveries
from newscrawl.catalogue.outbox import WITHHELD
from newscrawl.home import Home
from newscrawl.ops import doctor, health
from newscrawl.pace import Pace
from newscrawl.text.dates import iso
from tests.alerts.channels.post import office, url
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import Told
from tests.makers import article, catalogue, record

LINKS = Links.parse("https://news.example.org")


@pytest.fixture
def told(tmp_path):
    with closing(catalogue(tmp_path / "newscrawl.db")) as made:
        yield Told(made)


def deliver(told, allowed, *, links=None, ahead=0.0, **policy):
    told.links = links
    deliverer = told.deliverer(allowed, Pace(told.catalogue.path.parent / "channels"), **policy)
    deliverer.run(ahead)
    deliverer.close()
    return deliverer.report


def age(told, **ago):
    """Let what waits have been due so long ago."""
    then = iso(datetime.now(UTC) - timedelta(**ago))
    with told.catalogue.write() as tx:
        tx.execute(update(deliveries).where(deliveries.c.state == "waiting").values(due=then))
        tx.execute(update(deliveries).values(slot=then))


def test_without_a_link_to_unsubscribe_nothing_goes_out_and_it_goes_once_there_is_one(told):
    with office() as post:
        told.subscribe("渡口", url(post.port))
        record(told.catalogue, article(1))
        told.match()
        report = deliver(told, post.allowed, ahead=60)  # and ends at once
        assert (report.sent, report.later, report.dead) == (0, 1, 0)
        assert not report.worked, "the heartbeat is silent"
        assert [*report.errors] == [WITHHELD]
        assert post.got == []
        [waiting] = told.outbox()
        assert (waiting.state, waiting.error) == ("waiting", WITHHELD)
        age(told, minutes=1)
        assert deliver(told, post.allowed, links=LINKS).sent == 1
        assert post.letter()["List-Unsubscribe"] == "<https://news.example.org/u/token>"
    [sent] = told.outbox()
    assert (sent.state, sent.error, sent.attempts) == ("sent", None, 1)


def test_it_uses_up_no_attempt_and_is_told_nowhere_else(told):
    with office() as post, serving(answering()) as spare:
        both = AllowedPrivate(post.allowed.pairs | spare.allowed.pairs)
        told.subscribe("渡口", url(post.port), fallback=f"json://127.0.0.1:{spare.port}")
        record(told.catalogue, article(1))
        told.match()
        for _run in range(3):
            report = deliver(told, both, tries=2, patience=0.0)
            assert (report.later, report.dead) == (1, 0)
            age(told, minutes=1)
        assert (post.got, spare.got) == ([], [])
    [waiting] = told.outbox()
    assert (waiting.state, waiting.attempts, waiting.failing) == ("waiting", 0, None)


def test_what_waited_so_is_told_together(told):
    with office() as post:
        told.subscribe("渡口", url(post.port))
        for number in (1, 2):
            record(told.catalogue, article(number))
            told.match()
            deliver(told, post.allowed)
        age(told, hours=1)
        assert deliver(told, post.allowed, links=LINKS).sent == 1
        assert "2 篇" in post.letter()["Subject"]


def test_why_an_attempt_had_failed_stays_known(told):
    """What was tried is gathered with nothing: its key may stand for what has arrived."""
    with office(DATA="451 later") as post:
        told.subscribe("渡口", url(post.port))
        record(told.catalogue, article(1))
        told.match()
        assert deliver(told, post.allowed, links=LINKS, tries=1).dead == 1
        with told.catalogue.write() as tx:
            letters.again(tx, [1], iso(datetime.now(UTC)))
        deliver(told, post.allowed)
    [waiting] = told.outbox()
    assert "451" in waiting.error


def test_status_and_doctor_say_it_until_it_is_sent(told, tmp_path):
    home = Home(tmp_path)
    what = "1 e-mail waits: who was to send had no NEWSCRAWL_PUBLIC_URL"

    def said():
        status = health.examine(home, datetime.now(UTC), [], 0).attention
        return (
            any(line.startswith(what) for line in status),
            any(each.what == what for each in doctor.examine(home)),
        )

    with office() as post:
        told.subscribe("渡口", url(post.port))
        record(told.catalogue, article(1))
        told.match()
        assert said() == (False, False)
        deliver(told, post.allowed)
        assert said() == (True, True)
        age(told, minutes=1)
        deliver(told, post.allowed, links=LINKS)
        assert said() == (False, False)
