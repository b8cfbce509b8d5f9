"""Pictures that cannot be had: said in the line, with their reasons, without failing the run."""

from __future__ import annotations

import json

from tests.crawl.twisted import html, twisted
from tests.crawls import Newsroom

PICTURE = "page_image_1_20231215A01.png"


def status(room):
    """Of the only paper: its newest edition, what is counted of it, and what asks for attention."""
    said = json.loads(room.run("newscrawl", "status", "--json").stdout)
    [paper] = said["papers"]
    return paper["edition"]["state"], paper["edition"]["tally"], said["attention"]


def test_pictures_that_fail_are_said_and_the_edition_is_complete(tmp_path):
    blocked = html(b"\n<!DOCTYPE html><title>403</title>")
    answers = {PICTURE: blocked, ".png": html(b"", status=500)}
    with twisted(tmp_path, answers) as (room, server, _site):
        done = room.crawl(server.url)
    assert done.returncode == 0
    assert done.stdout.strip().endswith("0 failed, 32 pictures missing)")
    assert ".png: HTTP 500" in done.stderr
    assert "and 12 more" in done.stderr
    state, tally, attention = status(room)
    assert state == "complete"
    assert (tally["images"], tally["images_held"], tally["images_gone"]) == (32, 0, 0)
    assert attention == ["hangzhou_daily: 32 pictures of 2023-12-15 missing"]
    said = json.loads(room.run("newscrawl", "status", "--json").stdout)
    reasons = {each["url"].partition("?")[0].rpartition("/")[2]: each["reason"]
               for each in said["papers"][0]["last_run"]["reasons"]}  # fmt: skip
    assert reasons[PICTURE] == "a page, and no picture: is it blocked?"


def test_pictures_that_are_not_wanted_are_not_missed(tmp_path):
    with twisted(tmp_path, {}) as (room, server, _site):
        plain = Newsroom(tmp_path, {**room.environment, "NEWSCRAWL_FETCH_IMAGES": "0"})
        done = plain.crawl(server.url)
    assert done.stdout.strip().endswith("0 failed)")
    assert status(plain)[2] == []
