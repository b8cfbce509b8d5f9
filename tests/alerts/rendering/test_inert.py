from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.alerts.rendering.inert import cleaned, inert, line, link, shortened, unlinked
from newscrawl.query.highlight import Passage

NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "@<>[]()*_`~|\\/:.#!& \r\n\t\u202e\u2066\u200d\u200b\u0301杭州a1𠮷👨\ud800"
        ),
    ),
    max_size=60,
)


@st.composite
def nasty_passages(draw):
    text = draw(NASTY)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    return Passage(text, tuple(zip(cuts[::2], cuts[1::2], strict=False)))


def test_a_passage_keeps_its_marks_where_signs_are_removed():
    passage = cleaned(Passage("机\u202e场\r\n临\u200b空", ((5, 8),)))
    assert passage == Passage("机场  临空", ((4, 6),))


def test_an_emoji_that_is_joined_stays_one():
    assert cleaned(Passage("👨‍👩‍👧a\u200db")).text == "👨‍👩‍👧ab"


@given(nasty_passages())
def test_nothing_is_left_that_controls(passage):
    clean = cleaned(passage)
    kinds = {unicodedata.category(sign) for sign in clean.text.replace("\u200d", "")}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    clean.text.encode()
    past = 0
    for start, end in clean.spans:
        assert past <= start < end <= len(clean.text)
        past = end


@given(NASTY)
def test_what_is_inert_has_as_many_characters_and_none_of_markup(text):
    made = inert(text)
    assert len(made) == len(text)
    assert not set(made) & set("@<>&[](){}*_~`#|\\$^")
    assert inert(made) == made


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://evil.com/a", "https：/／evil．com/a"),
        ("mailto:a@b.cn", "mailto：a＠b．cn"),
        ("见 www.evil.com。", "见 www．evil．com。"),
        ("例子.中国", "例子．中国"),
        ("203.0.113.5", "203．0.113.5"),
        ("增长3.5%，08:12", "增长3.5%，08:12"),
        ("End. Next", "End. Next"),
        ("/start 60 km/h", "／start 60 km/h"),
    ],
)
def test_links_and_commands_are_text(text, read):
    assert inert(text) == read


def test_what_only_unlinks_leaves_brackets():
    assert unlinked("(甲) [乙] a.b") == "(甲) [乙] a．b"


@given(nasty_passages(), st.integers(0, 30))
def test_what_is_shortened_is_short_and_begins_no_character_in_its_middle(passage, longest):
    short = shortened(cleaned(passage), longest)
    assert len(short.text.replace("…", "", 2)) <= max(longest, 0) or short == cleaned(passage)
    if short.text:
        assert not unicodedata.category(short.text.lstrip("…")[:1] or "a").startswith("M") or (
            short.text[0] == cleaned(passage).text[0]
        )
    assert all(0 <= start < end <= len(short.text) for start, end in short.spans)


def test_what_is_shortened_shows_its_first_mark():
    short = shortened(Passage("前" * 50 + "临空" + "后" * 50, ((50, 52),)), 20)
    (start, end) = short.spans[0]
    assert short.text[start:end] == "临空"
    assert short.text.startswith("…前")
    assert short.text.endswith("后…")


def test_a_line_is_one_line():
    assert line(" 临空\r\nBcc: a@b\x00 ", 8) == "临空  Bcc:…"


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://a.example/x?y=1&z=2#p", "https://a.example/x?y=1&z=2#p"),
        ("http://杭州.example:81/版", "http://xn--6rtr6s.example:81/%E7%89%88"),
        ("http://[2400:3200::1]:8/a", "http://[2400:3200::1]:8/a"),
        ("https://a.example/(x)[y]*<b>`|@all", "https://a.example/%28x%29%5By%5D%2A%3Cb%3E%60%7C%40all"),
        ("javascript:alert(1)", ""),
        ("ftp://a.example/", ""),
        ("https://paper.cn@evil.example/", ""),
        ("//evil.example", ""),
        ("https://a b.example/", ""),
        ("https://[x", ""),
        ("https://a.example:99999/", ""),
        ("https://a.example/" + "x" * 3000, ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_link_is_one_or_nothing(url, written):
    assert link(url) == written
