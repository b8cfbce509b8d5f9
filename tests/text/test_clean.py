import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.text.clean import clean_line, clean_paragraph, flowing, on_one_line, showable


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("　　冷空气到货　周末最低5℃ \u00a0", "冷空气到货　周末最低5℃"),
        ("a\x00b\x1b[31m\x7f", "ab[31m"),
        ("\ufeff标\u200b题\u200d", "标题"),
        ("\u202e反\u2066转\u2069\u200f", "反转"),
        ("孤\ud800独", "孤独"),
        ("葛\U000e0100城\ufe0e", "葛城"),
        ("上\r\n　　下\t右", "上 下 右"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a15_a_line_shows_what_it_says(text: str, cleaned: str) -> None:
    assert clean_line(text, 100) == cleaned


@given(st.text())
def test_a15_nothing_invisible_is_left(text: str) -> None:
    cleaned = clean_paragraph(text, 1000)
    assert "\ufeff" not in cleaned
    assert {unicodedata.category(each) for each in cleaned.replace("\n", "")}.isdisjoint(
        {"Cc", "Cs"}
    )
    assert cleaned == cleaned.strip()
    assert clean_paragraph(cleaned, 1000) == cleaned


def test_a15_a_title_of_a_megabyte_is_cut() -> None:
    cleaned = clean_line("题" * 1_000_000, 500)
    assert len(cleaned) == 500
    assert cleaned.endswith("题…")


def test_lines_of_a_paragraph_stay_lines() -> None:
    assert clean_paragraph("　　一\r\n\r\n　二  \u2028三", 100) == "一\n二\n三"


@given(st.text())
def test_lines_shown_as_one_keep_every_place(text: str) -> None:
    cleaned = clean_paragraph(text, 1000)
    shown = on_one_line(cleaned)
    assert shown == clean_line(text, 1000)
    assert {pair for pair in zip(cleaned, shown, strict=True) if len(set(pair)) > 1} <= {
        ("\n", " ")
    }


@pytest.mark.parametrize(
    ("lines", "flowing_text"),
    [
        (["杭州", "", "临空 AI", "lab", "实验室"], "杭州临空 AI lab实验室"),
        (["ＡＩ", "MAIN"], "ＡＩ MAIN"),
        (["第１", "２届"], "第１ ２届"),
        (["café", "crème"], "café crème"),
        (["杭州，", "AI"], "杭州，AI"),
        (["“ＡＩ”", "ｌａｂ"], "“ＡＩ”ｌａｂ"),
        (["ＡＩ", "实验室"], "ＡＩ实验室"),
    ],
)
def test_lines_flow_together(lines: list[str], flowing_text: str) -> None:
    assert flowing(lines) == flowing_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("　　冷空气到货　周末最低5℃ ", "　　冷空气到货　周末最低5℃ "),
        ("一\r\n二\t三\u2028四\x85五\x1c六", "一  二 三 四 五 六"),
        ("a\x00b\ufffe\uffff\ud800c\u202e", "abc"),
        ("𠮷<&>", "𠮷<&>"),
    ],
)
def test_a_showable_text_is_one_line_of_what_can_be_seen(text: str, shown: str) -> None:
    assert showable(text) == shown


@given(st.text(st.characters(codec=None)))
def test_a_showable_text_fits_into_any_format(text: str) -> None:
    shown = showable(text)
    shown.encode()
    assert shown.splitlines() in ([shown], [])
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in shown)
    assert showable(shown) == shown
