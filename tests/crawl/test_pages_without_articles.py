"""A page may lack its list, its map or its frames: an advertisement does, a broken site too."""

from __future__ import annotations

import pytest

from tests.crawl.twisted import EMPTY, html, twisted

PAGE = "_1_20231215A03.html"
NOT_FOUND = html(b"", status=404)


def crawl(home, answers):
    with twisted(home, answers) as (room, server, _site):
        return room.crawl(server.url)


@pytest.mark.parametrize(
    "answers",
    [
        {f"article_list{PAGE}": NOT_FOUND, f"page_view{PAGE}": html(EMPTY)},
        {f"page_detail{PAGE}": html(EMPTY)},
    ],
    ids=["no list, no areas", "no frames"],
)
def test_a_page_with_neither_list_nor_areas_has_no_articles(tmp_path, answers):
    done = crawl(tmp_path, answers)
    assert done.returncode == 0, done.stderr
    assert "12/12 版  82/82 篇" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    "answers",
    [
        {f"page_detail{PAGE}": html(b"")},
        {f"article_list{PAGE}": NOT_FOUND, f"page_view{PAGE}": NOT_FOUND},
        {f"article_list{PAGE}": NOT_FOUND, f"page_view{PAGE}": html(b"")},
        {f"article_list{PAGE}": html(b"", status=500), f"page_view{PAGE}": html(EMPTY)},
    ],
    ids=["empty", "neither view nor list", "no list, empty view", "failing list"],
)
def test_a_page_of_which_nothing_was_read_is_missed(tmp_path, answers):
    done = crawl(tmp_path, answers)
    assert done.returncode == 1
    assert "11/12 版" in done.stdout
    assert PAGE in done.stderr


def test_the_map_names_the_articles_of_a_page_without_a_list(tmp_path):
    done = crawl(tmp_path, {f"article_list{PAGE}": NOT_FOUND})
    assert done.returncode == 0, done.stderr
    assert "90/90 篇" in done.stdout
    assert done.stderr == ""


def test_too_many_pages_without_a_list_are_named_since_a_map_may_lack_articles(tmp_path):
    lists = [f"article_list_1_20231215A0{number}.html" for number in range(1, 6)]
    done = crawl(tmp_path, dict.fromkeys(lists, NOT_FOUND))
    assert done.returncode == 1
    assert "90/90 篇" in done.stdout
    assert [name for name in lists if f"{name}: HTTP 404" not in done.stderr] == []
