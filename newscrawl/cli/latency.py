"""`newscrawl latency`: how long it takes from a page to a message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscrawl import settings
from newscrawl.alerts.latency import Latency, Stage, Summary
from newscrawl.alerts.latency import latency as summed
from newscrawl.catalogue import ledger, runs
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import UsageError
from newscrawl.query.subject import folded
from newscrawl.search import check_papers
from newscrawl.terminal import number, printing
from newscrawl.text.dates import iso

MOST_DAYS = 366
By = Literal["paper", "channel", "pair"]
_NAMES: Mapping[By, str] = {"paper": "papers", "channel": "channels", "pair": "pairs"}
_COLUMNS: Mapping[By, Mapping[str, str]] = {
    "paper": {"title": "paper"},
    "channel": {"channel": "channel"},
    "pair": {"title": "paper", "channel": "channel"},
}
STAGES: Mapping[Stage, str] = {
    "published_seen": "published → seen",
    "seen_recorded": "seen → recorded",
    "recorded_indexed": "recorded → indexed",
    "recorded_matched": "recorded → matched",
    "matched_sent": "matched → sent",
    "retried_sent": "matched → sent, retried",
    "seen_sent": "seen → sent, all",
}


def latency(
    days: Annotated[
        int,
        typer.Option(
            parser=number("--days", 1, MOST_DAYS),
            metavar="N",
            help="What was sent in so many days.",
        ),
    ] = 7,
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; repeatable.")] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="paper, channel, or pair: each paper at each channel; repeatable.",
            show_default="paper and channel",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show how many seconds articles took to be recorded, indexed, matched and sent, by paper and
    by channel: half of them no more than p50, 95 of a hundred no more than p95.

    How long a digest or a message in quiet hours was to wait is not counted.

    Papers tell the day of a publication only. Where its time is known, it is counted from there.
    """
    wanted = [_by(each) for each in dict.fromkeys(by or ("paper", "channel"))]
    since = datetime.now(UTC) - timedelta(days=days)
    with closing(Catalogue.existing(settings.home().catalogue)) as catalogue:
        report = _Report.of(catalogue, since, paper or [])
    with printing():
        if as_json:
            data = {"days": days, "since": iso(since), **report.data(wanted)}
            print(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            report.print(wanted, days)


def _by(text: str) -> By:
    for each in _NAMES:
        if each == text:
            return each
    raise UsageError(f"--by {text}: must be one of {', '.join(_NAMES)}")


@dataclass(frozen=True, slots=True)
class _Report:
    """What the ledger comes to, and what the papers are called."""

    latency: Latency
    titles: Mapping[str, str]

    @classmethod
    def of(cls, catalogue: Catalogue, since: datetime, papers: Iterable[str]) -> _Report:
        """Raises UsageError for a paper of which nothing is known."""
        check_papers(catalogue, papers)
        wanted = {folded(paper) for paper in papers}
        with catalogue.read() as view:
            titles = runs.titles(view)
            names = [
                name
                for name, title in titles.items()
                if not wanted.isdisjoint((folded(name), folded(title)))
            ]
            return cls(summed(ledger.sent_since(view, iso(since), names)), titles)

    def data(self, by: Iterable[By]) -> dict[str, Any]:
        return {
            _NAMES[each]: [called | asdict(summary) for called, summary in self._rows(each)]
            for each in by
        }

    def print(self, by: Iterable[By], days: int) -> None:
        console = Console(highlight=False)
        period = "last day" if days == 1 else f"last {days} days"
        every = list(self.latency.papers.values())
        if not every:
            console.print(f"{period}: nothing was sent", style="dim")
            return
        for each in by:
            console.print(_table(_COLUMNS[each], self._rows(each)))
        console.print(f"{period}: {_said(every)}", style="dim")
        if day_only := sum(each.day_only for each in every):
            console.print(f"published: of {day_only:,} only the day is known", style="dim")

    def _rows(self, by: By) -> list[tuple[dict[str, str], Summary]]:
        """What each is called, and how long it took."""
        if by == "channel":
            return [({"channel": kind}, each) for kind, each in self.latency.channels.items()]
        if by == "paper":
            return [(self._paper(name), each) for name, each in self.latency.papers.items()]
        return [
            (self._paper(name) | {"channel": kind}, each)
            for (name, kind), each in self.latency.pairs.items()
        ]

    def _paper(self, name: str) -> dict[str, str]:
        return {"paper": name, "title": self.titles[name]}


def _table(columns: Mapping[str, str], rows: Iterable[tuple[dict[str, str], Summary]]) -> Table:
    """`columns`: what is shown of what each is called, and the heading of it."""
    table = Table(*columns.values(), "stage")
    for heading in ("p50 s", "p95 s", "articles"):
        table.add_column(heading, justify="right")
    for called, summary in rows:
        names = [Text(called[each]) for each in columns]
        for stage, label in STAGES.items():
            if taken := summary.stages.get(stage):
                times = _seconds(taken.p50), _seconds(taken.p95), f"{taken.count:,}"
                table.add_row(*names, label, *times)
                names = [Text()] * len(names)
        table.add_section()
    return table


def _said(summaries: Iterable[Summary]) -> str:
    """`articles sent 37, in digests or after quiet hours 4, retried 2`."""
    every = list(summaries)
    counts = {
        "articles sent": sum(each.sent for each in every),
        "in digests or after quiet hours": sum(each.digests for each in every),
        "retried": sum(each.retried for each in every),
        "confirmed by the receiver": sum(each.confirmed for each in every),
    }
    return ", ".join(f"{what} {count:,}" for what, count in counts.items() if count)


def _seconds(taken: float) -> str:
    """No more than the three digits that are known."""
    size = abs(taken)
    return f"{taken:,.{2 if size < 10 else 1 if size < 100 else 0}f}"
