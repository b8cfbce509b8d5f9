"""What a benchmark came to, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Round:
    """One measurement of both, a moment apart on the same machine."""

    ours: float
    baseline: float

    @property
    def ratio(self) -> float:
        return self.ours / self.baseline


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table."""

    name: str
    ours: str
    """With its unit."""
    baseline: str
    result: str
    """The ratio of the two, or what stands for it."""
    target: str
    met: bool | None
    """None where nothing is judged."""
    notes: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A benchmark that could not be run here."""

    name: str
    reason: str


def read(data: Iterable[dict[str, Any]]) -> list[Figure | Skipped]:
    """Figures as `dataclasses.asdict` and JSON have made them."""
    return [Skipped(**each) if "reason" in each else _figure(**each) for each in data]


def _figure(*, notes: list[str], rounds: list[dict[str, float]], **others: Any) -> Figure:
    return Figure(**others, notes=tuple(notes), rounds=tuple(Round(**each) for each in rounds))


def compared(
    name: str, unit: str, rounds: list[Round], least: float | None, notes: tuple[str, ...]
) -> Figure:
    """The medians of some rounds; `least` is the ratio that is aimed at, if any."""
    ratio = median(each.ratio for each in rounds)
    every = ", ".join(f"{each.ratio:.2f}" for each in rounds)
    return Figure(
        name=name,
        ours=f"{median(each.ours for each in rounds):,.1f} {unit}",
        baseline=f"{median(each.baseline for each in rounds):,.1f} {unit}",
        result=f"{ratio:.2f} ×",
        target="" if least is None else f"≥ {least} ×",
        met=None if least is None else ratio >= least,
        notes=(f"ratio of every round: {every}", *notes),
        rounds=tuple(rounds),
    )


def table(results: list[Figure | Skipped], title: str) -> Table:
    """All that was measured, notes below each line."""
    made = Table(title=title, title_justify="left")
    for heading in ("", "newscrawl", "baseline", "result", "target"):
        made.add_column(heading, overflow="fold")
    for each in results:
        if isinstance(each, Skipped):
            made.add_row(each.name, "skipped", end_section=True)
            continue
        mark = {True: " ✓", False: " ✗", None: ""}[each.met]
        made.add_row(each.name, each.ours, each.baseline, each.result, each.target + mark)
    return made
