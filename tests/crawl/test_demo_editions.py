"""The demo's editions, crawled by the real command in three skins, field by field."""

from __future__ import annotations

import pytest

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.demo.skins import SKINS
from newscrawl.home import Home
from tests.crawls import FIRST, demo
from tests.expected import expected

TRUTH = list(expected("first"))
LINE = "杭州日报 2023-12-15  12/12 版  90/90 篇  (0 late, 2 picture only, 0 failed)"
PLAIN_FIELDS = ("headline", "kicker", "subhead", "source", "continuation")
LISTS = ("reporters", "correspondents")


@pytest.fixture(scope="module", params=sorted(SKINS))
def crawled(request, tmp_path_factory):
    """What a crawl of the first edition in a skin has recorded, by page and number."""
    home = tmp_path_factory.mktemp(request.param)
    with demo(home, SKINS[request.param]) as (newsroom, _site, server):
        done = newsroom.crawl(server.url)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stderr == ""
    assert done.stdout.splitlines() == [LINE]
    catalogue = Catalogue.open(Home(home).catalogue)
    with catalogue.read() as connection:
        found = [version.article for version in versions.after(connection, 0, 1000)]
    catalogue.close()
    return {(article.page, article.number): article for article in found}


def test_the_edition_is_complete(crawled):
    assert sorted(crawled) == sorted(each.key for each in TRUTH)


@pytest.mark.parametrize("field", PLAIN_FIELDS)
def test_every_article_has_its_field(crawled, field):
    got = {key: getattr(article, field) for key, article in crawled.items()}
    assert got == {each.key: each.values[field] for each in TRUTH}


@pytest.mark.parametrize("field", LISTS)
def test_every_article_has_its_names(crawled, field):
    got = {key: getattr(article, field) for key, article in crawled.items()}
    assert got == {each.key: each.values[field] for each in TRUTH}


def test_every_article_has_its_text(crawled):
    got = {key: article.paragraphs for key, article in crawled.items()}
    assert got == {each.key: each.paragraphs for each in TRUTH}


def test_every_picture_has_its_caption(crawled):
    got = {key: [image.caption for image in each.images] for key, each in crawled.items()}
    assert got == {each.key: each.values["captions"] for each in TRUTH}


def test_pictures_without_a_word_are_told_apart(crawled):
    got = {key for key, article in crawled.items() if article.picture_only}
    assert got == {each.key for each in TRUTH if each.values["picture_only"]}


def test_every_article_has_its_page_and_its_place_on_it(crawled):
    for each in TRUTH:
        article = crawled[each.key]
        assert article.page_name == each.page.name
        assert article.edition == str(FIRST)
        if article.polygon is not None:
            drawn = [
                [round(100 * x / 644, 2), round(100 * y / 1024, 2)] for x, y in each.piece.polygon
            ]
            assert [list(point) for point in article.polygon] == drawn
    assert sum(article.polygon is not None for article in crawled.values()) >= 70
