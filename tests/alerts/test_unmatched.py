"""What nobody has matched, as after a kill of who matches, is told of and not left to a crawl."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from filelock import FileLock
from sqlalchemy import update

from newscrawl import settings
from newscrawl.alerts import catching
from newscrawl.alerts.catching import CatchingUp
from newscrawl.alerts.client import MatcherClient, matcher_lock
from newscrawl.catalogue.schema import versions
from newscrawl.cli import app
from newscrawl.home import Home
from newscrawl.ops import doctor, health
from newscrawl.text.dates import iso
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import KEY, Told, body_of
from tests.makers import article, catalogue, record


@pytest.fixture
def home(tmp_path, monkeypatch):
    made = Home(tmp_path)
    made.run.mkdir()
    monkeypatch.setattr(settings, "home", lambda: made)
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
    return made


@pytest.fixture
def told(home):
    with closing(catalogue(home.catalogue)) as made:
        yield Told(made)


def said(home):
    """Whether `status` and `doctor` say that two articles wait."""
    now, what = datetime.now(UTC), "2 articles wait to be matched"
    status = health.examine(home, now, [], 0).attention
    return (
        any(line.startswith(what) for line in status),
        any(each.what == what for each in doctor.examine(home)),
    )


def age(told, **ago):
    then = iso(datetime.now(UTC) - timedelta(**ago))
    with told.catalogue.write() as tx:
        tx.execute(update(versions).values(recorded=then))


def test_h1_what_a_killed_matcher_left_is_matched_and_sent_by_who_sends_by_hand(
    told, home, monkeypatch, capsys
):
    with serving(answering()) as sink:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")
        monkeypatch.setenv("NEWSCRAWL_ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}")
        killed = MatcherClient(home, told.catalogue)
        killed.signal()
        assert killed._matcher._process is not None
        os.kill(killed._matcher._process.pid, signal.SIGKILL)
        killed._matcher._process.wait()
        killed._matcher.close()
        record(told.catalogue, article(1), article(2))
        age(told, minutes=1)
        assert said(home) == (True, True)
        app()(["deliver"], standalone_mode=False)
    assert capsys.readouterr().out == "2 sent, 0 put off, 0 dead\n"
    assert [len(body_of(each)["items"]) for each in sink.got] == [1, 1]
    assert said(home) == (False, False)


def test_while_somebody_matches_it_is_said_only_of_what_waits_for_long(told, home):
    told.subscribe("渡口")
    record(told.catalogue, article(1), article(2))
    age(told, minutes=1)
    with FileLock(matcher_lock(home)):
        assert said(home) == (False, False)
        age(told, hours=1)
        assert said(home) == (True, True)


def test_what_has_just_come_and_what_concerns_nobody_is_not_said(told, home):
    record(told.catalogue, article(1), article(2))
    age(told, hours=1)
    assert said(home) == (False, False)
    told.subscribe("渡口")
    age(told, seconds=0)
    assert said(home) == (False, False)


def test_what_nobody_gets_on_with_is_waited_for_so_long_only(told, home, monkeypatch):
    monkeypatch.setattr(catching, "STALLED_SECONDS", 0.0)
    told.subscribe("渡口")
    record(told.catalogue, article(1))
    with FileLock(matcher_lock(home)), closing(CatchingUp(home, told.catalogue)) as caught:
        assert not caught.coming()
        assert caught.problem is not None
        assert caught.problem.startswith("1 article waits to be matched: ")
    told.match()
    with closing(CatchingUp(home, told.catalogue)) as caught:
        assert (caught.coming(), caught.problem) == (False, None)
