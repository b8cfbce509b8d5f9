import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.text.fold import fold
from newscrawl.text.runs import HAN, Kind, runs, searchable, searchable_lines, searchables

TEXTS = st.text(st.sampled_from("王小明记者甲aB5ｇ　 \n\t，。\U00020bb7〇臺"), max_size=40)


@pytest.mark.parametrize(
    ("shown", "sought"),
    [
        ("王　伟", "王伟"),
        ("记者 王 小 明", "记者 王小明"),
        ("记者　王　伟　摄影", "记者 王伟 摄影"),
        ("（王　　伟）", "(王伟)"),
        ("通讯员 李四 王五", "通讯员 李四 王五"),
        ("甲 乙丙", "甲 乙丙"),
        ("萧山\n机场", "萧山机场"),
        ("萧山  \r\n　　机场", "萧山机场"),
        ("5G\n手机", "5g手机"),
        ("open\nsource", "open source"),
        ("AI：\nlab，\n机场", "ai: lab,机场"),
        ("市\n王 伟", "市王 伟"),
    ],
)
def test_layout_goes_and_nothing_else(shown: str, sought: str) -> None:
    assert searchable(shown).text == sought


@given(TEXTS)
def test_every_character_leads_back_to_its_place(paragraph: str) -> None:
    found = searchable(paragraph)
    origins = [found.origin(place) for place in range(len(found.text) + 1)]
    shown = [paragraph[origin].replace("\n", " ") for origin in origins[:-1]]
    assert fold("".join(shown)) == found.text
    assert origins == sorted(set(origins))
    assert origins[-1] == len(paragraph)


@given(st.lists(TEXTS.filter(lambda text: "\n" not in text), max_size=5))
@example(["王 伟", "记者　王　伟", "甲\r乙"])
def test_lines_are_searchable_each_by_itself(paragraphs: list[str]) -> None:
    each = "\n".join(searchable(paragraph).text for paragraph in paragraphs)
    assert searchable_lines("\n".join(paragraphs)) == each


@given(st.lists(TEXTS, max_size=5))
@example([])
@example(["王 伟", "", "甲\0乙", "萧山\n机场"])
def test_texts_are_searchable_each_by_itself(texts: list[str]) -> None:
    assert searchables(texts) == [searchable(text) for text in texts]


@given(TEXTS)
def test_only_blanks_are_removed(paragraph: str) -> None:
    assert "".join(searchable(paragraph).text.split()) == "".join(fold(paragraph).split())


def test_nothing_is_copied_where_nothing_moves() -> None:
    assert searchable("杭州临空经济，5G 时代").offsets is None


def test_long_layout_takes_no_long_time() -> None:
    assert searchable("甲" + " " * 500_000 + ",").text.startswith("甲")
    assert len(searchable("王 伟 " * 100_000).text) < 500_000
    assert searchable("甲" + " \n" * 300_000 + "乙").text == "甲乙"


def test_runs_of_two_kinds() -> None:
    text = "5g手机pm2.5、é王䶮𠮷〇_а1"
    found = [(run.kind, text[run.start : run.end]) for run in runs(text)]
    assert found == [
        (Kind.WORD, "5g"),
        (Kind.HAN, "手机"),
        (Kind.WORD, "pm2"),
        (Kind.WORD, "5"),
        (Kind.WORD, "é"),
        (Kind.HAN, "王䶮𠮷〇"),
        (Kind.WORD, "а1"),
    ]


@given(st.text())
def test_runs_are_maximal_and_cover_all_letters(text: str) -> None:
    han = re.compile(f"[{HAN}]")
    covered: set[int] = set()
    end_before = {Kind.HAN: -1, Kind.WORD: -1}
    for kind, start, end in runs(text):
        assert start < end
        assert end_before[kind] < start
        assert {bool(han.match(each)) for each in text[start:end]} == {kind is Kind.HAN}
        end_before[kind] = end
        covered.update(range(start, end))
    for place, character in enumerate(text):
        assert (place in covered) == bool(character.isalnum() or han.match(character))
