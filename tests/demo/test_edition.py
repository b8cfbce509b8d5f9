from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from newscrawl.demo.edition import EditionError, Picture, load_edition, read_page
from tests.demo.pages import printed

EXPECTED = Path(__file__).parent / "expected"
NAMES = ("first", "second")


@pytest.mark.parametrize("name", NAMES)
def test_an_edition_has_twelve_pages_and_ninety_articles(name: str) -> None:
    edition = load_edition(name)
    assert [page.code for page in edition.pages] == [f"A{number:02}" for number in range(1, 13)]
    assert sum(len(page.pieces) for page in edition.pages) == 90


def test_the_awkward_items_are_there() -> None:
    first, second = (list(printed(load_edition(name))) for name in NAMES)
    assert [(page.code, piece.number) for page, piece in first if piece.late] == [("A03", 10)]
    assert [(page.code, piece.number) for page, piece in first if piece.edited] == [("A04", 2)]
    assert [(page.code, piece.number) for page, piece in first if piece.fails_once] == [("A05", 6)]
    assert [piece.meta_charset for _, piece in first if piece.meta_charset] == ["gb2312"]
    assert [(page.code, piece.number) for page, piece in second if piece.missing] == [("A10", 5)]
    assert not any(piece.missing for _, piece in first)
    headlines = Counter(piece.headline for _, piece in (*first, *second))
    assert max(headlines.values()) > 1
    assert any(all(isinstance(each, Picture) for each in piece.blocks) for _, piece in first)
    assert any(len(piece.headline) == 2 and piece.kicker for _, piece in first)
    assert not load_edition("second").pages[-1].pieces


@pytest.mark.parametrize("name", NAMES)
def test_what_a_reader_expects_is_what_is_printed(name: str) -> None:
    for page in load_edition(name).pages:
        expected = tomllib.loads((EXPECTED / name / f"{page.code}.toml").read_text("utf-8"))
        for piece, wanted in zip(page.pieces, expected["articles"], strict=True):
            pictures = [block for block in piece.blocks if isinstance(block, Picture)]
            assert {
                "number": piece.number,
                "headline": "\n".join(piece.headline),
                "kicker": piece.kicker,
                "subhead": piece.subhead,
                "captions": [picture.caption for picture in pictures],
                "picture_only": len(pictures) == len(piece.blocks),
            }.items() <= wanted.items(), (page.code, piece.number)


def article(**changes: Any) -> dict[str, Any]:
    whole = {"number": 1, "headline": ["题"], "area": [0, 0, 9, 9], "blocks": [{"p": "文"}]}
    return {key: value for key, value in {**whole, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("articles", "complaint"),
    [
        ([article(headline=None)], "article 1 lacks headline"),
        ([article(headline=[])], "empty headline"),
        ([article(headline=["题", ""])], "empty headline"),
        ([article(heading=["题"])], "unknown keys: heading"),
        ([article(blocks=[])], "no blocks"),
        ([article(blocks=[{"q": "文"}])], "unknown block"),
        ([article(blocks=[{"p": "文", "caption": "图"}])], "unknown block"),
        ([article(blocks=[{"img": "1"}, {"img": "1"}])], "two pictures of one name"),
        ([article(area=[0, 0, 9])], "area of 3 numbers"),
        ([article(area=[0, 0, 645, 9])], "outside the page"),
        ([article(area=[9, 0, 9, 9])], "without extent"),
        ([article(number=2), article(number=2)], "article 2 stands after article 2"),
    ],
)
def test_a_wrong_page_is_named(articles: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(EditionError, match=complaint):
        read_page({"code": "A01", "name": "要闻", "articles": articles})


def test_a_page_without_articles_is_a_page() -> None:
    assert read_page({"code": "A12", "name": "广告", "articles": []}).pieces == ()


def test_a_rectangle_has_four_corners_clockwise_from_the_top_left() -> None:
    page = read_page({"code": "A01", "name": "要闻", "articles": [article(area=[1, 2, 3, 4])]})
    assert page.pieces[0].polygon == ((1, 2), (3, 2), (3, 4), (1, 4))
