from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import date

import pytest

from newscrawl.demo.edition import Piece
from newscrawl.demo.paths import METRO_EXPRESS, Paths
from newscrawl.demo.site import Answer, Host, Site
from newscrawl.demo.skins import LEGACY, ORNATE, PLAIN, SKINS, Skin
from tests.demo.pages import EDITIONS, FIRST, SECOND, paths, printed, text_of, words

skins = pytest.mark.parametrize("skin", SKINS.values(), ids=SKINS)


def get(site: Site | Host, path: str, headers: Mapping[str, str] = {}) -> Answer:
    return site.answer("GET", path, headers)


def only(day: date, mark: str) -> tuple[str, Piece]:
    """The path and the piece that carry a mark."""
    ((page, piece),) = [each for each in printed(EDITIONS[day]) if getattr(each[1], mark)]
    return paths(day).article_detail(page.code, piece.number), piece


@skins
def test_a_late_article_appears_when_published(skin: Skin) -> None:
    site, (path, _) = Site(EDITIONS, skin), only(FIRST, "late")
    name = path.rpartition("/")[2]
    listing, view = paths(FIRST).article_list("A03"), paths(FIRST).page_view("A03")
    assert get(site, path).status == 404
    assert name not in text_of(site, listing) + text_of(site, view)
    site.publish_late()
    assert get(site, path).status == 200
    assert name in text_of(site, listing) + text_of(site, view)


@skins
def test_an_edited_article_changes_when_edited(skin: Skin) -> None:
    site, (path, piece) = Site(EDITIONS, skin), only(FIRST, "edited")
    before = [text for block in piece.blocks for text in words(block)]
    after = [text for block in piece.edited for text in words(block)]
    assert all(text in text_of(site, path) for text in before)
    site.edit()
    assert all(text in text_of(site, path) for text in after)
    assert not all(text in text_of(site, path) for text in before)


def test_an_article_fails_once_and_only_once() -> None:
    site, (path, _) = Site(EDITIONS), only(FIRST, "fails_once")
    site.prepare("http://127.0.0.1")
    assert [get(site, path).status for _ in range(3)] == [500, 200, 200]
    site.publish_late()
    assert get(site, path).status == 200


def test_a_missing_article_is_listed_and_not_there() -> None:
    site, (path, _) = Site(EDITIONS), only(SECOND, "missing")
    assert path.rpartition("/")[2] in text_of(site, paths(SECOND).article_list("A10"))
    assert [get(site, path).status for _ in range(2)] == [404, 404]


def test_what_is_not_there_is_404_and_what_is_no_reading_is_405() -> None:
    site = Site(EDITIONS)
    assert get(site, paths(date(2023, 12, 17)).page_list).status == 404
    assert get(site, "/private/notes.html").status == 404
    assert get(site, "nonsense").status == 404
    assert site.answer("POST", paths(FIRST).page_list, {}).status == 405


def test_robots_allow_all_but_the_private() -> None:
    answer = get(Site(EDITIONS), "/robots.txt")
    assert answer.body == b"User-agent: *\nDisallow: /private/\n"
    assert answer.headers == (("Content-Type", "text/plain"),)


def test_a_query_does_not_matter() -> None:
    site, path = Site(EDITIONS), paths(FIRST).article_detail("A01", 1)
    assert get(site, path + "?div=1") == get(site, path)


@pytest.mark.parametrize(
    ("skin", "zipped", "chunked"),
    [(PLAIN, True, False), (ORNATE, False, True), (LEGACY, True, True)],
    ids=["plain", "ornate", "legacy"],
)
def test_codings(skin: Skin, zipped: bool, chunked: bool) -> None:
    site, path = Site(EDITIONS, skin), paths(FIRST).article_detail("A01", 1)
    packed, loose = get(site, path, {"Accept-Encoding": "gzip, br"}), get(site, path)
    assert packed.chunked is loose.chunked is chunked
    assert (("Content-Encoding", "gzip") in packed.headers) is zipped
    assert ("Content-Encoding", "gzip") not in loose.headers
    assert (gzip.decompress(packed.body) if zipped else packed.body) == loose.body
    image = get(site, paths(FIRST).page_image("A01"), {"Accept-Encoding": "gzip"})
    assert image.headers == (("Content-Type", "image/png"),)
    assert not image.chunked


def test_the_same_site_gives_the_same_bytes() -> None:
    path, headers = paths(FIRST).article_detail("A01", 1), {"Accept-Encoding": "gzip"}
    assert get(Site(EDITIONS), path, headers) == get(Site(EDITIONS), path, headers)


def test_a_sister_paper_differs_by_its_code_number_and_title() -> None:
    site, names = Site(EDITIONS, paper=METRO_EXPRESS), Paths(METRO_EXPRESS, FIRST)
    path = names.article_detail("A01", 1)
    assert path == "/dskb/2023/12/15/article_detail_2_20231215A011.html"
    assert "_都市快报</title>" in text_of(site, path)
    assert get(site, paths(FIRST).page_list).status == 404


def test_a_host_serves_several_papers() -> None:
    daily, metro = Site(EDITIONS), Site({SECOND: EDITIONS[SECOND]}, paper=METRO_EXPRESS)
    host = Host(daily, metro)
    host.prepare("http://127.0.0.1")
    assert get(host, paths(FIRST).page_list).status == 200
    assert get(host, Paths(METRO_EXPRESS, SECOND).page_list).status == 200
    assert get(host, Paths(METRO_EXPRESS, FIRST).page_list).status == 404
    assert get(host, "/robots.txt").status == 200
