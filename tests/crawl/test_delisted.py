"""What failed once and is listed no more is asked for until it is had, or gone."""

from __future__ import annotations

import pytest

from tests.crawl.twisted import EMPTY, INDEX, VICTIM, html, twisted

ERROR, NOT_FOUND = html(b"", status=500), html(b"", status=404)
OTHER = "article_detail_1_20231215A021.html"
PAGE = "page_detail_1_20231215A03.html"


def asked(server, name):
    return sum(name in each.path for each in server.requests)


@pytest.mark.slow
def test_articles_that_are_back_but_not_listed_are_fetched(tmp_path):
    with twisted(tmp_path, {VICTIM: ERROR, OTHER: NOT_FOUND}) as (room, server, site):
        first = room.crawl(server.url)
        assert first.returncode == 1
        assert "88/90 篇" in first.stdout
        site.answers = no_lists("A01") | no_lists("A02")
        done = room.crawl(server.url)
    assert done.returncode == 0, done.stderr
    assert "90/90 篇  (0 late" in done.stdout
    assert room.search("date:2023-12-15 page:A01", "--limit", "1")["total"] > 1


@pytest.mark.slow
def test_an_article_that_is_neither_listed_nor_there_is_gone_at_the_second_404(tmp_path):
    with twisted(tmp_path, {VICTIM: NOT_FOUND}) as (room, server, site):
        room.crawl(server.url)
        site.answers = no_lists("A01") | {VICTIM: NOT_FOUND}
        done = room.crawl(server.url)
        before = asked(server, VICTIM)
        again = room.crawl(server.url)
        assert asked(server, VICTIM) == before
    for each in (done, again):
        assert each.returncode == 0
        assert "89/90 篇" in each.stdout
        assert "0 failed, 1 gone" in each.stdout
        assert each.stderr == ""


@pytest.mark.slow
def test_an_article_of_a_page_that_left_the_index_is_fetched(tmp_path):
    with twisted(tmp_path, {VICTIM: ERROR}) as (room, server, site):
        room.crawl(server.url)
        site.answers = {INDEX: without_page(site, "A01")}
        done = room.crawl(server.url)
    assert done.returncode == 0, done.stderr
    assert "12/12 版  90/90 篇" in done.stdout


@pytest.mark.slow
def test_a_page_that_left_the_index_is_gone_at_the_second_404(tmp_path):
    with twisted(tmp_path, {PAGE: ERROR}) as (room, server, site):
        room.crawl(server.url)
        site.answers = {INDEX: without_page(site, "A03"), PAGE: NOT_FOUND}
        first, second = room.crawl(server.url), room.crawl(server.url)
        before = asked(server, PAGE)
        third = room.crawl(server.url)
        assert asked(server, PAGE) == before
    assert first.returncode == 1
    assert "11/12 版" in first.stdout
    assert f"{PAGE}: HTTP 404" in first.stderr
    assert second.returncode == 0
    assert "11/11 版  82/82 篇" in second.stdout
    assert f"{PAGE}: HTTP 404, and not in the index any more: gone" in second.stderr
    assert (third.returncode, third.stderr) == (0, "")


@pytest.mark.slow
def test_a_page_that_the_index_names_is_never_gone(tmp_path):
    with twisted(tmp_path, {PAGE: NOT_FOUND}) as (room, server, _site):
        for _ in range(3):
            done = room.crawl(server.url)
    assert done.returncode == 1
    assert "11/12 版" in done.stdout


def no_lists(code):
    """Nothing names the articles of this page."""
    return {f"{kind}_1_20231215{code}": html(EMPTY) for kind in ("page_view", "article_list")}


def without_page(site, code):
    name = f"page_detail_1_20231215{code}.html"
    return site.rewritten(INDEX, name, "elsewhere.html")
