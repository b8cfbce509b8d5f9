from __future__ import annotations

from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.query.highlight import Passage, mark, marked_html, passages, showable_passage
from newscrawl.query.parse import parse
from tests.query.pairs import PIECES, queries, written


def marked(passage: Passage) -> list[str]:
    return [passage.text[start:end] for start, end in passage.spans]


def test_marks_stand_where_the_reader_sees_the_words() -> None:
    passage = mark(parse("王伟 AI"), "记者：王　伟，ＡＩ在MAIN", "headline")
    assert passage.text == "记者：王　伟，ＡＩ在MAIN"
    assert marked(passage) == ["王　伟", "ＡＩ"]


def test_a_mark_goes_on_over_a_line_break() -> None:
    assert marked(mark(parse("临空经济"), "发展临空\n 经济区", "body")) == ["临空\n 经济"]


def test_only_what_the_query_asks_for_is_marked() -> None:
    query = parse("headline:通车 莫干山!莫干山路 -西湖 source:新华社")
    headline = mark(query, "莫干山路通车，莫干山与西湖，新华社", "headline")
    assert headline.spans == ((4, 6), (7, 10))
    assert mark(query, "通车", "body").spans == ()
    assert mark(query, "通车莫干山", None).spans == ((2, 5),)


def test_only_the_words_that_are_near_are_marked() -> None:
    assert mark(parse('"空 经"~2'), "空一二三经一二三空一经", "body").spans == ((8, 9), (10, 11))


def test_marks_that_touch_are_one() -> None:
    assert marked(mark(parse("临空 空经 济区"), "临空经济区", "body")) == ["临空经济区"]


def test_the_passage_with_most_different_words_is_best() -> None:
    paragraphs = ["临空临空临空临空", "。" * 50 + "临空一二营商" + "。" * 50, "临空"]
    (passage,) = passages(parse("临空 营商"), paragraphs, 20)
    assert marked(passage) == ["临空", "营商"]
    assert passage.text == "…" + "。" * 7 + "临空一二营商" + "。" * 7 + "…"


def test_several_passages_come_in_printed_order() -> None:
    paragraphs = ["无", "临空", "无", "营商营商"]
    found = passages(parse("临空 营商"), paragraphs, 20, limit=3)
    assert [passage.text for passage in found] == ["临空", "营商营商"]


def test_a_further_passage_shows_a_word_that_is_not_shown_yet() -> None:
    paragraphs = ["临空营商", "临空营商临空", "改革", "改革临空"]
    found = passages(parse("临空 营商 改革"), paragraphs, 20, limit=3)
    assert [passage.text for passage in found] == ["临空营商临空", "改革临空"]
    assert len(passages(parse("临空"), paragraphs, 20, limit=3)) == 1


def test_several_passages_of_a_long_paragraph_stand_apart() -> None:
    paragraph = "首" * 40 + "临空" + "中" * 40 + "营商" + "尾" * 40 + "改革"
    found = passages(parse("临空 营商 改革"), [paragraph], 10, limit=3)
    assert [passage.text for passage in found] == [
        "…首首首首临空中中中中…",
        "…中中中中营商尾尾尾尾…",
        "…尾尾尾尾尾尾尾尾改革",
    ]
    close = passages(parse("临空 营商"), ["一二三临空四五六七营商八九十"], 6, limit=2)
    assert [passage.text for passage in close] == ["…二三临空四五…", "…六七营商八九…"]


def test_without_a_hit_the_body_begins() -> None:
    assert passages(parse("-无"), ["", "一二三四五"], 3) == [Passage("一二三…")]
    assert passages(parse("无"), [], 3) == []
    assert len(passages(parse("无"), ["一二三", "四五六"], 3, limit=3)) == 1


def test_a_word_longer_than_the_width_is_shown_whole() -> None:
    (passage,) = passages(parse("二三四五六"), ["一二三四五六七"], 3)
    assert passage == Passage("…二三四五六…", ((1, 6),))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), max_size=3),
    queries().flatmap(written),
    st.integers(1, 60),
)
def test_passages_are_cut_from_the_text_and_their_marks_lie_inside(
    paragraphs: list[str], query: str, width: int
) -> None:
    for passage in passages(parse(query), paragraphs, width, limit=3):
        assert any(passage.text.strip("…") in paragraph for paragraph in paragraphs)
        places = [0, *(place for span in passage.spans for place in span), len(passage.text)]
        assert places == sorted(places)
        assert all(marked(passage))


def test_a_passage_is_escaped_and_then_marked() -> None:
    passage = mark(parse("onerror amp"), "<img onerror='x'>&amp;", "body")
    assert marked_html(passage) == (
        "&lt;img <mark>onerror</mark>=&#x27;x&#x27;&gt;&amp;<mark>amp</mark>;"
    )
    assert marked_html(Passage('"<b>"')) == "&quot;&lt;b&gt;&quot;"


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from((*PIECES, "<", ">", "&", '"', "</mark>", "<mark>", "&lt;"))),
    queries().flatmap(written),
)
def test_no_mark_makes_or_breaks_markup(pieces: list[str], query: str) -> None:
    passage = mark(parse(query), "".join(pieces), "body")
    text, *parts = marked_html(passage).split("<mark>")
    for part in parts:
        inside, _, behind = part.partition("</mark>")
        assert inside
        assert "<" not in inside + behind
        text += inside + behind
    assert "<" not in text
    assert unescape(text) == passage.text
    assert len(parts) == len(passage.spans)


def test_a_showable_passage_marks_the_same_characters() -> None:
    passage = Passage("\u200b发展\x00临\u200b空\n经济\x07\u202e区", ((4, 7), (8, 10), (10, 12)))
    shown = showable_passage(passage)
    assert shown.text == "发展临空 经济区"
    assert marked(shown) == ["临空", "经济"]
    assert showable_passage(shown) == shown
