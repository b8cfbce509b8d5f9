"""An edition that is read again: what was edited, moved, withdrawn and is back, and only that."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from newscrawl.catalogue import sightings, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.demo.edition import load_edition
from newscrawl.demo.fates import (
    AFTERMATH,
    CAPTCHA,
    NOT_FOUND_SOFTLY,
    NOTICE,
    TAKEN_AWAY,
    Fate,
)
from newscrawl.demo.paths import HANGZHOU_DAILY, Paths
from newscrawl.demo.server import serve
from newscrawl.demo.site import Site
from newscrawl.home import Home
from newscrawl.text.dates import today
from tests.crawl.twisted import EMPTY, VICTIM, html, twisted
from tests.crawls import FIRST, Newsroom, demo

pytestmark = pytest.mark.slow

PAPER = "hangzhou_daily"
WITHDRAWN = {"A02/1": "HTTP 404", "A05/1": "HTTP 410", "A06/1": "front page", "A07/1": "内容已删除"}
MOVED = {"A08/6": "A08/6 to A12/90", "A08/8": "A08/8 to A01/90"}
EDITED = "A04/2"


def articled(place):
    return f"{PAPER}/{FIRST}/{place}"


@contextmanager
def read(home):
    """The demo edition, read twice within the minutes that the setting asks for: at once."""
    with demo(home) as (room, site, server):
        again = Newsroom(home, {**room.environment, "NEWSCRAWL_WITHDRAWN_MINUTES": "0"})
        assert room.crawl(server.url).returncode == 0
        yield again, site, server


def told(home):
    """What is certain: `{place: {state: sighting}}`."""
    with closing(Catalogue.open(Home(home).catalogue)) as made, made.read() as tx:
        found = {}
        for each in sightings.since(tx, "", limit=1_000):
            place = each.sighting.article_id.removeprefix(articled(""))
            assert each.sighting.state not in found.setdefault(place, {})
            found[place][each.sighting.state] = each.sighting
        return found


def held(home):
    with closing(Catalogue.open(Home(home).catalogue)) as made, made.read() as tx:
        return versions.after(tx, 0, 1_000)


def line(done):
    return done.stdout.strip().partition("  re-read ")[2]


def test_a13_what_changed_is_told_and_nothing_else_is(tmp_path):
    with read(tmp_path) as (room, site, server):
        site.edit()
        site.befall({FIRST: AFTERMATH})
        first, second = (room.crawl(server.url, "refresh=1") for _ in range(2))
        stays = {where: AFTERMATH[where] for where in (("A02", 1), ("A08", 6), ("A08", 8))}
        site.befall({FIRST: stays})
        third = room.crawl(server.url, "refresh=1")
    assert [each.returncode for each in (first, second, third)] == [0, 0, 0], second.stderr
    changed = "1 edited, 2 moved, 0 gone, 0 back, 4 perhaps gone, 3 unreadable"
    assert line(first) == f"90: {changed}"
    assert line(second) == "90: 0 edited, 0 moved, 4 gone, 0 back, 3 unreadable"
    assert line(third) == "90: 0 edited, 0 moved, 1 gone, 3 back, 0 unreadable"
    for reason in ("a captcha", "soft 404", "HTTP 503"):
        assert reason in second.stderr
    assert "90/90 篇" in second.stdout

    found = told(tmp_path)
    assert found.keys() == {EDITED, *WITHDRAWN, *MOVED}
    assert found[EDITED].keys() == {"edited"}
    for place, reason in WITHDRAWN.items():
        gone = found[place]["gone"]
        assert reason in gone.reason
        assert gone.seen_at < gone.confirmed
        assert ("back" in found[place]) == (place != "A02/1")
    assert len(held(tmp_path)) == 91


def test_a17_a_moved_article_keeps_its_id_and_no_second_one_is_found(tmp_path):
    with read(tmp_path) as (room, site, server):
        site.befall({FIRST: {("A08", 6): AFTERMATH["A08", 6], ("A08", 8): AFTERMATH["A08", 8]}})
        done = room.crawl(server.url)  # what is held is not read again, and yet it is seen
        assert told(tmp_path).keys() == set(MOVED)
        again = room.crawl(server.url, "refresh=1")
        where = told(tmp_path)
        site.befall({})
        back = room.crawl(server.url, "refresh=1")
    assert (done.returncode, again.returncode) == (0, 0), done.stderr + again.stderr
    assert "90/90 篇  (0 late" in done.stdout
    assert line(again) == "90: 0 edited, 0 moved, 0 gone, 0 back, 0 unreadable"
    assert {place: each["moved"].reason for place, each in where.items()} == MOVED
    assert line(back) == "90: 0 edited, 2 moved, 0 gone, 0 back, 0 unreadable"
    assert len(held(tmp_path)) == 90
    assert room.search("headline:失物银行")["total"] == 1


def test_a17_articles_that_change_places_are_moved_both(tmp_path):
    with read(tmp_path) as (room, site, server):
        site.befall({FIRST: {("A02", 2): Fate(to=("A02", 3)), ("A02", 3): Fate(to=("A02", 2))}})
        done = room.crawl(server.url, "refresh=1")
    assert done.returncode == 0, done.stderr
    moved = {place: each["moved"].reason for place, each in told(tmp_path).items()}
    assert moved == {"A02/2": "A02/2 to A02/3", "A02/3": "A02/3 to A02/2"}
    assert len(held(tmp_path)) == 90


def test_gone_once_is_not_gone(tmp_path):
    with read(tmp_path) as (room, site, server):
        patient = Newsroom(tmp_path, {**room.environment, "NEWSCRAWL_WITHDRAWN_MINUTES": "10"})
        site.befall({FIRST: {("A02", 1): TAKEN_AWAY, ("A07", 1): NOTICE}})
        once, twice = (patient.crawl(server.url, "refresh=1") for _ in range(2))
        assert told(tmp_path) == {}
        site.befall({})
        done = patient.crawl(server.url, "refresh=1")
    for each in (once, twice):
        assert "2 perhaps gone" in line(each)
        assert "HTTP 404: perhaps gone; certain when a next reading" in each.stderr
    assert line(done) == "90: 0 edited, 0 moved, 0 gone, 0 back, 0 unreadable"
    assert told(tmp_path) == {}


@pytest.mark.parametrize("fate", [TAKEN_AWAY, CAPTCHA], ids=["404", "captcha"])
def test_a13_an_edition_that_is_gone_at_once_is_a_fault_of_the_site(tmp_path, fate):
    with read(tmp_path) as (room, site, server):
        most = {(f"A{page:02}", number): fate for page in range(1, 13) for number in range(1, 9)}
        site.befall({FIRST: most})
        done = [room.crawl(server.url, "refresh=1") for _ in range(2)]
    assert told(tmp_path) == {}
    assert [each.returncode for each in done] == [1, 1]
    assert all("a fault of the site" in each.stderr for each in done)
    assert len(held(tmp_path)) == 90
    assert "未复查" in room.run("newscrawl", "changes").stdout


LOGIN = Fate(200, "请先登录后再访问本报数字版。", listed=True, dressed=True)
WALL = Fate(200, "渡口今晨恢复通航。</p><p>登录后阅读全文", listed=True, dressed=True)


def test_a13_what_blocks_the_first_reading_is_no_article_and_is_asked_for_again(tmp_path):
    with demo(tmp_path) as (room, site, server):
        blocks = (CAPTCHA, NOT_FOUND_SOFTLY, LOGIN, WALL)
        site.befall({FIRST: {(f"A{page:02}", 1): fate for page, fate in enumerate(blocks, 2)}})
        first = room.crawl(server.url)
        captured = len(room.run("newscrawl", "doctor").stdout.split("captured, and not read")) > 1
        site.befall({})
        done = room.crawl(server.url)
    assert first.returncode == 1
    assert "86/90 篇  (0 late, 2 picture only, 4 failed)" in first.stdout
    for reason in ("a captcha", "soft 404", "a login page", "the rest is behind a login"):
        assert reason in first.stderr
    assert captured
    assert (done.returncode, done.stderr) == (0, "")
    assert "90/90 篇" in done.stdout
    assert len(held(tmp_path)) == 90


def test_a17_another_article_at_an_address_and_the_first_one_back(tmp_path):
    with twisted(tmp_path, {}) as (patient, server, site):
        room = Newsroom(tmp_path, {**patient.environment, "NEWSCRAWL_WITHDRAWN_MINUTES": "0"})
        assert room.crawl(server.url).returncode == 0
        headline = next(each.article.headline for each in held(tmp_path)
                        if each.article_id == articled("A01/2"))  # fmt: skip
        text = "<p>夜航船昨晚在码头首航，三十名乘客沿运河看了两岸灯火，船票已订到下月。</p>" * 3
        other = f"<html><body><h1>夜航船首航</h1><div class=content>{text}</div></body></html>"
        lists = "article_list_1_20231215A01.html"
        site.answers = {
            VICTIM: html(other.encode()),
            lists: site.rewritten(lists, headline, "夜航船首航"),
        }
        lines = [line(room.crawl(server.url, "refresh=1")) for _ in range(3)]
        site.answers = {}
        back = line(room.crawl(server.url, "refresh=1"))
    assert ["1 perhaps gone" in each for each in lines] == [True, False, False]
    assert [" 1 gone" in each for each in lines] == [False, True, False]
    assert "1 back, 1 perhaps gone" in back
    found = told(tmp_path)
    assert found["A01/2"].keys() == {"gone", "back"}
    assert len(held(tmp_path)) == 91


def test_an_index_that_cannot_be_had_says_nothing_of_any_article(tmp_path):
    with twisted(tmp_path, {}) as (room, server, site):
        room.crawl(server.url)
        for answer in (html(b"", status=404), html(EMPTY)):
            site.answers = {"page_list": answer}
            assert "re-read" not in room.crawl(server.url, "refresh=1").stdout
    assert told(tmp_path) == {}


def test_a_recheck_reads_the_editions_that_are_held_and_no_pictures(tmp_path):
    now = today(datetime.now(UTC))
    young, old = now - timedelta(days=2), now - timedelta(days=6)
    edition = load_edition("first")
    site = Site({young: edition, old: edition})
    site.publish_late()
    with serve(site) as server:
        settings = {
            "NEWSCRAWL_ALLOW_PRIVATE": urlsplit(server.url).netloc,
            "NEWSCRAWL_WITHDRAWN_MINUTES": "0",
        }
        room = Newsroom(tmp_path, settings)
        for day in (young, old):
            assert room.crawl(server.url, day=day).returncode == 0

        def asked():
            before = len(server.requests)
            done = room.crawl(server.url, "recheck=7", day=None)
            assert done.returncode == 0, done.stderr
            paths = [each.path for each in server.requests[before:]]
            assert not [path for path in paths if path.endswith(".png")]
            return done.stdout, {path for path in paths if "page_list" in path}

        said, indexes = asked()
        assert indexes == {Paths(HANGZHOU_DAILY, young).page_list}
        assert "re-read 90: " in said
        site.befall({old: {("A02", 1): TAKEN_AWAY}})
        assert "1 perhaps gone" in room.crawl(server.url, "refresh=1", day=old).stdout
        said, indexes = asked()
        assert indexes == {Paths(HANGZHOU_DAILY, day).page_list for day in (young, old)}
        assert "1 gone" in said
