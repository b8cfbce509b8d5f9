"""A count over time as a few lines of block characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from newscrawl.index.timeline import Timeline

ROWS = 3
WIDEST = 4
"""Columns of a bar, the gap behind it included."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_SIGNS = "年月日"


def chart(timeline: Timeline, width: int) -> list[str]:
    """Lines of at most `width` columns: bars, the first and last label, the highest bar's count.

    Where there are more buckets than columns, neighbours share a bar. Empty without a bucket; the
    label of a single one is said once, with its count.
    """
    if not timeline.buckets:
        return []
    counts = [count for _label, count in timeline.buckets]
    together = -(-len(counts) // max(1, width))
    bars = [sum(counts[at : at + together]) for at in range(0, len(counts), together)]
    bar = max(1, min(WIDEST, width // len(bars)))
    highest, label = max((count, label) for label, count in timeline.buckets)
    said = f"at most {highest} 篇 a {timeline.unit}: {chinese(label)}"
    if len(counts) == 1:
        return [*_rows(bars, bar), f"{highest} 篇: {chinese(label)}"]
    ends = chinese(timeline.buckets[0][0]), chinese(timeline.buckets[-1][0])
    return [*_rows(bars, bar), _apart(ends, len(bars) * bar, width), said]


def chinese(label: str) -> str:
    """`2023-12-05` as 2023年12月5日; months and years alike."""
    year, *rest = label.split("-")
    parts = (year, *(part.removeprefix("0") for part in rest))
    return "".join(part + sign for part, sign in zip(parts, _SIGNS, strict=False))


def _rows(bars: Sequence[int], bar: int) -> Iterator[str]:
    """From top to bottom; what is above 0 is seen."""
    highest = max(bars)
    levels = [-(-count * ROWS * 8 // highest) for count in bars]
    for row in reversed(range(ROWS)):
        blocks = (_EIGHTHS[max(0, min(8, level - row * 8))] for level in levels)
        gap = " " * (bar > 1)
        yield "".join(block * max(1, bar - 1) + gap for block in blocks).rstrip()


def _apart(labels: tuple[str, str], across: int, width: int) -> str:
    """The first label below the first bar, the last one ending below the last; as a span of time
    where the bars have no room for both; the first alone where there is none at all.
    """
    first, last = labels
    blanks = min(across, width) - cell_len(first) - cell_len(last)
    joined = f"{first}{' ' * blanks}{last}" if blanks > 1 else f"{first} — {last}"
    return joined if cell_len(joined) <= width else first
