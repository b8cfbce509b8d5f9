"""What a home takes, as `newscrawl status` shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.cells import cell_len

from newscrawl.ops.usage import Usage, lasting

WIDTH = 9
"""Of a column of megabytes, its blank included."""


def lines(usage: Usage, titles: Mapping[str, str], width: int) -> Iterator[str]:
    """A table of the papers in `titles`, with as many days as fit into `width` columns; totals."""
    shown = [each for each in usage.papers if each.paper in titles]
    if shown:
        names = [titles[each.paper] for each in shown]
        head = "archive, MB"
        wide = max(map(cell_len, (head, *names)))
        days = max(1, min(len(usage.days), (width - wide) // WIDTH - 1))
        yield _row(head, wide, [*(day[5:] for day in usage.days[-days:]), "in all"])
        for each, name in zip(shown, names, strict=True):
            yield _row(name, wide, map(_megabytes, (*each.by_day[-days:], each.bytes)))
    yield (
        f"archive {_megabytes(usage.archive)} MB, catalogue {_megabytes(usage.catalogue)} MB, "
        f"index {_megabytes(usage.index)} MB"
    )
    yield lasting(usage.growth)


def _row(name: str, wide: int, cells: Iterator[str] | list[str]) -> str:
    """Chinese signs are two columns wide."""
    return name + " " * (wide - cell_len(name)) + "".join(cell.rjust(WIDTH) for cell in cells)


def _megabytes(count: int) -> str:
    """`-` for none at all."""
    if not count:
        return "-"
    return f"{count / 1e6:,.1f}" if count >= 1e5 else "<0.1"
