from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from newscrawl.index.timeline import Timeline
from newscrawl.results.chart import ROWS, chart, chinese


def test_bars_stand_above_their_labels():
    days = [("2023-12-14", 1), ("2023-12-15", 0), ("2023-12-16", 24), ("2023-12-17", 12)]
    assert chart(Timeline("day", days), 80) == [
        "        ███",
        "        ███ ▄▄▄",
        "▁▁▁     ███ ███",
        "2023年12月14日 — 2023年12月17日",
        "at most 24 篇 a day: 2023年12月16日",
    ]


def test_many_bars_have_a_column_each_and_the_last_label_ends_below_the_last():
    days = [(f"2023-01-{day:02}", 1) for day in range(1, 32)]
    lines = chart(Timeline("day", [*days, ("2023-02-01", 1)]), 40)
    assert lines[0] == "█" * 32
    assert lines[3] == "2023年1月1日        2023年2月1日"
    assert cell_len(lines[3]) == 32


def test_where_there_are_more_buckets_than_columns_neighbours_share_a_bar():
    months = [("2023-01", 1), ("2023-02", 1), ("2023-03", 4)]
    assert chart(Timeline("month", months), 2)[:ROWS] == [" █", "▄█", "██"]


def test_one_bucket_is_said_once():
    assert chart(Timeline("year", [("2023", 2)]), 10) == ["███"] * ROWS + ["2 篇: 2023年"]


def test_nothing_has_no_chart():
    assert chart(Timeline("day", []), 80) == []


def test_labels_are_written_as_they_are_said():
    assert [chinese(label) for label in ("2023", "2023-10", "2023-01-05")] == [
        "2023年",
        "2023年10月",
        "2023年1月5日",
    ]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=200).filter(any), st.integers(20, 120))
def test_no_line_is_wider_than_it_may_be_and_what_is_there_is_seen(counts, width):
    lines = chart(
        Timeline("year", [(str(1000 + n), count) for n, count in enumerate(counts)]), width
    )
    assert max(map(cell_len, lines[: ROWS + 1])) <= width
    assert len(lines) == ROWS + min(2, len(counts))
    if len(counts) * 2 > width >= len(counts):
        bottom = lines[ROWS - 1].ljust(len(counts))
        assert [block != " " for block in bottom] == [count > 0 for count in counts]
