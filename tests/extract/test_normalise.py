from dataclasses import replace

import pytest

from newscrawl.extract.html import LARGEST
from newscrawl.extract.normalise import (
    LINE,
    MOST_IMAGES,
    MOST_NAMES,
    PARAGRAPH,
    TEXT,
    normalise,
)
from newscrawl.items import Article, Image
from newscrawl.text.clean import on_one_line

PLAIN = Article("hangzhou_daily", "2023-12-15", "https://hzdaily.example/1", headline="题")
SENTENCE = "他说：“桥通了。”"


def test_a15_every_text_is_cleaned_and_bounded() -> None:
    article = normalise(
        replace(
            PLAIN,
            headline="\u202e题" * 1_000_000,
            kicker=" 引\u200b题\n二 ",
            reporters=["张\u0000三", "\u200b", " "],
            paragraphs=["　　一\r\n二 ", "", "\ufeff　", "Wi-Fi\n7"],
            images=[Image("javascript:x", "恶"), Image("http://a.example/1.jpg", " 图\n说 ")],
        )
    )
    assert len(article.headline) == LINE
    assert article.headline.startswith("题题")
    assert article.kicker == "引题\n二"
    assert article.reporters == ["张三"]
    assert article.paragraphs == ["一二", "Wi-Fi 7"]
    assert article.images == [Image("http://a.example/1.jpg", "图 说")]


def test_a_clean_article_stays_as_it_is() -> None:
    article = Article("p", "2023-12-15", "u", headline="题　目", paragraphs=["甲", "乙"], number=3)
    assert normalise(article) == article
    assert normalise(article) is not article


def test_headings_keep_their_lines_and_nothing_else_does() -> None:
    broken = "\n　甲 \u200b\r\n\n 乙\u2028丙 \n"
    headings = dict.fromkeys(("headline", "kicker", "subhead"), broken)
    others = dict.fromkeys(("source", "continuation", "page", "page_name", "edition_raw"), broken)
    article = normalise(replace(PLAIN, **headings, **others, reporters=[broken]))
    assert {getattr(article, name) for name in headings} == {"甲\n乙\n丙"}
    assert {getattr(article, name) for name in others} == {"甲 乙 丙"}
    assert article.reporters == ["甲 乙 丙"]
    assert normalise(article) == article


def test_a_heading_of_several_lines_is_bounded_as_one() -> None:
    for lines in ("题\n" * LINE, "题目\n" * LINE, "目\n题目\n" * LINE):
        long = normalise(replace(PLAIN, headline=lines))
        assert LINE - 1 <= len(long.headline) <= LINE
        assert long.headline.endswith(("题…", "目…"))
        assert long.shortened
        spaced = normalise(replace(PLAIN, headline=lines.replace("\n", " ")))
        assert on_one_line(long.headline) == spaced.headline


def test_what_a_page_can_hold_is_kept_whole() -> None:
    assert TEXT >= LARGEST
    paragraphs = ["甲" * 300_000, *(f"第{number}段" for number in range(30_000))]
    kept = normalise(replace(PLAIN, headline="题" * 1_000, paragraphs=paragraphs))
    assert kept.paragraphs == paragraphs
    assert kept.headline == "题" * 1_000
    assert not kept.shortened


def test_a_paragraph_beyond_all_measure_parts_behind_a_sentence() -> None:
    endless = "雨停了。" + SENTENCE * (PARAGRAPH // len(SENTENCE) + 1)
    first, second = normalise(replace(PLAIN, paragraphs=[endless])).paragraphs
    assert first + second == endless
    assert PARAGRAPH - len(SENTENCE) < len(first) <= PARAGRAPH
    assert second.startswith("他说：")


def test_a_paragraph_without_any_sentence_parts_where_it_must() -> None:
    kept = normalise(replace(PLAIN, paragraphs=["雨" * (2 * PARAGRAPH + 1)]))
    assert list(map(len, kept.paragraphs)) == [PARAGRAPH, PARAGRAPH, 1]
    assert not kept.shortened


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "题" * (LINE + 1)},
        {"kicker": "题" * (LINE + 1)},
        {"source": "题" * (LINE + 1)},
        {"reporters": ["张三"] * (MOST_NAMES + 1)},
        {"correspondents": ["张" * (LINE + 1)]},
        {"paragraphs": ["雨停了。" * 1_000] * (TEXT // 4_000 + 1)},
        {"images": [Image("http://a.example/1.jpg")] * (MOST_IMAGES + 1)},
        {"images": [Image("http://a.example/1.jpg", "图" * (LINE + 1))]},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a15_what_is_left_out_is_said(changes: dict[str, object]) -> None:
    [(name, given)] = changes.items()
    kept = normalise(replace(PLAIN, **changes))
    assert kept.shortened
    assert getattr(kept, name) != given
    assert normalise(kept) == kept
    assert not normalise(PLAIN).shortened
