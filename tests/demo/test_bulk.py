from __future__ import annotations

from datetime import date, timedelta

import pytest

from newscrawl.demo.bulk import bulk_editions
from newscrawl.demo.edition import Paragraph, Piece
from newscrawl.demo.site import Site
from tests.demo.pages import printed


def pieces(articles: int, seed: int) -> list[Piece]:
    return [piece for each in bulk_editions(articles, seed).values() for _, piece in printed(each)]


def body(piece: Piece) -> str:
    return "\n".join(block.text for block in piece.blocks if isinstance(block, Paragraph))


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    assert bulk_editions(100, 7) == bulk_editions(100, 7)
    assert bulk_editions(100, 7) != bulk_editions(100, 8)


@pytest.mark.parametrize("articles", [0, 1, 89, 90, 91, 1000])
def test_there_are_as_many_as_asked_and_no_two_alike(articles: int) -> None:
    made = pieces(articles, 1)
    assert len(made) == articles
    assert len({body(piece) for piece in made}) == articles


def test_days_are_consecutive_full_and_end_at_the_last() -> None:
    last = date(2022, 3, 1)
    editions = bulk_editions(200, 1, last)
    assert list(editions) == [last - timedelta(days=age) for age in range(3)]
    assert [len(list(printed(each))) for each in editions.values()] == [90, 90, 20]
    assert len(editions[last].pages) == 12
    assert all(page.pieces for each in editions.values() for page in each.pages)


def test_articles_are_as_long_as_news() -> None:
    lengths = sorted(len(body(piece)) for piece in pieces(2000, 1))
    assert 400 < sum(lengths) / len(lengths) < 460
    assert lengths[0] < 150
    assert lengths[-1] > 1000


def test_a_site_serves_them() -> None:
    site = Site(bulk_editions(30, 1))
    site.prepare("http://127.0.0.1")
    assert site.answer("GET", "/hzrb/2023/12/15/page_list_20231215.html", {}).status == 200
