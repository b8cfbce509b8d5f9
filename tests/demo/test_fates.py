"""What the sample newspaper's site answers on a later day."""

from __future__ import annotations

import pytest

from newscrawl.demo.fates import (
    AFTERMATH,
    BUSY,
    CAPTCHA,
    NOTICE,
    SENT_HOME,
    TAKEN_AWAY,
    TAKEN_AWAY_FOR_GOOD,
    Fate,
)
from newscrawl.demo.site import Site
from newscrawl.demo.skins import SKINS
from tests.demo.pages import EDITIONS, FIRST, paths, text_of

ONE = paths(FIRST).article_detail("A02", 1)
PAGES = paths(FIRST).page_list


def site(fates, skin=SKINS["plain"]):
    made = Site(EDITIONS, skin)
    made.publish_late()
    made.befall({FIRST: fates})
    return made


@pytest.mark.parametrize(
    ("fate", "status", "listed"),
    [
        (TAKEN_AWAY, 404, False),
        (TAKEN_AWAY_FOR_GOOD, 410, False),
        (SENT_HOME, 302, True),
        (NOTICE, 200, True),
        (CAPTCHA, 200, True),
        (BUSY, 503, True),
    ],
)
@pytest.mark.parametrize("skin", SKINS.values(), ids=SKINS)
def test_an_article_meets_its_fate_and_is_there_again_after_it(fate, status, listed, skin):
    made = site({("A03", 1): fate}, skin)
    path = paths(FIRST).article_detail("A03", 1)
    answer = made.answer("GET", path, {})
    assert answer.status == status
    assert (("Location", "/") in answer.headers) == (status == 302)
    assert answer.body.decode().count(fate.words) >= 1
    lists = text_of(made, paths(FIRST).page_view("A03"))
    lists += text_of(made, paths(FIRST).article_list("A03"))
    assert (path.rpartition("/")[2] in lists) == listed
    made.befall({})
    assert made.answer("GET", path, {}).status == 200


def test_a_moved_article_is_listed_and_there_at_its_new_place():
    made = site({("A02", 1): Fate(301, to=("A12", 90))})
    new = paths(FIRST).article_detail("A12", 90)
    assert ("Location", new) in made.answer("GET", ONE, {}).headers
    assert "跑道边的窗口" in text_of(made, new)
    assert new.rpartition("/")[2] in text_of(made, paths(FIRST).article_list("A12"))
    assert ONE.rpartition("/")[2] not in text_of(made, paths(FIRST).article_list("A02"))


def test_articles_may_change_places():
    made = site({("A02", 1): Fate(to=("A02", 2)), ("A02", 2): Fate(to=("A02", 1))})
    assert "麻烦你" in text_of(made, ONE)
    assert "跑道边的窗口" in text_of(made, paths(FIRST).article_detail("A02", 2))


def test_frames_change_at_every_reading_and_not_between():
    made = site({})
    text_of(made, PAGES)
    first, again = text_of(made, ONE), text_of(made, ONE)
    text_of(made, PAGES)
    assert first == again != text_of(made, ONE)
    assert "本文阅读" in first
    assert "相关阅读" in first


def test_a_front_page_is_there_for_whom_is_sent_to_it():
    assert "数字报" in Site(EDITIONS).answer("GET", "/", {}).body.decode()


def test_every_fate_concerns_an_article_of_the_edition():
    known = {(page.code, piece.number) for page in EDITIONS[FIRST].pages for piece in page.pieces}
    assert AFTERMATH.keys() <= known
