"""The watch itself: small programs in the place of crawls, on a small real home."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from newscrawl import settings
from newscrawl.archive import manifests as kept
from newscrawl.catalogue import retention
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.retention import Retention
from newscrawl.ops import watching
from newscrawl.ops.place import AlreadyRunning, is_watched, watch_lock
from newscrawl.ops.rhythms import Rhythm
from newscrawl.ops.watching import Watch, planned
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import KEY, Told, body_of
from tests.homes import small_home
from tests.makers import PAPER, article, record
from tests.ops.test_sealing import more

WELL = "import sys; sys.stdin.readline()"
ILL = "import sys; sys.stdin.readline(); print('refused'); sys.exit(1)"
HANGS = "import time; time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + HANGS
COUNTS = "import sys; sys.stdin.readline(); open(sys.argv[1], 'a').write('.')"


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家")


@pytest.fixture
def hurried(monkeypatch):
    """Pauses are as short as they may be, and nobody is waited for."""
    monkeypatch.setattr(Rhythm, "pause", lambda self, *_: self.least)
    monkeypatch.setattr(watching, "LOADED_BEFORE", 0.05)
    monkeypatch.setattr(watching, "OVERTIME_SECONDS", 0)
    monkeypatch.setattr(settings, "RUN_GRACE", 0.2)


def watch(home, programs, told, every=0.1):
    """A watch of papers each of which is read by a program."""

    def call(paper, _given):
        return [sys.executable, "-c", *programs[paper]]

    return Watch(home, list(programs), told.append, every=every, given={}, call=call)


def until(condition, work):
    """Run a watch until `condition` holds, then end it as `kill` does."""

    async def run():
        task = asyncio.create_task(work.run())
        while not condition() and not task.done():
            await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)
        await task

    asyncio.run(run())


def test_once_polls_each_paper_once_and_says_whether_all_went_well(home, tmp_path, hurried):
    told, counted = [], tmp_path / "counted"
    good = watch(home, {PAPER: [COUNTS, f"{counted}"], "express": [WELL]}, told)
    assert asyncio.run(good.once())
    assert counted.read_text() == "."
    assert told == []


def test_a14_a_paper_that_fails_is_told_once_and_does_not_stop_the_others(home, tmp_path, hurried):
    told, counted = [], tmp_path / "counted"
    programs = {"express": [ILL], PAPER: [COUNTS, f"{counted}"]}
    until(lambda: counted.exists() and len(counted.read_text()) > 4, watch(home, programs, told))
    assert [(news.paper, news.failure) for news in told] == [
        ("express", "ended with status 1: refused")
    ]


def test_g3_a_crawl_that_hangs_is_killed_and_the_next_poll_goes_on(home, hurried, monkeypatch):
    monkeypatch.setattr(settings, "RUN_DEADLINE", 1)
    told = []
    until(lambda: told, watch(home, {PAPER: [HANGS]}, told))
    assert told[0].failure == "ended with signal 9"


def test_a_catalogue_that_cannot_be_read_is_a_failure_like_another(home, hurried):
    home.catalogue.unlink()
    told = []
    assert not asyncio.run(watch(home, {PAPER: [WELL]}, told).once())
    assert "missing, and there is an archive" in told[0].failure


def test_a_program_that_cannot_be_started_is_a_failure_like_another(home, hurried):
    told = []
    work = Watch(home, [PAPER], told.append, every=1, given={}, call=lambda *_: ["/no/such"])
    assert not asyncio.run(work.once())
    assert "/no/such" in told[0].failure


@pytest.mark.parametrize("program", [HANGS, STUBBORN])
def test_f7_told_to_end_it_ends_its_crawls_within_their_grace(home, hurried, program):
    told = []
    log = home.logs / f"watch-{PAPER}.log"
    until(log.exists, watch(home, {PAPER: [program]}, told))
    assert told == []
    assert not (home.run / "watch.json").exists()


def test_the_next_polls_are_known_while_somebody_watches(home, tmp_path, hurried):
    counted = tmp_path / "counted"
    work = watch(home, {PAPER: [COUNTS, f"{counted}"]}, [], every=100)
    found = {}

    def seen():
        found.update(planned(home))
        return found

    with watch_lock(home):
        until(seen, work)
    ahead = found[PAPER] - datetime.now(UTC)
    assert timedelta(seconds=30) < ahead < timedelta(seconds=100)
    assert planned(home) == {}


def test_what_is_due_is_sent_between_polls(home, hurried, monkeypatch):
    """Put off while somebody sent, who has ended since; the next poll is far away."""
    monkeypatch.setattr(watching, "DUE_SECONDS", 0.05)
    with serving(answering()) as sink:
        monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
        monkeypatch.setenv("NEWSCRAWL_ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")
        catalogue = Catalogue.open(home.catalogue)
        told_at = Told(catalogue)
        told_at.subscribe("第9号", f"json://127.0.0.1:{sink.port}/hook")

        def matched_once_the_poll_is_over():
            if planned(home) and not told_at.outbox():
                record(catalogue, article(9))
                told_at.match()
            return sink.got

        with watch_lock(home):
            until(matched_once_the_poll_is_over, watch(home, {PAPER: [WELL]}, [], every=1_000))
        catalogue.close()
    assert body_of(sink.got[0])["items"][0]["headline"]["text"] == "第9号渡口恢复通航"


def test_days_are_sealed_though_no_poll_comes_to_its_end(home, hurried, monkeypatch):
    monkeypatch.setattr(watching, "SEAL_SECONDS", 0.05)
    more(home, days_ago=3)
    with watch_lock(home):
        until(lambda: kept.days(home.manifests), watch(home, {PAPER: [HANGS]}, [], every=1_000))
    assert len(kept.days(home.manifests)) == 1


def retiring(home, monkeypatch, program, day=lambda _now: date(2026, 3, 1)):
    """A watch whose program in the place of `retention apply` is told a file to write to."""
    with closing(Catalogue.open(home.catalogue)) as made, made.write() as tx:
        retention.decide(tx, [Retention(PAPER, 30, "erase")])
    monkeypatch.setattr(watching, "RETIRE_SECONDS", 0.05)
    monkeypatch.setattr(watching, "today", day)
    counted = home.root.parent / "retired"
    monkeypatch.setattr(watching, "RETIRING", [sys.executable, "-c", program, str(counted)])
    work = watch(home, {PAPER: [WELL]}, [])
    return work, lambda: counted.read_text() if counted.exists() else ""


def test_what_was_kept_for_long_enough_is_taken_down_once_a_day(home, hurried, monkeypatch):
    days = iter([*[date(2026, 3, 1)] * 40, *[date(2026, 3, 2)] * 100_000])
    work, retired = retiring(home, monkeypatch, COUNTS, lambda _now: next(days))
    until(lambda: len(retired()) == 2, work)
    assert retired() == ".."


def test_what_had_to_wait_is_taken_down_with_the_next_look(home, hurried, monkeypatch, caplog):
    fails = COUNTS + "; print('hangzhou_daily: a crawl runs'); sys.exit(1)"
    work, retired = retiring(home, monkeypatch, fails)
    until(lambda: len(retired()) > 1, work)
    assert "hangzhou_daily: a crawl runs" in caplog.text


def test_what_cannot_be_started_ends_no_watch(home, hurried, monkeypatch, caplog):
    work, _retired = retiring(home, monkeypatch, COUNTS)
    monkeypatch.setattr(watching, "RETIRING", [str(home.root / "nowhere")])
    until(lambda: caplog.text.count("retention: [Errno 2]") > 1, work)


def test_what_retires_is_ended_with_the_watch(home, hurried, monkeypatch):
    hangs = "import os, sys; open(sys.argv[1], 'w').write(f'{os.getpid()}'); " + HANGS
    work, retired = retiring(home, monkeypatch, hangs)
    until(retired, work)
    with pytest.raises(ProcessLookupError):
        os.kill(int(retired()), 0)


def test_where_all_is_kept_for_good_nothing_is_started(home, hurried, monkeypatch):
    work, retired = retiring(home, monkeypatch, COUNTS)
    with closing(Catalogue.open(home.catalogue)) as made, made.write() as tx:
        retention.withdraw(tx, [PAPER])
    until((home.logs / f"watch-{PAPER}.log").exists, work)
    assert retired() == ""


def test_a_plan_that_was_left_behind_is_no_plan(home):
    (home.run / "watch.json").write_text(f'{{"{PAPER}": "2023-12-15T00:00:00+00:00"}}')
    assert planned(home) == {}
    with watch_lock(home):
        assert list(planned(home)) == [PAPER]


def test_g1_one_watch_per_home(home):
    assert not is_watched(home)
    with watch_lock(home):
        assert is_watched(home)
        with pytest.raises(AlreadyRunning):
            watch_lock(home)


@pytest.mark.parametrize(("pause", "asked"), [(0.0, ["", "7", ""]), (9.0, ["", "", ""])])
def test_past_editions_are_read_again_once_in_a_long_pause(
    home, tmp_path, hurried, monkeypatch, pause, asked
):
    monkeypatch.setattr(watching, "QUIET_SECONDS", pause)
    seen = []

    def call(_paper, given):
        seen.append(given.get("recheck", ""))
        return [sys.executable, "-c", WELL]

    work = Watch(home, [PAPER], [].append, every=0.1, given={}, recheck=7, call=call)
    until(lambda: len(seen) > 2, work)
    assert seen[:3] == asked
