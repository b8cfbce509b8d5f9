"""What a crawl, and who sends, tell a service outside, by the real commands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newscrawl.home import Home
from newscrawl.ops.place import paper_lock
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import KEY, Told
from tests.crawls import Newsroom, demo
from tests.makers import article, catalogue, record

CANARY = "canary-77aa"


def heard_at(newsroom, sink):
    more = {
        "NEWSCRAWL_HEARTBEAT_URL": f"http://127.0.0.1:{sink.port}/{CANARY}/{{work}}",
        "NEWSCRAWL_ALERTS_ALLOW_PRIVATE": f"127.0.0.1:{sink.port}",
        "NEWSCRAWL_SECRET_KEY": KEY,
    }
    return replace(newsroom, environment={**newsroom.environment, **more})


def works(sink):
    return [each.split(b" ")[1].decode() for each in sink.got]


@pytest.mark.slow
def test_h10_a_crawl_is_heard_where_it_worked_and_nowhere_else(tmp_path):
    with serving(answering()) as sink, demo(tmp_path) as (plain, _site, server):
        newsroom = heard_at(plain, sink)
        assert newsroom.crawl(server.url).returncode == 0
        assert works(sink) == [f"/{CANARY}/hangzhou_daily"]
        with paper_lock(Home(tmp_path), "hangzhou_daily"):
            assert newsroom.crawl(server.url).returncode == 0, "already running"
        assert newsroom.crawl("http://127.0.0.1:9").returncode == 1
        assert newsroom.crawl(server.url, "colour=red").returncode == 2
        assert works(sink) == [f"/{CANARY}/hangzhou_daily"]
    with demo(tmp_path) as (_plain, _site, server):
        allowed = {"NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2]}
        done = Newsroom(tmp_path, {**newsroom.environment, **allowed}).crawl(server.url)
    assert done.returncode == 0, "that nobody hears fails no run"
    assert done.stderr == "heartbeat not heard: nothing listens there\n"


def test_h10_who_sends_is_heard_unless_nothing_arrives(tmp_path):
    newsroom = Newsroom(tmp_path)
    told = Told(catalogue(tmp_path / "newscrawl.db"))
    with serving(answering()) as sink, serving(answering("503 No")) as down:
        newsroom = heard_at(newsroom, sink)
        done = newsroom.run("newscrawl", "deliver")
        assert done.returncode == 0
        assert done.stderr.startswith("no subscriptions")
        assert works(sink) == [f"/{CANARY}/deliver"]
        told.subscribe("渡口", f"json://127.0.0.1:{down.port}/hook")
        record(told.catalogue, article(1))
        told.match()
        told.catalogue.close()
        ports = f"127.0.0.1:{sink.port},127.0.0.1:{down.port}"
        both = {**newsroom.environment, "NEWSCRAWL_ALERTS_ALLOW_PRIVATE": ports}
        done = replace(newsroom, environment=both).run("newscrawl", "deliver")
        assert "1 put off" in done.stdout
        assert len(sink.got) == 1


def test_h10_the_process_that_sends_is_heard_and_keeps_the_feeds(tmp_path):
    with serving(answering()) as sink:
        newsroom = heard_at(Newsroom(tmp_path), sink)
        room = replace(newsroom, environment={**newsroom.environment, "NEWSCRAWL_FEEDS": "www"})
        assert room.run("newscrawl", "deliver").returncode == 1, "there is no catalogue"
        catalogue(tmp_path / "newscrawl.db").close()
        done = room.run("newscrawl", "subscribe", "渡口", "--name", "渡口")
        assert done.returncode == 0, done.stderr
        process = ("newscrawl.alerts", "deliver", str(tmp_path), "--idle", "0")
        assert room.run(*process).returncode == 0
        assert works(sink) == [f"/{CANARY}/deliver"]
    files = sorted(each.suffix for each in (tmp_path / "www").glob("*.*") if each.suffix)
    assert files == [".atom", ".json"]
