"""What one run did not get and the next one does, or does not: two runs for many cases each."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from tests.crawl.twisted import EMPTY, INDEX, VICTIM, html, twisted

ERROR, NOT_FOUND = html(b"", status=500), html(b"", status=404)
FRAMES = ("page_view_1_20231215A03.html", "article_list_1_20231215A04.html")
LEFT = "page_detail_1_20231215A06.html"
MISSING = "article_detail_1_20231215A021.html"
PICTURE = "page_image_1_20231215A01.png"
NO_PICTURE = "page_image_1_20231215A02.png"
REFUSED = ("picture_1_20231215A082_1", "page_image_1_20231215A07")


class Runs(NamedTuple):
    """Two runs of one edition, the second with other answers than the first."""

    first: object
    second: object
    after_first: dict
    """The edition's tally."""
    after_second: dict
    asked: list
    """The paths that the second run asked for."""
    attention: list
    """What asks for it after both."""


def status(room):
    """The edition's tally, and what asks for attention."""
    said = json.loads(room.run("newscrawl", "status", "--json").stdout)
    return said["papers"][0]["edition"]["tally"], said["attention"]


def both(home, before, after):
    """`after`: the answers of the second run, made from the site."""
    with twisted(home, before) as (room, server, site):
        first = room.crawl(server.url)
        held, _attention = status(room)
        site.answers = after(site)
        served = len(server.requests)
        second = room.crawl(server.url)
        asked = [each.path for each in server.requests[served:]]
        after_both, attention = status(room)
        return Runs(first, second, held, after_both, asked, attention)


@pytest.fixture(scope="module")
def mended(tmp_path_factory):
    """The second run gets all but one picture; one page has left the index meanwhile."""
    broken = dict.fromkeys(FRAMES, html(b"")) | {LEFT: ERROR, PICTURE: html(b"")}
    broken |= dict.fromkeys(REFUSED, html(b"", status=403)) | {NO_PICTURE: NOT_FOUND}

    def after(site):
        return {INDEX: site.rewritten(INDEX, LEFT, "elsewhere.html"), NO_PICTURE: NOT_FOUND}

    return both(tmp_path_factory.mktemp("mended"), broken, after)


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """The second run does not: some is still not there, some is listed no more, a page breaks."""
    faults = {PICTURE: NOT_FOUND, MISSING: NOT_FOUND, VICTIM: ERROR}
    lists = {f"{kind}_1_20231215A01": html(EMPTY) for kind in ("page_view", "article_list")}
    more = lists | {"page_detail_1_20231215A03": html(b"")}
    return both(tmp_path_factory.mktemp("broken"), faults, lambda _site: faults | more)


def test_the_next_run_gets_all_that_is_there_by_then(mended):
    assert (mended.first.returncode, mended.second.returncode) == (1, 0), mended.second.stderr
    assert "90/90 篇  (0 late" in mended.second.stdout
    assert mended.second.stderr == ""


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_that_fails_makes_the_edition_incomplete_and_is_named(mended, frame):
    assert f"{frame}: " in mended.first.stderr


def test_a_page_that_failed_and_left_the_index_is_read(mended):
    assert "11/12 版" in mended.first.stdout
    assert "12/12 版" in mended.second.stdout


def test_pictures_that_are_refused_or_empty_are_not_held_and_fetched_by_the_next_run(mended):
    before, after = mended.after_first, mended.after_second
    assert before["images_held"] <= before["images"] - len((PICTURE, *REFUSED))
    assert (after["images_held"], after["images"]) == (31, 32)
    for name in (PICTURE, *REFUSED):
        assert sum(name in path for path in mended.asked) == 1


def test_a_picture_that_is_not_there_is_gone_the_second_time_and_silent(mended):
    assert f"{NO_PICTURE}?t=20231215: HTTP 404" in mended.first.stderr
    assert mended.second.stdout.strip().endswith("0 failed)")
    assert mended.after_second["images_gone"] == 1
    assert mended.attention == []


def test_what_an_earlier_run_missed_and_no_list_names_any_more_is_still_said(broken):
    assert broken.second.returncode == 1
    assert f"{VICTIM}: HTTP 500" in broken.first.stderr
    assert f"{VICTIM}: HTTP 500" in broken.second.stderr


def test_an_article_that_is_still_listed_is_asked_for_once(broken):
    assert sum(MISSING in path for path in broken.asked) == 1


def test_what_is_gone_is_said_no_more_beside_what_fails(broken):
    assert "1 failed, 1 gone, 1 picture missing" not in broken.first.stdout
    assert "1 gone" in broken.second.stdout
    for name in (PICTURE, MISSING):
        assert name in broken.first.stderr
        assert name not in broken.second.stderr
    assert broken.after_second["images_gone"] == 1
