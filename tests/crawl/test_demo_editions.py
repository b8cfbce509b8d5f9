"""The demo's editions, crawled by the real command in three skins, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.demo.skins import SKINS
from newscrawl.home import Home
from newscrawl.items import Article
from tests.crawls import FIRST, SECOND, demo
from tests.expected import Expected, expected

FIELDS = (
    "headline",
    "kicker",
    "subhead",
    "source",
    "continuation",
    "reporters",
    "correspondents",
)


@dataclass(frozen=True)
class Told:
    """An edition, and what its crawl is to say."""

    name: str
    day: date
    line: str
    status: int

    @property
    def truth(self) -> list[Expected]:
        """The articles that the site has."""
        return [each for each in expected(self.name) if not each.piece.missing]


EDITIONS = (
    Told("first", FIRST, "12/12 版  90/90 篇  (0 late, 2 picture only, 0 failed)", 0),
    Told("second", SECOND, "12/12 版  89/90 篇  (0 late, 3 picture only, 1 failed)", 1),
)


@dataclass(frozen=True)
class Crawled:
    """What a crawl has recorded, by page and number, and what it should have."""

    truth: list[Expected]
    day: date
    articles: dict[tuple[str, int], Article]

    def told(self, field: str) -> dict[tuple[str, int], Any]:
        return {each.key: each.values[field] for each in self.truth}

    def read(self, field: str) -> dict[tuple[str, int], Any]:
        return {key: getattr(article, field) for key, article in self.articles.items()}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((each, skin), id=f"{each.name}-{skin}", marks=marks)
        for each, marks in zip(EDITIONS, ((), pytest.mark.slow), strict=True)
        for skin in sorted(SKINS)
    ],
)
def crawled(request, tmp_path_factory):
    """A crawl of an edition in a skin."""
    edition, skin = request.param
    home = tmp_path_factory.mktemp(f"{edition.name}-{skin}")
    with demo(home, SKINS[skin]) as (newsroom, _site, server):
        done = newsroom.crawl(server.url, day=edition.day)
    assert done.returncode == edition.status, done.stderr + done.stdout
    assert len(done.stderr.splitlines()) == edition.status
    assert done.stdout.splitlines() == [f"杭州日报 {edition.day}  {edition.line}"]
    catalogue = Catalogue.open(Home(home).catalogue)
    with catalogue.read() as connection:
        found = [version.article for version in versions.after(connection, 0, 1000)]
    catalogue.close()
    articles = {(article.page, article.number): article for article in found}
    return Crawled(edition.truth, edition.day, articles)


def test_the_edition_is_complete(crawled):
    assert sorted(crawled.articles) == sorted(each.key for each in crawled.truth)


@pytest.mark.parametrize("field", FIELDS)
def test_every_article_has_its_field(crawled, field):
    assert crawled.read(field) == crawled.told(field)


def test_every_article_has_its_text(crawled):
    assert crawled.read("paragraphs") == {each.key: each.paragraphs for each in crawled.truth}


def test_every_picture_has_its_caption(crawled):
    read = {
        key: [image.caption for image in images] for key, images in crawled.read("images").items()
    }
    assert read == crawled.told("captions")


def test_pictures_without_a_word_are_told_apart(crawled):
    assert crawled.read("picture_only") == crawled.told("picture_only")


def test_every_article_has_its_page_and_its_place_on_it(crawled):
    for each in crawled.truth:
        article = crawled.articles[each.key]
        assert article.page_name == each.page.name
        assert article.edition == str(crawled.day)
        if article.polygon is not None:
            drawn = [
                [round(100 * x / 644, 2), round(100 * y / 1024, 2)] for x, y in each.piece.polygon
            ]
            assert [list(point) for point in article.polygon] == drawn
    assert sum(article.polygon is not None for article in crawled.articles.values()) >= 70
