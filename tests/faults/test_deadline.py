"""A run that hangs is ended, and what it held is free."""

from __future__ import annotations

import time

import psutil
import pytest

from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.schema import snapshots
from newscrawl.demo.edition import load_edition
from newscrawl.demo.server import serve
from newscrawl.demo.site import Site
from newscrawl.home import Home
from tests.crawls import FIRST, Newsroom, crawl_words, demo

pytestmark = pytest.mark.fault


class Hanging(Site):
    """Answers one article only after a very long time."""

    hangs = True

    def answer(self, method, path, headers):
        if self.hangs and "article_detail_1_20231215A021" in path:
            time.sleep(20)
        return super().answer(method, path, headers)


def test_g3_a_hung_run_is_ended_by_its_deadline_and_its_lock_is_free(tmp_path):
    site = Hanging({FIRST: load_edition("first")})
    with serve(site) as server:
        allowed = {"NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2]}
        hurried = Newsroom(
            tmp_path, {**allowed, "NEWSCRAWL_RUN_DEADLINE": "3", "NEWSCRAWL_RUN_GRACE": "2"}
        )
        began = time.monotonic()
        hung = hurried.crawl(server.url)
        took = time.monotonic() - began
        site.hangs = False
        done = Newsroom(tmp_path, allowed).crawl(server.url)
    assert hung.returncode != 0
    assert took < 15
    assert done.returncode == 0, done.stderr


def test_j7_a_crawl_listens_nowhere(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        slow = Newsroom(tmp_path, {**newsroom.environment, "NEWSCRAWL_DOWNLOAD_DELAY": "0.1"})
        process = slow.start(*crawl_words(server.url))
        while len(server.requests) < 5:
            time.sleep(0.05)
        ours = psutil.Process(process.pid)
        family = [ours, *ours.children(recursive=True)]
        listening = [each for one in family for each in one.net_connections()
                     if each.status == psutil.CONN_LISTEN]  # fmt: skip
        process.terminate()
        process.communicate(timeout=60)
    assert listening == []


def test_f11_a_run_beyond_its_memory_ends_and_others_go_on(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        poor = Newsroom(
            tmp_path,
            {
                **newsroom.environment,
                "NEWSCRAWL_MEMUSAGE_LIMIT_MB": "20",
                "NEWSCRAWL_MEMUSAGE_CHECK_INTERVAL_SECONDS": "0.2",
                "NEWSCRAWL_DOWNLOAD_DELAY": "0.05",
            },
        )
        ended = poor.crawl(server.url)
        assert ended.returncode == 1
        assert "memusage_exceeded" in ended.stderr
        assert newsroom.crawl(server.url).returncode == 0


def test_f10_a_clock_that_went_back_is_logged_and_nothing_is_doubled(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        assert newsroom.crawl(server.url).returncode == 0
        catalogue = Catalogue.open(Home(tmp_path).catalogue)
        with catalogue.write() as connection:
            future = "2999-01-01T00:00:00.000000+00:00"
            connection.execute(snapshots.update().values(captured_at=future))
        catalogue.close()
        again = newsroom.crawl(server.url)
    assert again.returncode == 0
    assert "the clock went back" in again.stderr
    assert "90/90 篇" in again.stdout
    assert newsroom.search("date:2023-12-15")["total"] == 90


def test_f12_a_catalogue_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "newscrawl.db").mkdir()
    done = Newsroom(tmp_path).crawl("http://127.0.0.1:9")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "newscrawl.db" in done.stderr


def test_f5_a_file_left_open_is_never_appended_to(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        process = newsroom.start(*crawl_words(server.url))
        while not any("article_detail" in each.path for each in server.requests):
            time.sleep(0.02)
        process.kill()
        process.communicate()
        left = {path: path.stat().st_size for path in (tmp_path / "snapshots").rglob("*.open")}
        assert left
        assert newsroom.crawl(server.url).returncode == 0
    for path, size in left.items():
        assert not path.exists()
        finished = path.with_name(path.name.removesuffix(".open"))
        assert not finished.exists() or finished.stat().st_size <= size
