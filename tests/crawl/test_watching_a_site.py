"""`newscrawl watch` on the demo site: how soon something new is held, and what it survives."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psutil
import pytest

from newscrawl.catalogue.connection import Catalogue
from newscrawl.demo.edition import load_edition
from newscrawl.demo.server import serve
from newscrawl.demo.site import Site
from newscrawl.home import Home
from newscrawl.ops.place import is_watched, paper_lock, watch_lock
from newscrawl.text.dates import iso, today
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import KEY, Told
from tests.crawls import Newsroom
from tests.faults.state import check
from tests.makers import article, catalogue, record

EVERY, BEYOND = 8, 2.0
"""Seconds: between polls, and what it may take from a poll that is due until it is recorded, on a
machine that has nothing else to do.
"""
TOLD_BEYOND = 3.0
"""And until a subscriber is told."""
PAPER = "hangzhou_daily"
LATE = "A03/10"
QUERY = "民生实事 点单"
"""What only the late article has."""
pytestmark = pytest.mark.slow


@contextmanager
def site_of_today(home):
    """The demo paper with an edition of today, its late article not yet published; also one of
    tomorrow, should it be midnight in Shanghai.
    """
    day = today(datetime.now(UTC))
    site = Site({day: load_edition("first"), day + timedelta(days=1): load_edition("second")})
    with serve(site) as server:
        allowed = {"NEWSCRAWL_ALLOW_PRIVATE": urlsplit(server.url).netloc}
        yield Newsroom(home, allowed), site, server


@contextmanager
def watched(room, server, *options):
    """A watch of the paper that is ended, and has ended well."""
    process = start(room, server, *options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=90)
    assert process.returncode == 0, out + err
    assert not is_watched(Home(room.home))


def start(room, server, *options):
    words = ("newscrawl", "watch", PAPER, "--every", f"{EVERY}", "-a", f"site={server.url}")
    return room.start(*words, "--json", *options)


def told(process):
    return json.loads(process.stdout.readline())


def wait(condition, seconds=60.0):
    """How long it took until `condition` held."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        time.sleep(0.01)
    return time.monotonic() - began


def held(home, ending):
    """Whether an article is recorded whose id ends so; read as a follower would."""
    with closing(sqlite3.connect(f"file:{home}/newscrawl.db?mode=ro", uri=True)) as catalogue:
        return bool(
            catalogue.execute("SELECT 1 FROM articles WHERE id LIKE ?", [f"%{ending}"]).fetchall()
        )


def lists_read(server):
    return sum("article_list" in each.path for each in server.requests)


def polls_of(server):
    return sum(each.path == "/robots.txt" for each in server.requests)


def crawls_of(process):
    return [each for each in psutil.Process(process.pid).children() if each.is_running()]


def test_what_the_site_serves_is_recorded_within_the_interval_and_two_seconds(tmp_path):
    with site_of_today(tmp_path) as (room, site, server), watched(room, server) as process:
        first = told(process)
        assert len(first["came"]) == 89
        read = lists_read(server)
        wait(lambda: lists_read(server) >= read + 12)
        time.sleep(0.2)  # the worst moment: everything has just been read
        polls = polls_of(server)
        site.publish_late()
        took = wait(lambda: held(tmp_path, LATE))
        busy = os.getloadavg()[0] / (os.cpu_count() or 1)
        second = told(process)
        memory = psutil.Process(process.pid).memory_info().rss / 2**20
    print(f"recorded {took:.2f} s after it was served, every {EVERY} s; watch {memory:.0f} MB")
    assert polls_of(server) == polls + 1
    assert took < EVERY + BEYOND * max(1.0, busy)
    assert [each["id"].endswith(LATE) for each in second["came"]] == [True]
    assert memory < 150
    check(tmp_path, articles_held=90)


def test_what_the_site_serves_is_told_within_the_interval_and_three_seconds(tmp_path):
    with serving(answering()) as sink, site_of_today(tmp_path) as (plain, site, server):
        told_at = Told(Catalogue.open(tmp_path / "newscrawl.db"))
        told_at.subscribe(QUERY, f"json://127.0.0.1:{sink.port}/hook")
        room = replace(
            plain,
            environment={
                **plain.environment,
                "NEWSCRAWL_SECRET_KEY": KEY,
                "NEWSCRAWL_ALERTS_ALLOW_PRIVATE": f"127.0.0.1:{sink.port}",
            },
        )
        with watched(room, server) as process:
            assert told(process)["came"]
            before = len(sink.got)
            read = lists_read(server)
            wait(lambda: lists_read(server) >= read + 12)
            time.sleep(0.2)
            site.publish_late()
            took = wait(lambda: len(sink.got) > before)
            busy = os.getloadavg()[0] / (os.cpu_count() or 1)
        told_at.catalogue.close()
    print(f"told {took:.2f} s after it was served, every {EVERY} s")
    assert took < EVERY + TOLD_BEYOND * max(1.0, busy)


def test_f1_killed_at_work_its_next_start_goes_on(tmp_path):
    with site_of_today(tmp_path) as (room, site, server):
        process = start(room, server)
        wait(lambda: any("article_detail" in each.path for each in server.requests))
        [crawl] = crawls_of(process)
        process.kill()
        process.communicate(timeout=60)
        crawl.kill()
        site.publish_late()
        with watched(room, server) as again:
            assert told(again)["came"]
            wait(lambda: held(tmp_path, LATE))
    check(tmp_path, articles_held=90)


def test_killed_alone_it_leaves_a_crawl_that_reads_to_its_end(tmp_path):
    with site_of_today(tmp_path) as (room, site, server):
        process = start(room, server)
        wait(lambda: any("article_detail" in each.path for each in server.requests))
        process.kill()
        process.communicate(timeout=60)
        site.publish_late()
        with watched(room, server):
            wait(lambda: held(tmp_path, LATE))
    check(tmp_path, articles_held=90)


def test_f7_told_to_end_it_ends_its_crawl_whose_work_is_kept(tmp_path):
    with site_of_today(tmp_path) as (room, _site, server):
        slow = Newsroom(tmp_path, {**room.environment, "NEWSCRAWL_DOWNLOAD_DELAY": "0.2"})
        with watched(slow, server) as process:
            wait(lambda: any("article_detail" in each.path for each in server.requests))
            crawls = crawls_of(process)
            assert crawls
        assert not any(each.is_running() for each in crawls)
        with paper_lock(Home(tmp_path), PAPER):
            pass
        check(tmp_path)
        done = room.crawl(server.url, day=None)
    assert done.returncode == 0, done.stderr
    check(tmp_path, articles_held=89)


def test_g1_beside_a_run_of_cron_it_waits_for_its_next_turn(tmp_path):
    with site_of_today(tmp_path) as (room, _site, server):
        home = Home(tmp_path)
        home.run.mkdir()
        with paper_lock(home, PAPER):
            done = room.run(*once(server))
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
            assert server.requests == []
        with watch_lock(home):
            second = room.run(*once(server))
            assert (second.returncode, second.stdout) == (0, "")
            assert second.stderr == f"{tmp_path}: already watched\n"
        assert room.run(*once(server)).stdout.count("89 new: ") == 1


def once(server):
    return "newscrawl", "watch", PAPER, "--once", "-a", f"site={server.url}"


def test_a14_a_site_that_is_down_is_told_once_and_its_return_too(tmp_path):
    news_just_now(tmp_path)
    with site_of_today(tmp_path) as (room, _site, server):
        fast = Newsroom(tmp_path, {**room.environment, "NEWSCRAWL_RETRY_TIMES": "1"})
        port, url = server.port, server.url
        down = fast.start(*_every_second(url))
        server.shutdown()
        server.server_close()
        err = down.stderr.readline()
        assert "failed: " in err
        assert "Is the site up?" in err
        site = Site({today(datetime.now(UTC)): load_edition("first")})
        with serve(site, port):
            assert "89 new: " in down.stdout.readline()
            down.send_signal(signal.SIGTERM)
            _out, more = down.communicate(timeout=90)
    assert more == ""


def news_just_now(home):
    """After news a paper is read as often as it may be, also far from its usual hours."""
    now = datetime.now(UTC)
    seen = {"edition": f"{today(now)}", "page": "B09", "snapshot_time": iso(now)}
    made = catalogue(home / "newscrawl.db")
    record(made, article(99, **seen))
    made.close()


def _every_second(url):
    return "newscrawl", "watch", PAPER, "--every", "1", "-a", f"site={url}"


def test_whoever_reads_its_lines_may_go_away(tmp_path):
    with site_of_today(tmp_path) as (room, _site, server), start(room, server) as process:
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (0, "")
    check(tmp_path, articles_held=89)
