"""Raw substrings are cut anywhere but through a word; where they stand is told by brute force."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import raw, recall
from benchmarks.held import Held, held
from newscrawl.index.search import Searcher
from newscrawl.items import Article
from newscrawl.query.subject import folded
from tests.makers import article, indexed

TEXTS = (
    (
        "ＡＩ进社区，5G上车间",
        ["MAIN厅昨日开放：“AI导览”免费。", "《渡口》一书，定价38.50元（含税）。"],
    ),
    (
        "张三　李四谈AI",
        ["王　伟：“COVID-19之后，A股涨了2.3%。”", "路径是C:\\data，「引号」和＂引号＂照录。"],
    ),
    ("三李巷改造", ["三李巷的门牌从2023号排到20230号。", "总投资1200万元。“渡口”见A05版。"]),
)


def articles() -> list[Article]:
    return [
        article(number, headline=headline, paragraphs=paragraphs)
        for number, (headline, paragraphs) in enumerate(TEXTS, 1)
    ]


def holding() -> list[Held]:
    return [
        Held(seq, each, "\n".join(map(folded, (each.headline, *each.paragraphs))))
        for seq, each in enumerate(articles(), 1)
    ]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("AI", {1, 2}),  # not in MAIN, and whatever its width
        ("AI导览", {1}),
        ("MAI", set()),
        ("2023", {3}),
        ("：“AI", {1}),
        (":“ai", {1}),
        ("“渡口”", {3}),
        ("渡口", {1, 3}),
        ("19之后，A", {2}),
        ("。《", set()),  # not from one paragraph into the next
        ("李四谈AI", {2}),
        ("王伟", {2}),
        ("王　伟", {2}),
        ("三　李", {2, 3}),  # by themselves a spaced name; in 张三　李四 two
        ("三 李四", {2}),
        ("张三李四", set()),
        (" 李四谈", {2}),
    ],
)
def test_it_is_known_where_a_text_stands(written: str, found: set[int]) -> None:
    assert raw.Standing(holding()).having(written) == found


@pytest.mark.parametrize("length", [2, 5, 8])
def test_what_is_cut_stands_in_a_text_and_splits_no_word(length: int) -> None:
    cut = raw.cuttings(holding(), length, 30)
    standing = raw.Standing(holding())
    assert len(set(cut)) == len(cut) > 20
    assert all(len(text) == length and standing.having(text) for text in cut)
    assert cut == raw.cuttings(holding(), length, 30)


def test_it_is_cut_of_whatever_characters_there_are() -> None:
    cut = [text for length in recall.LENGTHS for text in raw.cuttings(holding(), length, 1_000)]
    assert {"AI", "5G", "“渡", "A股涨", "A05版"} <= set(cut)
    assert not {"MA", "20", "，。"} & set(cut)


def test_nothing_is_cut_where_no_text_is_so_long() -> None:
    assert raw.cuttings(holding(), 200, 5) == []


def test_an_index_finds_every_raw_substring_and_nothing_else(tmp_path: Path) -> None:
    home, catalogue = indexed(tmp_path / "home", articles())
    searcher = Searcher(home, catalogue)
    cut, tally = recall.cut_raw(held(catalogue), 1_000, recall.finder(searcher))
    searcher.close()
    catalogue.close()
    assert len(cut) > 300
    assert (tally.missed, tally.wrong) == ([], [])
    assert tally.right == tally.expected > len(cut)


def test_what_a_lossy_index_misses_is_counted() -> None:
    _cut, tally = recall.cut_raw(holding(), 5, lambda _query: frozenset({1}))
    assert tally.missed
    assert tally.wrong
