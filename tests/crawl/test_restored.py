"""Yesterday's backup of the catalogue is put back, and the papers are crawled again."""

from __future__ import annotations

import json
import shutil
import time

import pytest

from newscrawl.catalogue import sqlite
from newscrawl.catalogue.connection import Catalogue
from tests.alerts.channels.sinks import answering, serving
from tests.crawl.test_alerts import subscribed, until, with_alerts
from tests.crawls import FIRST, SECOND, demo
from tests.faults import state

pytestmark = pytest.mark.slow
QUERY = "杭州"


def settled(told, sink):
    """Nothing is matched or sent any more."""
    until(lambda: not told.deliverer(sink.allowed, None).due_within(0))
    time.sleep(1)
    until(lambda: not told.deliverer(sink.allowed, None).due_within(0))


def answers(newsroom):
    found = newsroom.search(QUERY, "--all", "--limit", "50")
    return found["total"], sorted(each["id"] for each in found["results"])


def test_f13_after_yesterdays_backup_the_next_crawl_converges_and_tells_nothing_again(tmp_path):
    with serving(answering()) as sink, demo(tmp_path / "home") as (plain, _site, server):
        newsroom = with_alerts(plain, sink.port)
        told = subscribed(newsroom.home, sink.port, QUERY)
        path = newsroom.home / "newscrawl.db"
        newsroom.crawl(server.url, "alert=1", day=SECOND)
        settled(told, sink)
        sqlite.back_up(path, tmp_path / "backup")
        assert newsroom.crawl(server.url, "alert=1", day=FIRST).returncode == 0
        settled(told, sink)
        before, sent = answers(newsroom), len(sink.got)
        assert sent > 5
        told.catalogue.close()
        for each in newsroom.home.glob("newscrawl.db*"):
            each.unlink()
        shutil.copy(tmp_path / "backup", path)
        told.catalogue = Catalogue.open(path)
        newsroom.run("newscrawl", "doctor", "--repair")  # its status tells that there was something
        done = newsroom.run("newscrawl", "reindex")
        assert done.returncode == 0, done.stderr
        again = newsroom.crawl(server.url, "alert=1", day=FIRST)
        assert again.returncode == 0, again.stderr
        settled(told, sink)
        assert answers(newsroom) == before
        assert len(sink.got) == sent, json.dumps([each.key for each in told.outbox()])
        ended = {(each.state, each.error) for each in told.outbox()}
        assert ended == {("sent", None), ("cancelled", "told before")}
        told.catalogue.close()
    state.check(newsroom.home)
