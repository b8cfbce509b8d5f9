"""Where an article goes on, or where it began."""

from __future__ import annotations

import pytest

from newscrawl.extract.continuation import read_continuation


@pytest.mark.parametrize(
    ("paragraph", "continuation"),
    [
        ("（下转A02版）", "下转A02版"),
        ("（上接A01版）", "上接A01版"),
        ("省心的背后，是规则在变。（下转A03版）", "下转A03版"),
        ("（上接A01版）示范区里挂着一张地图。", "上接A01版"),
        ("（下转第二版）", "下转第二版"),
        ("(上接第一版)", "上接第一版"),
        ("下转A02版", "下转A02版"),
        ("上接A01版 示范区里挂着一张地图。", "上接A01版"),
        ("规则在变。下转A03版", "下转A03版"),
    ],
)
def test_a_reference_to_another_page(paragraph, continuation):
    assert read_continuation(["雨停了。", paragraph, "灯亮了。"]) == continuation


@pytest.mark.parametrize(
    "paragraph",
    [
        "",
        "他在台阶上接受采访时谈到A01版的照片。",
        "线上接受A01版采访",
        "坐在地上接过报纸的A01版。",
        "书上接着写道，初版已售完。",
        "他往下转了一圈。",
    ],
)
def test_false_friends_go_nowhere(paragraph):
    assert read_continuation([paragraph]) == ""


def test_the_first_reference_counts():
    assert read_continuation(["（上接A01版）", "雨停了。（下转A05版）"]) == "上接A01版"
