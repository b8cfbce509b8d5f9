"""Group A: servers that send too much, lead elsewhere, or show another layout."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace

import backports.zstd
import brotli
import pytest
from sqlalchemy import select

from newscrawl.catalogue import snapshots, soundness
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.schema import runs
from newscrawl.demo.edition import load_edition
from newscrawl.demo.server import serve
from newscrawl.demo.site import Answer, Site
from newscrawl.home import Home
from tests.crawl.twisted import VICTIM, Twisted, html
from tests.crawls import FIRST, Newsroom

LIMIT_MB = 400


def crawl(tmp_path, answers, **environment):
    with serve(Twisted(answers)) as server:
        allowed = {"NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2], **environment}
        return Newsroom(tmp_path, allowed).crawl(server.url), list(server.requests)


def counted(home, name):
    """What the run has written down under this name."""
    catalogue = Catalogue.open(Home(home).catalogue)
    with catalogue.read() as connection:
        [stats] = connection.scalars(select(runs.c.stats)).all()
    catalogue.close()
    return stats.get(name, 0)


def packed(kind):
    """100 MB of blanks in a content coding: at most 600 kB on the wire."""
    blanks = b" " * 100_000_000
    return {
        "gzip": lambda: gzip.compress(blanks, 9),
        "deflate": lambda: zlib.compress(blanks, 9),
        "br": lambda: brotli.compress(blanks, quality=1),
        "zstd": lambda: backports.zstd.compress(blanks),
    }[kind]()


@pytest.mark.slow
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a1_a_decompression_bomb_is_refused_and_the_crawl_goes_on(tmp_path, coding):
    bomb = html(packed(coding), ("Content-Encoding", coding))
    # A run is ended at its own peak, of which no brief one is missed.
    bound = {
        "NEWSCRAWL_MEMUSAGE_LIMIT_MB": f"{LIMIT_MB}",
        "NEWSCRAWL_MEMUSAGE_CHECK_INTERVAL_SECONDS": "0.1",
    }
    done, _requests = crawl(tmp_path, {VICTIM: bomb}, **bound)
    assert done.returncode == 1
    assert "memusage_exceeded" not in done.stderr
    assert "89/90 篇" in done.stdout
    assert "1 failed" in done.stdout
    assert VICTIM in done.stderr
    assert counted(tmp_path, "refused/oversize") == 1
    said = Newsroom(tmp_path).run("newscrawl", "status").stdout
    assert "last run refused oversize 1" in " ".join(said.split())


@pytest.mark.slow
def test_a1_a_body_beyond_the_bound_is_refused_and_counted(tmp_path):
    done, _requests = crawl(tmp_path, {VICTIM: html(b"<p>x</p>" * 2_200_000)})
    assert done.returncode == 1
    assert "89/90 篇" in done.stdout
    assert "larger than DOWNLOAD_MAXSIZE" in done.stderr
    assert counted(tmp_path, "refused/oversize") == 1


def moved(target):
    return Answer(302, (("Location", target),), b"")


INSIDE = {
    "file:///etc/passwd": "redirect to file:",
    "data:text/html,hello": "redirect to data:",
    "http://127.0.0.1:9/": "private address",
    "http://10.1.2.3/": "private address",
    "http://169.254.169.254/latest/meta-data/": "private address",
    "http://100.100.100.200/latest/meta-data/": "private address",
    "http://[::ffff:127.0.0.1]:9/": "private address",
    "http://0x7f.1:9/": "private address",
    "http://2130706433:9/": "private address",
}
"""Where an article may have moved to, and why nobody goes there."""
LED = {target: f"article_detail_1_20231215A0{page}1.html" for page, target in enumerate(INSIDE, 1)}
"""By target, the article that leads there: of every page the first."""


@pytest.fixture(scope="module")
def led_inside(tmp_path_factory):
    """One crawl of a site that leads to all these places, and its home."""
    home = tmp_path_factory.mktemp("home")
    answers = {article: moved(target) for target, article in LED.items()}
    done, _requests = crawl(home, answers, NEWSCRAWL_FETCH_IMAGES="0")
    return done, home


@pytest.mark.parametrize(("target", "reason"), INSIDE.items())
def test_a3_a_redirect_into_the_house_is_refused_and_named(led_inside, target, reason):
    done, home = led_inside
    [said] = [line for line in done.stderr.splitlines() if LED[target] in line]
    assert reason in said
    catalogue = Catalogue.open(Home(home).catalogue)
    with catalogue.read() as connection:
        assert snapshots.newest_of(connection, target) is None
    catalogue.close()


def test_a3_redirects_into_the_house_are_counted_and_the_crawl_goes_on(led_inside):
    done, home = led_inside
    assert done.returncode == 1
    assert f"{90 - len(INSIDE)}/90 篇" in done.stdout
    private = sum(reason == "private address" for reason in INSIDE.values())
    # Those hosts' robots.txt are refused as well.
    assert counted(home, "refused/private") >= private
    assert counted(home, "refused/scheme") == len(INSIDE) - private
    assert not counted(home, "refused/robots")


def test_a14_an_index_without_pages_is_a_failure(tmp_path):
    done, _requests = crawl(tmp_path, {"page_list": html("<html><body>改版了</body>".encode())})
    assert done.returncode == 1
    assert "lists no pages" in done.stderr


def test_a14_an_empty_index_is_a_failure(tmp_path):
    done, _requests = crawl(tmp_path, {"page_list": html(b"")})
    assert done.returncode == 1
    assert "empty" in done.stderr


def test_a14_too_many_pages_without_articles_are_a_failure(tmp_path):
    nothing = html("<html><body>无</body></html>".encode())
    answers = {f"{kind}_1_20231215A0{n}.html": nothing
               for kind in ("page_view", "article_list") for n in range(1, 7)}  # fmt: skip
    done, _requests = crawl(tmp_path, answers)
    assert done.returncode == 1
    assert "6 of 12 pages without an article" in done.stderr


def test_a14_an_article_without_its_body_is_counted_and_named(tmp_path):
    changed = html("<html><h1>标题</h1><div class='neu'>正文在别处</div></html>".encode())
    done, _requests = crawl(tmp_path, {VICTIM: changed})
    assert done.returncode == 1
    assert "89/90 篇" in done.stdout
    assert VICTIM in done.stderr


def test_an_index_of_another_day_is_no_edition(tmp_path):
    site = Site({FIRST: load_edition("first")})
    other = site.answer("GET", "/hzrb/2023/12/15/page_list_20231215.html", {"Host": "x"})
    with serve(Twisted({"page_list_20231210": replace(other, chunked=False)})) as server:
        room = Newsroom(tmp_path, {"NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2]})
        done = room.crawl(server.url, "date=2023-12-10", day=None)
    assert (done.returncode, done.stdout.strip()) == (0, "杭州日报 2023-12-10  no edition")


def test_a12_undecodable_bytes_flag_an_article_or_quarantine_it(tmp_path):
    text = "本报讯　" + "西湖边的桂花开了，市民纷纷前来赏桂。" * 100
    page = (
        f"<html><head><title>t</title></head><h1>桂花</h1><div class='content'><p>{text}</p></div>"
    )
    body = page.encode()
    little, much = body.replace("桂".encode(), b"\xe6\xa1", 1), body.replace("桂".encode(), b"\xff")
    script = f"<script>{'var a = 1;' * 3_000}</script>".encode()
    diluted = f"<h1>桂花</h1>{script.decode()}<div class='content'>桂花开\ufffd</div>".encode()
    footer = body + "<p>版权所有</p>".encode("gbk") * 40
    done, _requests = crawl(
        tmp_path,
        {
            VICTIM: html(little),
            "article_detail_1_20231215A021.html": html(much),
            "article_detail_1_20231215A031.html": html(diluted),
            "article_detail_1_20231215A041.html": html(footer),
        },
    )
    assert done.returncode == 0, done.stderr
    catalogue = Catalogue.open(Home(tmp_path).catalogue)

    with catalogue.read() as connection:
        counted = soundness.counts(connection)["hangzhou_daily"]
    catalogue.close()
    assert (counted["flagged"], counted["quarantined"]) == (1, 2)


def test_robots_are_obeyed_and_we_say_who_we_are(tmp_path):
    forbidden = Answer(200, (("Content-Type", "text/plain"),), b"User-agent: *\nDisallow: /hzrb/\n")
    done, requests = crawl(tmp_path, {"/robots.txt": forbidden})
    assert done.returncode == 1
    assert {each.path for each in requests} == {"/robots.txt"}
    assert all(each.user_agent.startswith("newscrawl/") for each in requests)
    assert all("+http" in each.user_agent for each in requests)
