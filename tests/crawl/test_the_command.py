"""`scrapy crawl` as people and cron meet it: lines, exit statuses, what comes late or changes."""

from __future__ import annotations

import json
import re
import socket
import time
from contextlib import closing
from typing import NamedTuple

import pytest

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from tests.crawls import FIRST, SECOND, Newsroom, crawl_words, demo


@pytest.mark.parametrize(
    "words",
    [
        ["-a", "colour=red"],
        ["-a", "date=2023-02-30"],
        ["-a", "date"],
        ["-a", "since=2023-12-10", "-a", "until=2023-12-01"],
        ["-a", "site=nowhere"],
        ["-a", "site=http://["],
        ["-a", "site=http://h:99999"],
        ["-a", "site=http://exa mple.com"],
        ["--nope"],
    ],
)
def test_a_call_that_cannot_be_meant_is_one_line_and_status_2(tmp_path, words):
    done = Newsroom(tmp_path / "home").run("scrapy", "crawl", "hangzhou_daily", *words)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "home").exists()


def test_an_unknown_paper_is_one_line_and_status_2(tmp_path):
    done = Newsroom(tmp_path).run("scrapy", "crawl", "no_such_paper")
    assert done.returncode == 2
    assert done.stderr.strip() == "no_such_paper: no such paper; `scrapy list` shows them"


def test_an_unknown_option_is_named(tmp_path):
    done = Newsroom(tmp_path).run("scrapy", "crawl", "hangzhou_daily", "--nope")
    assert done.stderr.strip() == "--nope: no such option; `scrapy crawl --help` shows them"


def test_the_time_of_a_line_in_the_log_names_its_zone(tmp_path):
    told = {"NEWSCRAWL_LOG_LEVEL": "INFO", "TZ": "EST5"}
    done = Newsroom(tmp_path, told).run("scrapy", "crawl", "no_such_paper")
    first = done.stderr.splitlines()[0]
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d-0500 \[scrapy", first), first


def test_no_edition_that_day_is_a_result_of_its_own(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        done = newsroom.crawl(server.url, "date=2023-12-10", day=None)
    assert (done.returncode, done.stdout.strip()) == (0, "杭州日报 2023-12-10  no edition")


def test_several_days_in_one_run(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        done = newsroom.crawl(server.url, f"since={FIRST}", f"until={SECOND}", day=None)
    first, second = done.stdout.splitlines()
    assert first.startswith("杭州日报 2023-12-15  12/12 版  90/90 篇")
    assert second.startswith("杭州日报 2023-12-16  12/12 版  89/90 篇")
    assert done.returncode == 1


@pytest.mark.slow
def test_a_back_fill_begins_with_the_days_that_are_not_held_whole(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        held = newsroom.crawl(server.url)
        assert held.returncode == 0, held.stderr
        before = len(server.requests)
        # Two requests at once, also to be judged by robots.txt, may arrive in either order.
        words = crawl_words(server.url, f"since={FIRST}", f"until={SECOND}", day=None)
        done = newsroom.run(*words, "-s", "CONCURRENT_REQUESTS=1")
        asked = [each.path for each in server.requests[before:] if "page_list" in each.path]
    assert ["20231216" in path for path in asked] == [True, False]
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["2023-12-15", "2023-12-16"]


def test_an_unreachable_host_fails_with_its_url_and_the_reason(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    newsroom = Newsroom(tmp_path, {"NEWSCRAWL_ALLOW_PRIVATE": f"127.0.0.1:{port}",
                                   "NEWSCRAWL_RETRY_TIMES": "0"})  # fmt: skip
    done = newsroom.crawl(f"http://127.0.0.1:{port}")
    assert done.returncode == 1
    assert "page_list_20231215.html" in done.stderr
    assert "refused" in done.stderr.lower()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["no-such-host.invalid", "报纸.invalid"])
def test_a_name_that_does_not_resolve_fails_in_one_line(tmp_path, host):
    newsroom = Newsroom(tmp_path, {"NEWSCRAWL_RETRY_TIMES": "0"})
    done = newsroom.crawl(f"http://{host}")
    assert done.returncode == 1
    assert "page_list_20231215.html: CannotResolveHostError" in done.stderr
    assert "Traceback" not in done.stderr


def test_who_crawls_a_real_paper_is_asked_to_say_who_that_is(tmp_path):
    newsroom = Newsroom(tmp_path, {"NEWSCRAWL_RETRY_TIMES": "0"})
    asked = newsroom.crawl("http://no-such-host.invalid")
    assert "export NEWSCRAWL_CONTACT=" in asked.stderr.splitlines()[0]
    known = {**newsroom.environment, "NEWSCRAWL_CONTACT": "mailto:desk@example.org"}
    told = Newsroom(tmp_path, known).crawl("http://no-such-host.invalid")
    assert "NEWSCRAWL_CONTACT" not in told.stderr


class Lived(NamedTuple):
    """An edition that was crawled, crawled again with a late article, and fetched again edited."""

    room: Newsroom
    first: object
    second: object
    fetched: list
    """The paths that the second run asked for."""
    again: object


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    with demo(tmp_path_factory.mktemp("lived"), late=False) as (room, site, server):
        first = room.crawl(server.url)
        site.publish_late()
        before = len(server.requests)
        second = room.crawl(server.url)
        fetched = [each.path for each in server.requests[before:]]
        site.edit()
        return Lived(room, first, second, fetched, room.crawl(server.url, "refresh=1"))


def test_a_second_run_fetches_the_lists_only_and_marks_what_came_late(lived):
    assert lived.first.stdout.strip().endswith("89/89 篇  (0 late, 2 picture only, 0 failed)")
    assert lived.second.stdout.strip().endswith("90/90 篇  (1 late, 2 picture only, 0 failed)")
    assert lived.second.returncode == 0
    assert len([path for path in lived.fetched if "article_detail" in path]) == 1
    assert any("page_list" in path for path in lived.fetched)


def test_refresh_fetches_again_and_keeps_what_changed_as_a_new_version(lived):
    assert lived.again.returncode == 0, lived.again.stderr
    held = closing(Catalogue.open(Home(lived.room.home).catalogue))
    with held as catalogue, catalogue.read() as connection:
        found = versions.after(connection, 0, 1000)
    assert [version.n for version in found[90:]] == [2]
    assert len(found) == 91


@pytest.mark.slow
def test_a_listed_article_that_is_missing_fails_once_and_is_gone_then(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        first = newsroom.crawl(server.url, day=SECOND)
        second = newsroom.crawl(server.url, day=SECOND)
    assert first.returncode == 1
    assert "89/90 篇" in first.stdout
    assert "1 failed" in first.stdout
    assert "HTTP 404" in first.stderr
    assert second.returncode == 0
    assert "0 failed, 1 gone" in second.stdout


def test_g1_a_second_run_ends_at_once_with_status_0(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        slow = Newsroom(tmp_path, {**newsroom.environment, "NEWSCRAWL_DOWNLOAD_DELAY": "0.2"})
        first = slow.start(*crawl_words(server.url))
        while not server.requests:
            assert first.poll() is None, first.communicate()
            time.sleep(0.05)
        second = newsroom.crawl(server.url)
        assert first.poll() is None
        first.kill()
        first.communicate(timeout=60)
    assert (second.returncode, second.stdout.strip()) == (0, "hangzhou_daily: already running")


def test_f7_a_run_that_is_terminated_says_so_and_the_next_one_goes_on(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        slow = Newsroom(tmp_path, {**newsroom.environment, "NEWSCRAWL_DOWNLOAD_DELAY": "0.05"})
        process = slow.start(*crawl_words(server.url))
        while not any("article_detail" in each.path for each in list(server.requests)):
            time.sleep(0.05)
        process.terminate()
        _out, err = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "the next run goes on from here" in err
        done = newsroom.crawl(server.url)
    assert done.returncode == 0, done.stderr
    assert "90/90 篇" in done.stdout


def test_an_unwritable_directory_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    done = Newsroom(tmp_path / "file").crawl("http://127.0.0.1:9")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_crawl_and_a_search_find_one_another(lived):
    newsroom = lived.room
    result = newsroom.search("临空经济 营商环境")
    assert result["total"] >= 3
    assert all(
        "临空经济" in hit["headline"] + hit["snippet"] or hit["id"] for hit in result["results"]
    )
    shown = json.loads(
        newsroom.run("newscrawl", "show", result["results"][0]["id"], "--json").stdout
    )
    assert shown["page_pdf"].endswith(".pdf")
    assert shown["page_url"].endswith(f"{shown['page']}.html")
    broken = newsroom.search('headline:"不打烊萧山临空"')
    assert [hit["headline"] for hit in broken["results"]] == [
        "跑道边的窗口为何不打烊 萧山临空片区探路营商新坐标"
    ]
    nothing = newsroom.run("newscrawl.search", "绝无此词")
    unreadable = newsroom.run("newscrawl.search", "(临空")
    assert (nothing.returncode, unreadable.returncode) == (1, 2)
    assert "(临空" in unreadable.stderr


@pytest.mark.slow
def test_what_an_interrupted_run_did_not_see_is_not_late(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        slow = Newsroom(tmp_path, {**newsroom.environment, "NEWSCRAWL_DOWNLOAD_DELAY": "0.05"})
        process = slow.start(*crawl_words(server.url))
        while not any("article_detail" in each.path for each in server.requests):
            time.sleep(0.02)
        process.terminate()
        _out, err = process.communicate(timeout=60)
        assert "not read" in err
        done = newsroom.crawl(server.url)
        status = newsroom.run("newscrawl", "status", "--json")
    assert "90/90 篇  (0 late" in done.stdout
    assert status.returncode == 0


@pytest.mark.parametrize("words", [["newscrawl", "status"], ["scrapy", "list"]])
def test_a_setting_that_cannot_be_read_is_one_line(tmp_path, words):
    done = Newsroom(tmp_path, {"NEWSCRAWL_DOWNLOAD_DELAY": "soon"}).run(*words)
    assert done.returncode == 2
    assert done.stderr.strip() == "NEWSCRAWL_DOWNLOAD_DELAY='soon': not a value of type float"
