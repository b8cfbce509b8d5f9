"""An edition that is held, whose index cannot be read any more, has moved or shows another day."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from tests.crawl.twisted import EMPTY, INDEX, VICTIM, html, twisted

HELD = "杭州日报 2023-12-15  index not read; held: 12/12 版  {} 篇\n"
GONE, ANOTHER = "the index is gone", "the index shows another date"
OTHER_DAY = '<a href="page_detail_1_20231214A01.html">第A01版：要闻</a>'.encode()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One edition for every case: none of them changes what is held."""
    with twisted(tmp_path_factory.mktemp("home"), {}) as (room, server, site):
        assert room.crawl(server.url).returncode == 0
        yield room, server, site


@contextmanager
def answering(site, answers):
    site.answers = answers
    yield
    site.answers = {}


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (html(b"", status=500), "HTTP 500"),
        (html(EMPTY), "lists no pages"),
        (html(b"", status=404), GONE),
        (html(b"", status=410), GONE),
        (html(OTHER_DAY), ANOTHER),
    ],
    ids=["500", "no pages", "404", "410", "another day"],
)
def test_an_index_that_was_not_read_is_not_taken_for_success(whole, index, reason):
    room, server, site = whole
    with answering(site, {INDEX: index}):
        done = room.crawl(server.url)
    assert done.returncode == 1
    assert done.stdout == HELD.format("90/90")
    assert f"{INDEX}: " in done.stderr
    assert reason in done.stderr
    assert states(room) == ("complete", "failed")


@pytest.mark.slow
def test_an_edition_that_was_held_in_part_is_not_none_when_its_index_goes(tmp_path):
    with twisted(tmp_path, {VICTIM: html(b"", status=500)}) as (room, server, site):
        assert room.crawl(server.url).returncode == 1
        site.answers = {INDEX: html(b"", status=404)}
        done = room.crawl(server.url)
    assert (done.returncode, done.stdout) == (1, HELD.format("89/90"))
    assert f"{INDEX}: {GONE}" in done.stderr
    assert states(room) == ("incomplete", "failed")


def test_too_many_pages_without_an_article_are_said_in_the_line(whole):
    room, server, site = whole
    with answering(site, {"page_view": html(EMPTY), "article_list": html(EMPTY)}):
        done = room.crawl(server.url)
    assert done.returncode == 1
    assert done.stdout.endswith("12/12 版  90/90 篇  (0 late, 2 picture only, 0 failed)  failed\n")


def states(room):
    """Of the newest edition, and of the last run."""
    [paper] = json.loads(room.run("newscrawl", "status", "--json").stdout)["papers"]
    return paper["edition"]["state"], paper["last_run"]["state"]
