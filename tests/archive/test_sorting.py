from __future__ import annotations

import random

from newscrawl.archive.sorting import SortedLines


def test_lines_come_in_order_and_once_whatever_fits_into_memory(tmp_path):
    lines = [f"{number:03} 渡口\n" for number in range(200)]
    given = lines * 2
    random.Random(5).shuffle(given)
    for at_once in (7, 100, 1_000):
        with SortedLines(tmp_path, at_once) as held:
            for line in given:
                held.add(line)
            assert list(held) == lines


def test_nothing_is_left_of_what_did_not_fit(tmp_path):
    with SortedLines(tmp_path, 2) as held:
        for number in range(9):
            held.add(f"{number}\n")
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []
