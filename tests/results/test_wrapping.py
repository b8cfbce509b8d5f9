"""Lines begin and end where a typesetter would let them, and nothing is lost on the way."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from uniseg.linebreak import line_break_units

from newscrawl.results import wrapping
from newscrawl.results.wrapping import NEVER_FIRST, say, wrapped

REPORT = "本报讯（记者 单怀远）早上去公园没有厕所，放学路口缺个护学岗，“社区食堂”晚上不开门……"
TEXTS = st.text("一报记者，。、；：？！（）《》“”‘’…—　 a1bZ7.-%$/é\u0301あ한", max_size=60)


def plain(text, width):
    return [line.plain for line in wrapped(Text(text), width)]


def test_punctuation_begins_no_line_and_a_blank_is_no_reason_to_end_one():
    assert plain(REPORT, 30) == [
        "本报讯（记者 单怀远）早上去公",
        "园没有厕所，放学路口缺个护学",
        "岗，“社区食堂”晚上不开门……",
    ]
    assert plain("岗位，去向", 5) == ["岗", "位，", "去向"]
    assert plain("他说 ：“好 ”。", 7) == ["他说 ：", "“好 ”。"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("杭州 Newspaper 报纸", 12, ["杭州", "Newspaper 报", "纸"]),
        ("共12.5%的人", 6, ["共", "12.5%", "的人"]),
        ("abcdefghij，klm", 10, ["abcdefghi", "j，klm"]),
        ("“一个好 ”他", 8, ["“一个", "好 ”他"]),
        ("。。。。。", 4, ["。。", "。。", "。"]),
        ("　　段落缩进", 8, ["　　段落", "缩进"]),
        ("一\n\n二", 8, ["一", "二"]),
        ("", 8, []),
        (" ", 8, []),
    ],
)
def test_words_stay_whole_and_what_is_wider_than_a_line_is_folded(text, width, lines):
    assert plain(text, width) == lines


def test_styles_stay_where_they_were():
    text = Text("临空经济示范区昨日挂牌", style="bold")
    text.stylize("yellow", 4, 7)
    first, second = wrapped(text, 12)
    assert (first.plain, second.plain) == ("临空经济示范", "区昨日挂牌")
    assert {str(line.style) for line in (first, second)} == {"bold"}
    assert [(span.start, span.end) for line in (first, second) for span in line.spans] == [
        (4, 6),
        (0, 1),
    ]


@given(TEXTS, st.integers(2, 40))
def test_lines_are_the_text_without_the_blanks_where_it_was_broken(text, width):
    lines = plain(text, width)
    place = 0
    for line in lines:
        start = text.index(line, place)
        assert not text[place:start].strip()
        assert line == line.rstrip()
        place = start + len(line)
    assert not text[place:].strip()


@given(TEXTS, st.integers(2, 40))
@example("1\u3000’’", 4)
def test_no_line_is_wider_than_it_may_be_nor_begins_with_what_ends_one(text, width):
    lines = plain(text, width)
    assert all(cell_len(line) <= width for line in lines)
    for before, line in pairwise(lines):
        if line[0] in NEVER_FIRST:  # then there was no other place to break at
            assert all(sign in NEVER_FIRST for sign in before[1:] if not sign.isspace())


@given(TEXTS)
def test_the_breaks_are_those_of_the_standard(text):
    """Found piece by piece, in frames that are known already, and much faster."""
    ends, end = [], 0
    for unit in line_break_units(text):
        end += len(unit)
        if end == len(text) or text[end] not in NEVER_FIRST:
            ends.append(end)
    assert list(wrapping._opportunities(text)) == (ends or [0])


def test_a_text_without_a_break_takes_no_time():
    assert len(plain(" " * 100_000 + "尾", 80)) == 1
    assert len(plain("a" * 100_000, 80)) == 1500  # 200 are looked at together


@pytest.mark.parametrize(
    ("terminal", "printed"),
    [
        (True, "  渡口昨日恢\n  复通航，市\n  民称便。\n"),
        (False, "  渡口昨日恢复通航，市民称便。\n"),
    ],
)
def test_a_paragraph_is_wrapped_on_a_terminal_and_a_line_in_a_pipe(terminal, printed):
    made = io.StringIO()
    console = Console(file=made, force_terminal=terminal, color_system=None, width=12)
    say(console, "渡口昨日恢复通航，市民称便。", "dim", indent="  ")
    assert made.getvalue() == printed
