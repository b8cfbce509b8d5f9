"""A hit as a terminal shows it."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from newscrawl.catalogue.versions import Version
from newscrawl.index.rows import Row
from newscrawl.index.search import Hit
from newscrawl.query.highlight import Passage, mark
from newscrawl.query.parse import parse
from newscrawl.results.hits import hits
from newscrawl.results.wrapping import NEVER_FIRST
from tests.makers import NOW, PAPER, TITLE, article

PASSAGE = "渡口昨日恢复通航，首班船载客七人，“市民”称赞出行方便。" * 3


def row(headline="渡口恢复通航", snippets=(PASSAGE,), spans=((0, 2),), **changes):
    item = article(1, headline=headline, **changes)
    version = Version(1, f"{PAPER}/2023-12-15/A01/1", 1, "sound", True, NOW, TITLE, "", item)
    passages = tuple(Passage(text, ((0, 2),)) for text in snippets)
    return Row(Hit(version, 1.0, Passage(headline, spans), passages))


def lines(*rows, width):
    return [line for each in hits(rows, width) for line in each.plain.split("\n")]


def test_place_and_text_stand_beside_each_other():
    assert lines(row(snippets=["渡口通航，" * 8]), width=60) == [
        "杭州日报    渡口恢复通航",
        "2023-12-15  渡口通航，渡口通航，渡口通航，渡口通航，渡口通",
        "A01 要闻    航，渡口通航，渡口通航，渡口通航，",
        "            hangzhou_daily/2023-12-15/A01/1",
        "            2023-12-15 08:45:10",
        "",
    ]


def test_in_a_narrow_terminal_the_place_stands_above():
    shown = lines(row(snippets=["渡口通航，" * 4]), width=24)
    assert shown[:2] == ["杭州日报 2023-12-15 A01", "要闻"]
    assert shown[2:5] == ["渡口恢复通航", "渡口通航，渡口通航，渡口", "通航，渡口通航，"]


def test_a_headline_of_several_lines_is_shown_as_one_and_marked_across_its_break():
    made = mark(parse("口恢复"), "渡口\n恢复通航", "headline")
    shown = next(hits([row(made.text, spans=made.spans)], 80))
    assert shown.plain.startswith("杭州日报    渡口 恢复通航\n")
    [yellow] = [span for span in shown.spans if span.style == "bold yellow" and span.start < 20]
    assert shown.plain[yellow.start : yellow.end] == "口 恢复"


def test_without_a_passage_there_is_no_empty_line():
    assert lines(row(snippets=[""], page="", page_name=""), width=80) == [
        "杭州日报    渡口恢复通航",
        "2023-12-15  hangzhou_daily/2023-12-15/A01/1  2023-12-15 08:45:10",
        "",
    ]


@pytest.mark.parametrize("width", range(20, 140, 3))
def test_no_line_is_padded_too_wide_or_begins_with_what_ends_one(width):
    named = row(page_name="经济·观察与思考特别版面", headline="渡口，" * 20)
    for line in lines(named, row(), width=width):
        assert line == line.rstrip()
        assert cell_len(line) <= width or PAPER in line  # an id is not broken
        assert line.lstrip()[:1] not in tuple(NEVER_FIRST)


def test_only_the_headline_is_bold_and_only_the_place_is_cyan():
    made = io.StringIO()
    console = Console(file=made, force_terminal=True, color_system="standard", width=80)
    for each in hits([row()], 80):
        console.print(each, soft_wrap=True)
    first, second, *_ = made.getvalue().splitlines()
    assert first == "\x1b[36m杭州日报\x1b[0m    \x1b[1;33m渡口\x1b[0m\x1b[1m恢复通航\x1b[0m"
    assert second.startswith("\x1b[36m2023-12-15\x1b[0m  \x1b[1;33m渡口\x1b[0m昨日恢复通航，")
