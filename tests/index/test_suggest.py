"""What may have been meant by a query that finds nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings

from newscrawl.index.suggest import LONGEST_RUN, MOST_CHARACTERS, suggest
from newscrawl.query.parse import parse
from tests.query.pairs import PIECES, queries, written

VOCABULARY = {
    "临空": 300, "经济": 9000, "萧山": 1500, "机场": 800, "营商": 400, "环境": 3000,
    "营商环境": 390, "莫干山": 50, "周知行": 4, "知行": 20, "权力": 300, "权利": 200,
    "机构": 900, "林业": 100, "示范": 400, "示范区": 380, "亚运会": 500, "亚运": 700,
    "杭州": 9999, "山": 300, "林": 200, "空": 100, "星空": 20, "天空": 90, "临": 5,
    "microsoft": 12, "mississippi": 3, "ai": 500, "ar": 40, "2023": 4000,
}  # fmt: skip


VERSIONS = 10_000


def best(query: str, most: int = 3) -> list[str]:
    return suggest(parse(query), Shelved(VOCABULARY).beginning, VERSIONS, most)


class Shelved:
    """An index of some words, and which of them it was asked for."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = words
        self.given: list[str] = []

    def beginning(self, characters: Iterable[str]) -> dict[str, int]:
        firsts = frozenset(characters)
        found = {word: count for word, count in self.words.items() if word[0] in firsts}
        self.given += found
        return found


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("林空", "临空"),
        ("肖山", "萧山"),
        ("林空经济", "临空经济"),
        ("肖山机场", "萧山机场"),
        ("肖山机场林空经济示范区", "萧山机场临空经济示范区"),
        ("林空经济 肖山机场", "临空经济 萧山机场"),
        ("权利机构", "权力机构"),
    ],
)
def test_characters_of_the_same_sound(query: str, meant: str) -> None:
    assert best(query)[0] == meant


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("莫于山", "莫干山"),
        ("营商境", "营商环境"),
        ("营环商境", "营商环境"),
        ("亚运协会", "亚运会"),
    ],
)
def test_a_character_too_many_too_few_another_or_in_another_place(query: str, meant: str) -> None:
    assert best(query)[0] == meant


def test_a_name_that_the_segmenter_cut_is_taken_as_a_whole() -> None:
    assert best("周之行")[0] == "周知行"


@pytest.mark.parametrize(
    ("query", "meant"),
    [("mircosoft", "microsoft"), ("Microsfot", "microsoft"), ("missisippi", "mississippi")],
)
def test_slips_in_latin_words(query: str, meant: str) -> None:
    assert best(query) == [meant]


@pytest.mark.parametrize(
    "query",
    ["ao", "2024", "林", "环境营商", "paper:林空日报", "author:肖山", "date:2023-12", "-林空"],
)
def test_where_there_is_no_slip_nothing_is_asked(query: str) -> None:
    assert best(query) == []


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("headline:林空 -广告", "headline:临空 -广告"),
        ("林空* 杭州", "临空* 杭州"),
        ("(林空 OR 肖山) 杭州", "(临空 OR 萧山) 杭州"),
        ("“林空”经济", "临空 经济"),
        ("林空 林空", "临空 临空"),
        ("杭州 -(肖山 林空) 肖山", "杭州 -(肖山 林空) 萧山"),
    ],
)
def test_the_rest_of_the_query_stays(query: str, meant: str) -> None:
    assert best(query)[0] == meant


def test_the_likelier_comes_first_and_no_more_than_asked_for() -> None:
    several = best("林空 肖山")
    assert several[0] == "临空 萧山"
    assert set(several[1:]) == {"临空 肖山", "林空 萧山"}
    assert best("林空 肖山", most=1) == several[:1]


def test_frequent_words_are_likelier() -> None:
    words = Shelved({"公示": 900, "攻势": 20, "工事": 3})
    assert suggest(parse("宫室"), words.beginning, VERSIONS) == ["公示", "攻势", "工事"]


@settings(max_examples=200)
@given(queries().flatmap(written))
def test_every_suggestion_can_be_asked_and_is_another_query(query: str) -> None:
    asked = parse(query)
    near = {word[:-1] + "景": 5 for word in PIECES if word.isalnum()}
    for suggestion in suggest(asked, Shelved(VOCABULARY | near).beginning, VERSIONS):
        assert parse(suggestion) != asked


def test_without_words_there_is_nothing_to_suggest() -> None:
    assert suggest(parse("林空"), Shelved({}).beginning, 0) == []


def test_what_was_copied_is_left_alone() -> None:
    assert best("林空" + "杭州" * LONGEST_RUN) == []


def test_of_a_long_query_the_first_runs_are_looked_at() -> None:
    others = [word for word in VOCABULARY if len(word) > 1]
    many = " ".join(["林空", *others])
    assert len("".join(others)) > MOST_CHARACTERS
    assert best(many)[0] == many.replace("林空", "临空", 1)
    assert best(" ".join([*others, "林空"])) == best(" ".join(others))


def test_the_index_is_asked_for_words_that_begin_as_something_of_the_query_sounds() -> None:
    words = Shelved(VOCABULARY)
    assert suggest(parse("林空 2023 a320"), words.beginning, VERSIONS)[0] == "临空 2023 a320"
    assert sorted(words.given) == sorted(["临空", "临", "林业", "林", "空"])
