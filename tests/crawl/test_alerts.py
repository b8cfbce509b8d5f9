"""From an article on a site to a message at a sink, by the real commands."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from newscrawl.catalogue import matches, versions
from newscrawl.catalogue.connection import Catalogue
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import KEY, Told, body_of
from tests.crawls import demo

pytestmark = pytest.mark.slow


def subscribed(home, port, query):
    home.mkdir(parents=True, exist_ok=True)
    told = Told(Catalogue.open(home / "newscrawl.db"))
    told.subscribe(query, f"json://127.0.0.1:{port}/hook")
    return told


def until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def looked_at_all(catalogue):
    with catalogue.read() as view:
        return 0 < versions.newest_seq(view) == matches.matched(view)


def with_alerts(newsroom, port):
    more = {"NEWSCRAWL_SECRET_KEY": KEY, "NEWSCRAWL_ALERTS_ALLOW_PRIVATE": f"127.0.0.1:{port}"}
    return replace(newsroom, environment={**newsroom.environment, **more})


def test_h5_what_a_crawl_brings_is_told_and_a_second_crawl_tells_nothing(tmp_path):
    with serving(answering()) as sink, demo(tmp_path / "home") as (plain, _site, server):
        newsroom = with_alerts(plain, sink.port)
        told = subscribed(newsroom.home, sink.port, "临空经济")
        assert newsroom.crawl(server.url, "alert=1").returncode == 0
        found = newsroom.search("临空经济", "--all")["total"]
        until(lambda: len(sink.got) == found)
        assert newsroom.crawl(server.url, "alert=1", "refresh=1").returncode == 0
        assert newsroom.run("newscrawl", "reindex").returncode == 0
        until(lambda: not told.deliverer(sink.allowed, None).due_within(0))
        time.sleep(1)
        assert len(sink.got) == found > 1
        assert {each.state for each in told.outbox()} == {"sent"}
        told.catalogue.close()
    assert "临空经济" in json.dumps(body_of(sink.got[0]), ensure_ascii=False)


def test_h6_a_back_fill_tells_nothing(tmp_path):
    with serving(answering()) as sink, demo(tmp_path / "home") as (plain, _site, server):
        newsroom = with_alerts(plain, sink.port)
        told = subscribed(newsroom.home, sink.port, "临空经济")
        assert newsroom.crawl(server.url).returncode == 0
        until(lambda: looked_at_all(told.catalogue))
        assert told.outbox() == []
        told.catalogue.close()
    assert sink.got == []
